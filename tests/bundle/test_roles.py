"""Whose the roles are: one to a function, with what Lambda itself needs there, one to a schedule."""

from typing import Any, NamedTuple

import pytest

from tests.bundle.rights import FUNCTIONS, as_list, role_of, statements
from tests.bundle.translated import translated


class Managed(NamedTuple):
    """A managed policy of AWS that SAM adds, whose calls are not the handler's: which, why, and where it is needed."""

    name: str
    reason: str
    where: str


MANAGED = [
    Managed("service-role/AWSLambdaBasicExecutionRole", "Lambda writes the log with the function's role", "Handler"),
    Managed("AWSXrayWriteOnlyAccess", "Lambda's daemon sends traces with it", "TracingConfig"),
    Managed("service-role/AWSLambdaVPCAccessExecutionRole", "Lambda makes network interfaces with it", "VpcConfig"),
    Managed("service-role/AWSLambdaSQSQueueExecutionRole", "Lambda's poller empties the queue with it", "a queue"),
]


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return translated(Env="prod")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_the_managed_policies_that_lambda_needs_for_it(function: str, template: Any) -> None:
    needs = {"Handler", *template["Resources"][function]["Properties"]}
    if any(
        each["Properties"]["FunctionName"] in ({"Ref": f"{function}Aliaslive"}, {"Ref": function})
        for each in template["Resources"].values()
        if each["Type"] == "AWS::Lambda::EventSourceMapping"
    ):
        needs.add("a queue")
    wanted = {f"arn:aws:iam::aws:policy/{each.name}" for each in MANAGED if each.where in needs}
    assert set(role_of(template, function).get("ManagedPolicyArns", [])) == wanted


def test_no_two_functions_share_a_role(template: Any) -> None:
    roles = [str(template["Resources"][each]["Properties"]["Role"]) for each in FUNCTIONS]
    assert len(set(roles)) == len(roles)


def test_a_schedules_role_starts_what_it_starts_and_keeps_what_it_could_not(template: Any) -> None:
    by_role: dict[str, list[Any]] = {}
    for each in template["Resources"].values():
        if each["Type"] == "AWS::Scheduler::Schedule":
            by_role.setdefault(each["Properties"]["Target"]["RoleArn"]["Fn::GetAtt"][0], []).append(each["Properties"])
    assert by_role
    for role, schedules in by_role.items():
        wanted = [("lambda:InvokeFunction", each["Target"]["Arn"]) for each in schedules]
        wanted += [("sqs:SendMessage", each["Target"]["DeadLetterConfig"]["Arn"]) for each in schedules]
        policies = template["Resources"][role]["Properties"]["Policies"]
        given = [
            (action, resource)
            for policy in policies
            for each in statements(policy)
            for action in as_list(each["Action"])
            for resource in as_list(each["Resource"])
        ]
        assert sorted(map(str, given)) == sorted(set(map(str, wanted)))  # one function may have several schedules


def test_every_role_is_a_functions_a_schedules_or_codedeploys(template: Any) -> None:
    resources = template["Resources"]
    used_by = [each["Properties"].get("Role") for each in resources.values()]
    used_by += [each["Properties"].get("Target", {}).get("RoleArn") for each in resources.values()]
    used_by += [each["Properties"].get("ServiceRoleArn") for each in resources.values()]
    # Schedules that are made at run time have theirs from the function that makes them.
    used_by += [
        each["Properties"].get("Environment", {}).get("Variables", {}).get("SCHEDULE_ROLE_ARN")
        for each in resources.values()
    ]
    known = {each["Fn::GetAtt"][0] for each in used_by if isinstance(each, dict)}
    assert {name for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"} == known
