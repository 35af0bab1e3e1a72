"""infrastructure/bulk.yaml: its state machine is sound, within AWS's limits, and may do what it does and no more."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from brightspot_local.paths import ROOT
from tests.bundle.asl import faults
from tests.bundle.stacks import Stack, nested
from tests.bundle.translated import TEMPLATE as ROOT_TEMPLATE

TEMPLATE = nested("bulk")
MACHINE = TEMPLATE["Resources"]["StateMachine"]["Properties"]
DEFINITION = MACHINE["Definition"]
# docs.aws.amazon.com, Step Functions, "Service quotas" and "ItemBatcher".
MOST_STATE_BYTES = 262_144
EXPRESS_SECONDS = 300
CFN_LINT = [str(ROOT / ".tools/sam/bin/cfn-lint"), "--regions", "us-east-1"]
REFERENCE = {"Name": "brightspot-prod", "Tracing": "xray", "FunctionArn": "F", "Bucket": "B", "AlarmTopicArn": "T"}


def made(**parameters: str) -> Stack:
    return Stack(TEMPLATE, **{**REFERENCE, **parameters})


def machines(definition: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A machine and those inside its map states."""
    yield path, definition
    for name, state in definition["States"].items():
        if state["Type"] == "Map":
            yield from machines(state["ItemProcessor"], f"{path}/{name}")


def tasks() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, machine in machines(DEFINITION):
        yield from ((f"{path}/{name}", each) for name, each in machine["States"].items() if each["Type"] == "Task")


def test_each_state_is_reached_and_ends_or_goes_on_to_one_that_there_is() -> None:
    assert list(faults(DEFINITION)) == []


def test_each_substitution_is_used_and_each_used_one_is_given() -> None:
    text = json.dumps(DEFINITION)
    used = {word.partition("}")[0] for word in text.split("${")[1:]}
    assert used == set(MACHINE["DefinitionSubstitutions"])


