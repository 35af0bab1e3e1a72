"""infrastructure/observability.yaml and data.yaml: what is kept, and what wakes somebody."""

from typing import Any

import pytest

from brightspot.telemetry.declared import NAMESPACE
from brightspot.telemetry.metric import STACK
from brightspot_local.dev.template import load
from tests.bundle.alarms import breaches
from tests.bundle.stacks import Stack, nested, references

NAME = "brightspot-prod"
TEMPLATE = nested("observability")
ENVS = tuple(TEMPLATE["Parameters"]["Env"]["AllowedValues"])
ALARM = "AWS::CloudWatch::Alarm"
ANALYSIS = "analysis"


def observability(env: str = "prod", **parameters: str) -> Stack:
    return Stack(TEMPLATE, **{"Name": NAME, "Env": env, **parameters})


def alarms(stack: Stack) -> dict[str, Any]:
    """By name, without what the name of the stack begins it with."""
    return {stack.value(each["AlarmName"]).removeprefix(f"{NAME}-"): each for each in stack.of(ALARM).values()}


def told(stack: Stack, metric: Any) -> tuple[str, str, dict[str, str]]:
    """Namespace, name and dimensions of a metric that an alarm watches."""
    dimensions = {each["Name"]: stack.value(each["Value"]) for each in metric["Dimensions"]}
    return metric["Namespace"], metric["MetricName"], dimensions


@pytest.mark.parametrize("env", ENVS)
@pytest.mark.parametrize("email", ["", "on.call@example.com"])
def test_nothing_refers_to_what_is_left_out(env: str, email: str) -> None:
    stack = observability(env, AlarmEmail=email)
    assert stack.dangling() == set()
    assert len(stack.of("AWS::SNS::Subscription")) == bool(email)


# L15: what the guide wants to be told of, and when.
@pytest.mark.parametrize(
    ("name", "metric", "quiet", "loud", "missing"),
    [
        ("not-healthy", "Healthy", 1, 0, "breaching"),
        ("cache-degraded", "CacheDegraded", 0, 1, "notBreaching"),
        ("breaker-open", "BreakerOpenSeconds", 300, 301, "notBreaching"),
        ("database-errors", "DatabaseErrors", 0, 1, "notBreaching"),
        ("cache-tampered", "CacheTampered", 0, 1, "notBreaching"),
    ],
)
def test_an_alarm_of_the_guide_goes_off_when_it_should(
    name: str, metric: str, quiet: float, loud: float, missing: str
) -> None:
    stack = observability()
    alarm = alarms(stack)[name]
    assert told(stack, alarm) == (NAMESPACE, metric, {STACK: NAME})
    assert not breaches(alarm, quiet)
    assert breaches(alarm, loud)
    assert alarm["TreatMissingData"] == missing
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 180
    worst = {"LessThanThreshold": ("Minimum",), "GreaterThanThreshold": ("Maximum", "Sum")}
    assert alarm["Statistic"] in worst[alarm["ComparisonOperator"]]


@pytest.mark.parametrize(
    ("hits", "misses", "goes_off"),
    [(49, 51, True), (50, 50, False), (0, 20, True), (0, 19, False), (9, 10, False), (9, 11, True), (900, 100, False)],
)
def test_the_hit_rate_is_judged_from_twenty_questions_on(hits: int, misses: int, goes_off: bool) -> None:
    alarm = alarms(observability())["cache-hit-rate"]
    assert breaches(alarm, (hits, misses)) is goes_off


def test_the_hit_rate_is_that_of_analyses_and_left_out_where_emulators_cannot_reckon() -> None:
    stack = observability()
    alarm = alarms(stack)["cache-hit-rate"]
    watched = {each["Id"]: each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each}
    assert {key: told(stack, each["Metric"]) for key, each in watched.items()} == {
        "hits": (NAMESPACE, "CacheHits", {STACK: NAME, "Cache": ANALYSIS}),
        "misses": (NAMESPACE, "CacheMisses", {STACK: NAME, "Cache": ANALYSIS}),
    }
    assert {each["Stat"] for each in watched.values()} == {"Sum"}
    assert alarms(observability("local")).keys() == alarms(stack).keys() - {"cache-hit-rate"}


@pytest.mark.parametrize("env", ENVS)
def test_every_alarm_tells_the_topic(env: str) -> None:
    stack = observability(env)
    assert stack.of(ALARM)
    for name, each in stack.of(ALARM).items():
        assert each["AlarmActions"] == each["OKActions"] == [{"Ref": "AlarmTopic"}], name
    for name, each in load()["Resources"].items():
        if each["Type"] == ALARM:
            assert each["Properties"]["AlarmActions"] == [{"Fn::GetAtt": "Observability.Outputs.AlarmTopic"}], name


def test_alarms_may_publish_to_the_encrypted_topic_and_others_may_not() -> None:
    stack = observability()
    assert stack.of("AWS::SNS::Topic")["AlarmTopic"]["KmsMasterKeyId"] == {"Ref": "AlarmKey"}
    key = stack.of("AWS::KMS::Key")["AlarmKey"]
    assert key["EnableKeyRotation"] is True
    _, use = key["KeyPolicy"]["Statement"]
    (policy,) = stack.of("AWS::SNS::TopicPolicy").values()
    publish, clear = policy["PolicyDocument"]["Statement"]
    assert (use["Action"], publish["Action"]) == (["kms:Decrypt", "kms:GenerateDataKey*"], "sns:Publish")
    for statement in (use, publish):
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert (clear["Effect"], clear["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


@pytest.mark.parametrize(("env", "days"), [("local", 1), ("dev", 7), ("staging", 30), ("prod", 90)])
def test_every_log_group_forgets_and_goes_with_its_stack(env: str, days: int) -> None:
    stack = observability(env)
    groups = {name: each for name, each in stack.resources.items() if each["Type"] == "AWS::Logs::LogGroup"}
    assert len(groups) == len(stack.outputs) - 1
    for name, each in groups.items():
        assert stack.value(each["Properties"]["RetentionInDays"]) == days, name
        assert each["DeletionPolicy"] == each["UpdateReplacePolicy"] == "Delete", name


def test_the_stack_names_functions_and_queues_and_refers_to_none() -> None:
    outside = {each for each in references(TEMPLATE["Resources"]) if not each.startswith("AWS::")}
    assert outside <= {"Name", "Env", "AlarmEmail", *TEMPLATE["Resources"]}


@pytest.mark.parametrize(
    ("env", "protected"), [("local", "false"), ("dev", "false"), ("staging", "true"), ("prod", "true")]
)
def test_a_table_can_be_restored_and_is_protected_where_it_matters(env: str, protected: str) -> None:
    stack = Stack(nested("data"), Name=NAME, Env=env)
    tables = {name: each for name, each in stack.resources.items() if each["Type"] == "AWS::DynamoDB::Table"}
    assert tables
    for name, each in tables.items():
        properties = stack.value(each["Properties"])
        assert properties["DeletionProtectionEnabled"] == protected, name
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert (each["DeletionPolicy"], each["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
        assert properties["TableName"].startswith(f"{NAME}-")
