"""What roles of the translated template allow, spelled out as one action on one resource each."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from brightspot_local.dev.intrinsics import REGION, Intrinsics
from brightspot_local.dev.template import functions, load

KNOWN = Intrinsics(load(), {"Env": "local"}, f"https://sqs.{REGION}.amazonaws.com")
FUNCTIONS = functions(KNOWN)


class Right(NamedTuple):
    """One action on one resource."""

    action: str
    resource: str


def granted(template: Mapping[str, Any], function: str) -> set[Right]:
    """The rights that a function's own role spells out."""
    found = [each for policy in role_of(template, function).get("Policies", []) for each in statements(policy)]
    return {right for each in found for right in _rights(KNOWN.resolve(each, function))}


def role_of(template: Mapping[str, Any], function: str) -> dict[str, Any]:
    logical, attribute = template["Resources"][function]["Properties"]["Role"]["Fn::GetAtt"]
    assert attribute == "Arn"
    properties: dict[str, Any] = template["Resources"][logical]["Properties"]
    return properties


def statements(policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = policy["PolicyDocument"]["Statement"]
    return found if isinstance(found, list) else [found]


def _rights(statement: Mapping[str, Any]) -> Iterable[Right]:
    read = {"Sid", "Effect", "Action", "Resource"}
    if statement["Action"] == "iam:PassRole":  # to whom alone, says its condition
        assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
        read.add("Condition")
    assert statement.keys() <= read, f"teach this test to read {statement}"
    assert statement["Effect"] == "Allow"
    actions, resources = as_list(statement["Action"]), as_list(statement["Resource"])
    return [Right(action, resource) for action in actions for resource in resources]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def handed_on(template: Mapping[str, Any], function: str) -> set[Right]:
    """Lambda itself, with the function's role, sends what an asynchronous call failed on to where the template says."""
    destinations = [
        KNOWN.resolve(each["Properties"]["DestinationConfig"][when]["Destination"], function)
        for each in template["Resources"].values()
        if each["Type"] == "AWS::Lambda::EventInvokeConfig" and each["Properties"]["FunctionName"] == {"Ref": function}
        for when in each["Properties"].get("DestinationConfig", {})
    ]
    return {Right("sqs:SendMessage", each) for each in destinations}
