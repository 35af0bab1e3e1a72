"""template.yaml: what every function of it owes."""

from typing import Any

import pytest

from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

TEMPLATE = load()
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
FUNCTIONS = {name: each for name, each in RESOURCES.items() if each["Type"] == "AWS::Serverless::Function"}
COMMON = TEMPLATE["Globals"]["Function"]
GATEWAY_SECONDS = 29


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_writes_to_a_log_group_that_forgets(name: str) -> None:
    group = RESOURCES[FUNCTIONS[name]["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]]
    assert group["Type"] == "AWS::Logs::LogGroup"
    assert "RetentionInDays" in group["Properties"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_and_its_routes_end_before_the_gateway_gives_up(name: str) -> None:
    properties = {**COMMON, **FUNCTIONS[name]["Properties"]}
    assert properties["Timeout"] <= GATEWAY_SECONDS
    for event in properties["Events"].values():
        if event["Type"] == "HttpApi":
            assert event["Properties"]["TimeoutInMillis"] == properties["Timeout"] * 1000


@pytest.mark.parametrize("name", [name for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"])
def test_a_queue_hides_a_message_for_six_times_its_workers_timeout_and_then_gives_it_to_the_dead(name: str) -> None:
    queue = RESOURCES[name]["Properties"]
    workers = [
        {**COMMON, **each["Properties"]}
        for each in FUNCTIONS.values()
        for event in each["Properties"]["Events"].values()
        if event["Properties"].get("Queue") == {"Fn::GetAtt": f"{name}.Arn"}
    ]
    for worker in workers:
        assert queue["VisibilityTimeout"] >= 6 * worker["Timeout"]
        assert queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"].removesuffix(".Arn") in RESOURCES
    assert bool(workers) == ("RedrivePolicy" in queue)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_worker_reports_which_messages_failed_and_has_a_bound(name: str) -> None:
    for event in FUNCTIONS[name]["Properties"]["Events"].values():
        if event["Type"] == "SQS":
            assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
            assert event["Properties"]["ScalingConfig"]["MaximumConcurrency"] >= 2


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_handler_is_in_its_folder(name: str) -> None:
    properties = FUNCTIONS[name]["Properties"]
    module, _, handler = properties["Handler"].partition(".")
    source = ROOT / properties["CodeUri"] / f"{module}.py"
    assert f"{handler} = " in source.read_text() or f"def {handler}(" in source.read_text()


def test_every_folder_of_functions_is_in_the_template() -> None:
    folders = {each.name for each in (ROOT / "functions").iterdir() if any(each.glob("*_handler.py"))}
    assert {f"functions/{name}" for name in folders} == {each["Properties"]["CodeUri"] for each in FUNCTIONS.values()}
