"""template.yaml after the SAM transform, in each environment: who calls what, where it runs and what it is told."""

import json
import subprocess
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from brightspot.core.settings import load as settings
from brightspot.operations.upkeep.registry import TASKS
from brightspot.valkey import ValkeySettings
from brightspot_local.dev.intrinsics import STACKS, Intrinsics
from brightspot_local.dev.template import functions, routes
from brightspot_local.paths import EVENTS, ROOT
from tests.bundle.conftest import samples
from tests.bundle.stacks import Stack, references
from tests.bundle.translated import ENVS, FUNCTIONS, NAME, TEMPLATE, root, translated

OUTSIDE = {"HistoryWriterFunction", "BulkMapFunction"}  # of the network: they ask no cache
LIVE = "Aliaslive"
NOTHING = {"Ref": "AWS::NoValue"}
EVERY = pytest.mark.parametrize("env", ENVS)


def environment(stack: Stack, function: str) -> dict[str, Any]:
    variables: dict[str, Any] = stack.of("AWS::Lambda::Function")[function]["Environment"]["Variables"]
    return variables


@EVERY
def test_nothing_refers_to_what_is_left_out(env: str) -> None:
    assert root(env).dangling() == set()


@pytest.mark.parametrize("env", ["local", "prod"])  # the two that differ most; `make lint` has dev
def test_cloudformation_accepts_what_the_transform_makes(env: str, tmp_path: Path) -> None:
    made = translated(Env=env)
    for each in made["Resources"].values():
        if each["Type"] == STACKS:
            each["Properties"]["TemplateURL"] = str(ROOT / each["Properties"]["TemplateURL"])
    (tmp_path / "root.json").write_text(json.dumps(made))
    # W3002: the paths of nested templates, which packaging replaces. W7001: the mapping that the transform has read.
    command = [str(ROOT / ".tools/sam/bin/cfn-lint"), "--regions", "us-east-1", "--ignore-checks", "W3002", "W7001"]
    done = subprocess.run(
        [*command, "--", str(tmp_path / "root.json")], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stdout


def test_each_nested_stack_is_given_what_it_asks_for_and_asked_for_what_it_has() -> None:
    for name, each in TEMPLATE["Resources"].items():
        if each["Type"] == STACKS:
            asked, given = each["Template"]["Parameters"], each["Properties"]["Parameters"]
            assert given.keys() <= asked.keys(), name
            assert {key for key, parameter in asked.items() if "Default" not in parameter} <= given.keys(), name
    stacks = {name: each["Template"] for name, each in TEMPLATE["Resources"].items() if each["Type"] == STACKS}
    had = {f"{name}.Outputs.{each}" for name, stack in stacks.items() for each in stack["Outputs"]}
    read = outputs([*(each["Properties"] for each in TEMPLATE["Resources"].values()), TEMPLATE["Globals"]])
    assert read
    assert read - had == set()


def outputs(value: Any) -> set[str]:
    """`Stack.Outputs.Name` of each that is read, by GetAtt or inside a Sub."""
    texts = [value] if isinstance(value, str) else []
    for each in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        texts += outputs(each)
    return {word for text in texts for word in text.replace("{", " ").replace("}", " ").split() if ".Outputs." in word}


@pytest.mark.parametrize("name", ["Data", "Observability"])
def test_what_functions_stand_on_refers_to_none_of_them(name: str) -> None:
    given = TEMPLATE["Resources"][name]["Properties"]["Parameters"]
    assert set(references(given)) <= {"AWS::StackName", *TEMPLATE["Parameters"]}


@pytest.mark.parametrize(
    ("env", "parameters", "own"),
    [
        ("prod", {}, True),
        ("dev", {"Cache": "nodes"}, True),
        ("staging", {"Cache": "none"}, False),
        ("prod", {"RedisUrl": "rediss://elsewhere:6379"}, False),
        ("local", {}, False),
        ("local", {"Cache": "nodes"}, False),
    ],
)
def test_a_stack_brings_a_network_and_a_cache_unless_it_is_local_or_has_none_or_is_told_of_one(
    env: str, parameters: dict[str, str], own: bool
) -> None:
    stack = root(env, **parameters)
    assert stack.of(STACKS).keys() - {"Boards"} == {
        "Data",
        "Observability",
        *(("Network", "SharedCache") if own else ()),
    }
    inside = {
        name for name, each in stack.of("AWS::Lambda::Function").items() if each.get("VpcConfig", NOTHING) != NOTHING
    }
    assert inside == (set(FUNCTIONS) - OUTSIDE if own else set())


@pytest.mark.parametrize(
    ("env", "wanted", "there"),
    [("prod", "true", True), ("dev", "true", True), ("prod", "false", False), ("local", "true", False)],
)
def test_a_stack_brings_dashboards_unless_it_is_local_or_wants_none(env: str, wanted: str, there: bool) -> None:
    assert ("Boards" in root(env, Dashboards=wanted).of(STACKS)) is there


@pytest.mark.parametrize(("env", "asked"), [("prod", "off"), ("prod", "on"), ("local", "on")])
def test_a_stack_brings_the_state_machine_of_mass_runs_where_it_is_asked_for(env: str, asked: str) -> None:
    stack = root(env, Bulk=asked)
    assert ("BulkRuns" in stack.of(STACKS)) is ((env, asked) == ("prod", "on"))
    assert stack.dangling() == set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_told_of_the_stacks_own_cache_or_of_the_one_that_is_given_or_of_none(name: str) -> None:
    known = {field.metadata["variable"] for field in ValkeySettings.__dataclass_fields__.values()}
    own, given, none = (
        {key: value for key, value in environment(stack, name).items() if key in known}
        for stack in (root(), root(RedisUrl="rediss://u:p@elsewhere:6380"), root(Cache="none"))
    )
    assert len(own) == 6
    resolved = {"REDIS_URL": "rediss://u:p@elsewhere:6380"} if name not in OUTSIDE else {}
    assert settings(ValkeySettings, {**given, **resolved}).url == resolved.get("REDIS_URL", "")
    assert {key for key, value in given.items() if value} == set(resolved)
    assert not settings(ValkeySettings, {**none, "REDIS_URL": ""}).configured
    if name in OUTSIDE:
        assert set(own.values()) == {""}
        return
    told = {"REDIS_HOST": "Host", "REDIS_PORT": "Port", "REDIS_USERNAME": "Username"}
    assert {key: own[key] for key in told} == {
        key: {"Fn::GetAtt": ["SharedCache", f"Outputs.{output}"]} for key, output in told.items()
    }
    assert own["REDIS_TLS"] == "true"
    arn = "${SharedCache.Outputs.PasswordSecretArn}"
    assert own["REDIS_PASSWORD"] == {"Fn::Sub": f"{{{{resolve:secretsmanager:{arn}:SecretString:password}}}}"}


def test_over_ipv6_functions_use_it_and_reach_sqs_by_its_dual_stack_name() -> None:
    for egress, dual, url in (
        ("none", False, ""),
        ("ipv6", True, {"Fn::Sub": "https://sqs.${AWS::Region}.api.aws"}),
    ):
        analyze = root(Egress=egress).of("AWS::Lambda::Function")["AnalyzeFunction"]
        assert analyze["VpcConfig"]["Ipv6AllowedForDualStack"] is dual
        assert analyze["Environment"]["Variables"]["AWS_ENDPOINT_URL_SQS"] == url


@pytest.mark.parametrize("name", FUNCTIONS)
def test_everybody_calls_the_alias(name: str) -> None:
    stack = root(Bulk="on")
    alias = stack.of("AWS::Lambda::Alias")[f"{name}{LIVE}"]
    assert (alias["Name"], alias["FunctionName"]) == ("live", {"Ref": name})
    calling = ("AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping", "AWS::Scheduler::Schedule")
    callers = {
        key: each for kind in calling for key, each in stack.of(kind).items() if name in key or LIVE in str(each)
    }
    called = [each.get("FunctionName") or each["Target"]["Arn"] for each in callers.values()]
    called += [each["Parameters"]["FunctionArn"] for each in stack.of(STACKS).values() if LIVE in str(each)]
    assert {"Ref": f"{name}{LIVE}"} in called
    assert {"Ref": name} not in called
    uris = [uri for uri in integrations(stack).values() if f"${{{name}" in uri]
    assert all(f"/${{{name}{LIVE}}}/invocations" in uri for uri in uris)


def integrations(stack: Stack) -> dict[str, str]:
    """The function that each route of the API calls, as the text of a Sub."""
    paths = stack.of("AWS::ApiGatewayV2::Api")["Api"]["Body"]["paths"]
    return {
        f"{method.upper()} {path}": each["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
        for path, methods in paths.items()
        for method, each in methods.items()
    }


def test_the_api_may_call_each_route_by_its_own_function_alone() -> None:
    stack = root()
    asked = {event["routeKey"]: event["rawPath"] for event in samples().values() if "routeKey" in event}
    assert asked.keys() == integrations(stack).keys() == {route.key for route in routes(TEMPLATE)}
    for route in routes(TEMPLATE):
        sent = f"arn:aws:execute-api:us-east-1:000000000000:API/$default/{route.method}{asked[route.key]}"
        allowed = {
            each["FunctionName"]["Ref"]
            for each in stack.of("AWS::Lambda::Permission").values()
            if fnmatchcase(sent, source(stack, each["SourceArn"]))
        }
        if "{path+}" not in route.path:
            allowed -= {f"UnroutedFunction{LIVE}"}  # it serves what others do not; the route table, not IAM, says which
        assert allowed == {f"{route.function}{LIVE}"}, route.key


def source(stack: Stack, arn: Any) -> str:
    """The ARN that a permission names: SAM writes [text, its names], we write the text alone."""
    text = arn["Fn::Sub"][0] if isinstance(arn["Fn::Sub"], list) else arn["Fn::Sub"]
    for variable, value in (("Api", "API"), ("__ApiId__", "API"), ("__Stage__", "*")):
        text = text.replace(f"${{{variable}}}", value)
    named: str = stack.value({"Fn::Sub": text})
    return named


def test_the_api_has_an_outer_wall_and_writes_down_its_requests_without_their_addresses() -> None:
    (stage,) = root().of("AWS::ApiGatewayV2::Stage").values()
    limits = stage["DefaultRouteSettings"]
    assert limits == {
        "ThrottlingRateLimit": {"Ref": "RequestsPerSecond"},
        "ThrottlingBurstLimit": {"Ref": "RequestBurst"},
    }
    written = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"request_id", "client", "route", "status"} <= written.keys()
    assert all(value.startswith("$context.") for value in written.values())
    assert not {"$context.path", "$context.integration.requestPath"} & set(written.values())


SCHEDULES = {
    "alert-watch": ("AlertWatch", "rate(1 minute)", 60),
    "health-probe": ("HealthProbe", "rate(1 minute)", 60),
    **{name.replace("_", "-"): ("Maintenance", each.cron, 3600) for name, each in TASKS.items()},
}


@pytest.mark.parametrize("called", SCHEDULES)
def test_a_schedule_names_its_task_and_keeps_what_it_cannot_start(called: str) -> None:
    stack = root()
    name, expression, seconds = SCHEDULES[called]
    schedules = {stack.value(each["Name"]): each for each in stack.of("AWS::Scheduler::Schedule").values()}
    assert schedules.keys() == {f"{NAME}-{each}" for each in SCHEDULES}
    schedule = schedules[f"{NAME}-{called}"]
    target = schedule["Target"]
    sample = json.loads((EVENTS / f"{called.replace('-', '_')}.json").read_text())
    assert json.loads(target["Input"])["task"] == sample["task"]
    assert (schedule["ScheduleExpression"], target["RetryPolicy"]["MaximumEventAgeInSeconds"]) == (expression, seconds)
    assert target["Arn"] == {"Ref": f"{name}Function{LIVE}"}
    letters = {"Fn::GetAtt": [f"{name}DeadLetters", "Arn"]}
    invoked = stack.of("AWS::Lambda::EventInvokeConfig")[f"{name}FunctionEventInvokeConfig"]
    assert target["DeadLetterConfig"]["Arn"] == invoked["DestinationConfig"]["OnFailure"]["Destination"] == letters


def test_schedules_may_start_their_functions_and_keep_what_they_cannot_start() -> None:
    role = root().of("AWS::IAM::Role")["ScheduleRole"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"]["StringEquals"].keys() == {"aws:SourceAccount", "aws:SourceArn"}
    (policy,) = role["Policies"]
    allowed = {each["Action"]: each["Resource"] for each in policy["PolicyDocument"]["Statement"]}
    started = dict.fromkeys(name for name, *_ in SCHEDULES.values())
    assert allowed == {
        "lambda:InvokeFunction": [{"Ref": f"{each}Function{LIVE}"} for each in started],
        "sqs:SendMessage": [{"Fn::GetAtt": [f"{each}DeadLetters", "Arn"]} for each in started],
    }


@pytest.mark.parametrize(("asked", "applied"), [("false", "None"), ("true", "PublishedVersions")])
def test_every_function_starts_from_a_snapshot_where_that_is_asked_for(asked: str, applied: str) -> None:
    each = root(SnapStart=asked).of("AWS::Lambda::Function")
    assert {function["SnapStart"]["ApplyOn"] for function in each.values()} == {applied}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_handler_is_in_its_folder(name: str) -> None:
    properties = TEMPLATE["Resources"][name]["Properties"]
    module, _, handler = properties["Handler"].partition(".")
    source = ROOT / properties["CodeUri"] / f"{module}.py"
    assert f"{handler} = " in source.read_text() or f"def {handler}(" in source.read_text()


def test_every_folder_of_functions_is_in_the_template() -> None:
    folders = {each for each in (ROOT / "functions").iterdir() if any(each.glob("*_handler.py"))}
    assert folders == {each.folder for each in functions(Intrinsics(TEMPLATE, {"Env": "local"})).values()}