def test_the_map_is_distributed_over_express_executions_and_tells_of_them_in_the_bucket() -> None:
    state = DEFINITION["States"]["Score"]
    assert state["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    assert state["ItemReader"]["ReaderConfig"] == {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
    assert state["ItemReader"]["Parameters"]["Bucket"] == state["ResultWriter"]["Parameters"]["Bucket"] == "${Bucket}"
    assert MACHINE["StateMachineType"] == "STANDARD"


def test_a_batch_with_all_that_a_run_says_stays_within_what_a_state_may_be_given() -> None:
    run = {"id": "x" * 80, "started_at": "2026-11-28T12:00:00.000Z", "question": dict.fromkeys(range(12), "x" * 100)}
    batch = DEFINITION["States"]["Score"]["ItemBatcher"]["MaxInputBytesPerBatch"]
    assert batch + len(json.dumps(run)) < MOST_STATE_BYTES


def test_what_a_batch_waits_and_works_stays_within_an_express_execution() -> None:
    (state,) = (each for path, each in tasks() if path.endswith("/ScoreBatch"))
    waits, timeouts = 0.0, 1
    for retry in state["Retry"]:
        delays = [retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(retry["MaxAttempts"])]
        waits += sum(min(each, retry.get("MaxDelaySeconds", each)) for each in delays)
        timeouts += retry["MaxAttempts"] if "States.Timeout" in retry["ErrorEquals"] else 0
    assert waits + timeouts * state["TimeoutSeconds"] < EXPRESS_SECONDS


def test_every_task_calls_the_function_waits_longer_than_it_works_and_tries_again_with_jitter() -> None:
    function = ROOT_TEMPLATE["Resources"]["BulkMapFunction"]["Properties"]
    found = dict(tasks())
    assert len(found) == 3
    for path, state in found.items():
        assert state["Resource"] == "arn:aws:states:::lambda:invoke", path
        assert state["Parameters"]["FunctionName"] == "${Function}", path
        assert state["TimeoutSeconds"] > function["Timeout"], path
        assert {each["JitterStrategy"] for each in state["Retry"]} == {"FULL"}, path
        again = {error for each in state["Retry"] for error in each["ErrorEquals"]}
        assert {"Lambda.TooManyRequestsException", "BucketUnavailable", "States.Timeout"} <= again, path
        assert not again & {"States.ALL", "RunRefused", "RequestRefused"}, path


def test_no_address_is_logged() -> None:
    logging = MACHINE["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)


@pytest.mark.parametrize(("tracing", "traced"), [("off", False), ("xray", True), ("otel", False)])
def test_spans_go_to_xray_where_the_stack_traces_there(tracing: str, traced: bool) -> None:
    machine = made(Tracing=tracing).of("AWS::StepFunctions::StateMachine")["StateMachine"]
    assert machine["TracingConfiguration"]["Enabled"] is traced


def test_the_role_may_call_the_function_go_on_with_its_own_executions_and_touch_two_folders() -> None:
    stack = made()
    role = stack.of("AWS::IAM::Role")["Role"]
    (policy,) = role["Policies"]
    allowed: dict[str, set[str]] = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        actions = statement["Action"]
        resource = stack.value(statement["Resource"])
        allowed.setdefault(resource.replace("arn:aws:", ""), set()).update(
            [actions] if isinstance(actions, str) else actions
        )
    assert {resource: each for resource, each in allowed.items() if resource != "*"} == {
        "F": {"lambda:InvokeFunction"},
        "states:us-east-1:000000000000:stateMachine:brightspot-prod-bulk": {"states:StartExecution"},
        "states:us-east-1:000000000000:execution:brightspot-prod-bulk:*": {
            "states:DescribeExecution",
            "states:StopExecution",
        },
        "states:us-east-1:000000000000:execution:brightspot-prod-bulk/*": {"states:RedriveExecution"},
        "s3:::B/in/*": {"s3:GetObject"},
        "s3:::B/out/*": {"s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"},
    }
    assert {each.partition(":")[0] for each in allowed["*"]} == {"logs", "xray"}
    assert stack.value(MACHINE["StateMachineName"]) == "brightspot-prod-bulk"


def test_alarms_go_off_when_runs_fail_are_stopped_run_out_of_time_or_are_held_back() -> None:
    alarms = made().of("AWS::CloudWatch::Alarm").values()
    metrics = {each["MetricName"] for each in alarms if "MetricName" in each}
    metrics |= {
        metric["MetricStat"]["Metric"]["MetricName"]
        for each in alarms
        for metric in each.get("Metrics", [])
        if "MetricStat" in metric
    }
    assert metrics == {"ExecutionsFailed", "ExecutionsAborted", "ExecutionsTimedOut", "ExecutionThrottled"}
    assert all(each["AlarmActions"] == [{"Ref": "AlarmTopicArn"}] for each in alarms)


def _inner(definition: Any) -> Any:
    return definition["States"]["Score"]["ItemProcessor"]["States"]["ScoreBatch"]


# What is broken, by whom it is caught: cfn-lint looks at shapes, our own rules at sense.
BREAKAGES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "no first state": (lambda it: it.pop("StartAt"), "both"),
    "a state without a type": (lambda it: _inner(it).pop("Type"), "both"),
    "a type that there is not": (lambda it: it["States"]["Begin"].update(Type="Job"), "both"),
    "a service that there is not": (lambda it: _inner(it).update(Resource="lambda"), "cfn-lint"),
    "a mode that there is not": (
        lambda it: it["States"]["Score"]["ItemProcessor"]["ProcessorConfig"].update(Mode="WIDE"),
        "ours",
    ),
    "a state that leads nowhere": (lambda it: it["States"]["Begin"].update(Next="Nowhere"), "ours"),
    "a state that nothing leads to": (lambda it: it["States"]["Begin"].update(Next="Finish"), "ours"),
    "a state without an end": (lambda it: _inner(it).pop("End"), "both"),
    "a field that is misspelt": (lambda it: it["States"]["Score"].update(MaxConcurencyPath="$.x"), "both"),
    "a part that is misspelt": (lambda it: it["States"]["Score"]["ItemBatcher"].update(MaxItems=1), "ours"),
    "a retry that is misspelt": (lambda it: _inner(it)["Retry"][0].update(MaxAttempt=3), "ours"),
    "a jitter that there is not": (lambda it: _inner(it)["Retry"][0].update(JitterStrategy="SOME"), "ours"),
}


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What cfn-lint says of the template as it is and with each breakage, in one run."""
    folder = tmp_path_factory.mktemp("bulk")
    for name, change in {"as it is": lambda _: None, **{name: each for name, (each, _) in BREAKAGES.items()}}.items():
        template = deepcopy(TEMPLATE)
        change(template["Resources"]["StateMachine"]["Properties"]["Definition"])
        (folder / f"{name.replace(' ', '-')}.json").write_text(json.dumps(template))
    files = sorted(each.name for each in folder.iterdir())
    done = subprocess.run(
        [*CFN_LINT, "--format", "parseable", "--", *files], capture_output=True, text=True, cwd=folder, check=False
    )
    assert done.stderr == ""
    return done.stdout


def test_the_definition_as_it_is_passes_cfn_lint(linted: str) -> None:
    assert "as-it-is.json" not in linted


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_broken_definition_is_caught(name: str, linted: str) -> None:
    definition = deepcopy(DEFINITION)
    change, by = BREAKAGES[name]
    change(definition)
    lines = [line for line in linted.splitlines() if line.startswith(f"{name.replace(' ', '-')}.json")]
    caught = {"cfn-lint": any("E3601" in line for line in lines), "ours": list(faults(definition)) != []}
    assert {each for each, yes in caught.items() if yes} == ({"cfn-lint", "ours"} if by == "both" else {by}), lines
