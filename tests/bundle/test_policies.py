"""Each role's rights are the calls that are made with it, no fewer and no more."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from brightspot.core.clock import SystemClock
from brightspot.operations.upkeep.registry import TASKS
from brightspot.security import TokenSettings
from brightspot.tasks.firing import Firing, firing_text
from brightspot_local.dev.intrinsics import ACCOUNT, REGION
from brightspot_local.keys import LocalKeys, local_keys
from tests.bundle.conftest import function_of, samples
from tests.bundle.rights import FUNCTIONS, Right, granted, handed_on, role_of, statements
from tests.bundle.translated import translated

SAMPLES = samples()
LATER = SAMPLES["tasks_cancel"]["pathParameters"]["id"]  # a task that is due in years

# What can go wrong around a function: nothing, its tables, its queues, both.
FAILING = {
    "well": [],
    "no tables": ["dynamodb"],
    "no queues": ["sqs"],
    "no buckets": ["s3"],
    "no tables, no queues": ["dynamodb", "sqs"],
}

# A worker that finds its work in tables comes to no analysis when all of them are away.
NO_HISTORY = {"TaskWorkerFunction": {"no history": ["brightspot-local-analyses"]}}


def _at(sample: str, path: str) -> Mapping[str, Any]:
    """What a sample event has otherwise when it asks for another path."""
    context = SAMPLES[sample]["requestContext"]
    return {"rawPath": path, "requestContext": {**context, "http": {**context["http"], "path": path}}}


RECORDED = {**SAMPLES["bulk_map"]["BatchInput"]["question"], "record": True}


def _due_task() -> dict[str, Any]:
    """The message of a schedule that is due."""
    firing = Firing(schedule="nightly", cron="0 2 * * *", time_zone="UTC", task="noop", due="2026-11-28T02:00:00Z")
    return {**_task_of("normal", "due"), "body": firing_text(firing)}


def _task_of(priority: str, task: str) -> dict[str, Any]:
    """A message of another queue about another task (calls_made.py has the one that failed)."""
    (record,) = SAMPLES["task_worker"]["Records"]
    body = json.dumps({"schema_version": 1, "key": task, "body": {"id": task, "name": "noop"}})
    arn = record["eventSourceARN"].replace("normal", priority)
    return {**record, "messageId": task, "body": body, "eventSourceARN": arn}


def _asking(**body: Any) -> Mapping[str, Any]:
    """What a sample event has otherwise when it sends another body."""
    return {"body": json.dumps(body)}


# Of calls_made.py: a file that is uploaded, and a job that is done.
UPLOAD, FINISHED_JOB = "01M7WEYZ4S3T9Q4R7Y2K5H8N0C", "01M7WEYZ4S3T9Q4R7Y2K5H8N0D"
# Requests of a function that take other ways than its sample events do.
OTHER_WAYS: dict[str, list[Mapping[str, Any]]] = {
    "tasks": [{"rawQueryString": "name=noop", "queryStringParameters": {"name": "noop"}}],
    "tasks_submit": [{"body": '{"name": "noop", "delay_seconds": 86400, "depends_on": ["noop"]}'}],
    "dashboard": [_at("dashboard", "/api/v1/dashboards/tasks")],
    "bulk_map": [{"BatchInput": {**SAMPLES["bulk_map"]["BatchInput"], "question": RECORDED}}],
    "history": [{"rawQueryString": "limit=10", "queryStringParameters": {"limit": "10"}}],
    "job_submit": [
        _asking(job_type="bulk_analyze", parameters={"upload": UPLOAD}),
        _asking(job_type="generate_report", parameters={}, priority="low"),
    ],
    "job_result": [_at("job_result", f"/api/v2/batch/jobs/{FINISHED_JOB}/result")],
    "maintenance_task_run": [
        {**_at("maintenance_task_run", f"/api/v1/maintenance/tasks/{name}/run"), "body": "{}"} for name in TASKS
    ],
    "task_worker": [
        {
            "Records": [
                _task_of("high", "FAILED"),
                _task_of("low", "GONE"),
                _task_of("normal", LATER),
                _due_task(),
            ]
        },
        *({"Records": [_task_of("normal", each)]} for each in ("STEPfile", "STEPpart", "STEPdone", "STEPreport")),
    ],
}
# Sample events that ask for something by its id, which is not there in an empty table.
OF_NOTHING = {
    "alert_acknowledge",
    "alert_silence_end",
    "batch_status",
    "cached_values",
    "job_cancel",
    "job_result",
    "job_status",
    "report",
    "report_json",
    "report_csv",
    "reports_read",
    "security_block_lift",
    "unrouted",
    "unrouted_post",
}
# Sample events that an API key is not for: they end or change what the next one needs.
OF_ACCOUNTS = {"auth_key_create", "auth_key_end", "auth_password", "auth_session_end"}
# Where the operation and the right to call it have different names.
RIGHT_OF = {
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return translated(Env="prod")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """By function and case: what its handler returned, and which calls it made."""
    keys = local_keys(tmp_path_factory.mktemp("keys"), SystemClock(), TokenSettings())
    asked = {
        name: {
            "folder": str(each.folder),
            "handler": each.handler,
            "environment": {
                **each.environment,
                "JWT_PUBLIC_KEYS": keys.jwks_file.read_text(),
                "JWT_PRIVATE_KEYS_FILE": str(keys.private_file),
                "REDIS_HOST": "",
            },
            "cases": _cases(name, keys, has_bucket=any(variable.endswith("_BUCKET") for variable in each.environment)),
        }
        for name, each in FUNCTIONS.items()
    }
    aws = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": REGION}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("calls_made.py"))],
        input=json.dumps(asked),
        env={"PATH": os.defpath, "MOTO_ACCOUNT_ID": ACCOUNT, **aws},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stderr.splitlines()[-1])


def _cases(name: str, keys: LocalKeys, *, has_bucket: bool) -> dict[str, Any]:
    events = {sample: SAMPLES[sample] for sample, function in function_of().items() if function == name}
    ways = {
        f"{sample} in way {number}": {**event, **way}
        for sample, event in events.items()
        for number, way in enumerate(OTHER_WAYS.get(sample, ()), 2)
    }
    as_admin = {
        f"{sample}, {state}": {"event": _as_admin(event, keys), "failing": failing}
        for sample, event in (events | ways).items()
        for state, failing in (FAILING | NO_HISTORY.get(name, {})).items()
        if has_bucket or "s3" not in failing
    }
    by_key = {
        f"{sample}, by key, well": {"event": _by_key(event), "failing": []}
        for sample, event in events.items()
        if "headers" in event and sample not in OF_ACCOUNTS
    }
    return as_admin | by_key


def _by_key(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same request by the API key of the sample events, which every function looks up for itself."""
    key = SAMPLES["auth_token"]["headers"]["x-api-key"]
    return {**event, "headers": {**event["headers"], "x-api-key": key}}


def _as_admin(event: Mapping[str, Any], keys: LocalKeys) -> Mapping[str, Any]:
    if "headers" not in event:
        return event
    return {**event, "headers": {**event["headers"], "authorization": f"Bearer {keys.admin_token}"}}


def used(told: Any) -> set[Right]:
    calls = [call for case in told.values() for call in case["calls"]]
    return {Right(RIGHT_OF.get(f"{service}:{name}", f"{service}:{name}"), arn) for service, name, arn in calls}


def differences(template: Mapping[str, Any], function: str, told: Any) -> dict[str, set[Right]]:
    rights, calls = granted(template, function), used(told) | handed_on(template, function)
    return {"missing": calls - rights, "superfluous": rights - calls}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_what_its_handler_does_and_nothing_else(function: str, template: Any, told: Any) -> None:
    assert differences(template, function, told[function]) == {"missing": set(), "superfluous": set()}


def test_every_sample_event_is_for_a_function_and_every_function_has_one() -> None:
    assert function_of().keys() == SAMPLES.keys()
    assert set(function_of().values()) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_while_all_is_well_every_event_is_handled(function: str, told: Any) -> None:
    """Else calls would be missing from what is compared."""
    for name, case in told[function].items():
        if name.endswith(", well"):
            assert "raised" not in case, f"{name}: {case}"
            answer = case["returned"] or {}
            wanted = {404} if name.split(",")[0] in OF_NOTHING else {200, 201, 202}
            assert answer.get("statusCode", 200) in wanted, f"{name}: {answer}"
            assert answer.get("batchItemFailures", []) == [], f"{name}: {answer}"


def test_a_failure_leads_to_calls_of_its_own(told: Any) -> None:
    """Else failing would not fail, or not be handled."""
    calls = {name: {operation for _, operation, _ in case["calls"]} for name, case in told["AnalyzeFunction"].items()}
    assert calls["analyze, well"] == {"PutItem"}
    assert calls["analyze, no tables"] == {"PutItem", "SendMessage"}


@pytest.fixture
def altered(template: Any) -> Any:
    """`altered("AnalyzeFunction", edit)`: the template with that function's first statement edited."""

    def alter(function: str, **changes: Any) -> Any:
        changed = deepcopy(template)
        statement = statements(role_of(changed, function)["Policies"][0])[0]
        statement |= changes
        return changed

    return alter


def test_a_right_that_is_missing_is_told(altered: Any, told: Any) -> None:
    changed = altered("AnalyzeFunction", Action="dynamodb:UpdateItem")
    table = "arn:aws:dynamodb:us-east-1:000000000000:table/brightspot-local-analyses"
    assert differences(changed, "AnalyzeFunction", told["AnalyzeFunction"]) == {
        "missing": {Right("dynamodb:PutItem", table)},
        "superfluous": {Right("dynamodb:UpdateItem", table)},
    }


@pytest.mark.parametrize(
    ("changes", "superfluous"),
    [
        ({"Action": ["dynamodb:PutItem", "dynamodb:DeleteItem"]}, "dynamodb:DeleteItem"),
        ({"Action": ["dynamodb:PutItem", "dynamodb:*"]}, "dynamodb:*"),
        (
            {"Resource": ["arn:aws:dynamodb:us-east-1:000000000000:table/brightspot-local-analyses", "*"]},
            "dynamodb:PutItem",
        ),
    ],
)
def test_a_right_that_no_call_needs_is_told(
    changes: Mapping[str, Any], superfluous: str, altered: Any, told: Any
) -> None:
    found = differences(altered("AnalyzeFunction", **changes), "AnalyzeFunction", told["AnalyzeFunction"])
    assert found["missing"] == set()
    assert [right.action for right in found["superfluous"]] == [superfluous]
