"""Values of template.yaml as they are on this machine."""

import pytest

from brightspot_local.dev.intrinsics import Intrinsics, TemplateError
from brightspot_local.dev.template import QueueSource, functions, load, queue_sources

TEMPLATE = {
    "Parameters": {"Env": {"Default": "dev"}, "Days": {"Default": 90}},
    "Mappings": {"ByEnv": {"local": {"Keep": 1}, "dev": {"Keep": 7}}},
    "Conditions": {
        "Local": {"Fn::Equals": [{"Ref": "Env"}, "local"]},
        "Remote": {"Fn::Not": [{"Condition": "Local"}]},
        "Both": {"Fn::And": [{"Condition": "Local"}, {"Condition": "Remote"}]},
        "Any": {"Fn::Or": [{"Condition": "Local"}, {"Condition": "Remote"}]},
    },
    "Resources": {
        "Work": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${AWS::StackName}-work"}}},
        "Far": {"Type": "AWS::SQS::Queue", "Condition": "Remote"},
        "Rows": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
        "Role": {"Type": "AWS::IAM::Role"},
    },
}
ARN = "arn:aws:sqs:us-east-1:000000000000:brightspot-local-work"


@pytest.fixture
def known():
    return Intrinsics(TEMPLATE, {"Env": "local"}, "http://127.0.0.1:4566")


@pytest.mark.parametrize(
    ("value", "means"),
    [
        ({"Ref": "Env"}, "local"),
        ({"Ref": "Days"}, "90"),
        ({"Ref": "Rows"}, "brightspot-local-Rows"),
        ({"Ref": "Work"}, "http://127.0.0.1:4566/000000000000/brightspot-local-work"),
        ({"Fn::GetAtt": "Work.Arn"}, ARN),
        ({"Fn::GetAtt": ["Work", "QueueName"]}, "brightspot-local-work"),
        ({"Fn::GetAtt": "Rows.Arn"}, "arn:aws:dynamodb:us-east-1:000000000000:table/brightspot-local-Rows"),
        ({"Fn::Sub": "${Work.Arn}/x-${Env}"}, f"{ARN}/x-local"),
        ({"Fn::Sub": ["${name}-${Env}", {"name": {"Ref": "Rows"}}]}, "brightspot-local-Rows-local"),
        ({"Fn::Join": [":", ["a", {"Ref": "Env"}]]}, "a:local"),
        ({"Fn::FindInMap": ["ByEnv", {"Ref": "Env"}, "Keep"]}, 1),
        ({"Fn::If": ["Local", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Both", "yes", "no"]}, "no"),
        ({"Fn::If": ["Any", "yes", "no"]}, "yes"),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, True]}, {"b": [True]}),
    ],
)
def test_a_function_has_its_local_value(known, value, means):
    assert known.resolve(value, "here") == means


def test_without_an_endpoint_there_are_no_queues_but_their_names_stand():
    known = Intrinsics(TEMPLATE, {})
    assert known.resolve({"Ref": "Work"}, "here") == ""
    assert known.resolve({"Fn::GetAtt": "Work.Arn"}, "here") == ARN


def test_a_resource_whose_condition_does_not_hold_is_not_there(known):
    assert known.resources("AWS::SQS::Queue").keys() == {"Work"}


@pytest.mark.parametrize(
    "value", [{"Ref": "Role"}, {"Ref": "Nobody"}, {"Fn::GetAtt": "Rows.StreamArn"}, {"Fn::Cidr": ["10.0.0.0/16", 1, 8]}]
)
def test_what_has_no_value_here_is_named_with_its_place(known, value):
    with pytest.raises(TemplateError, match=r"^F\.TABLE: "):
        known.resolve(value, "F.TABLE")


def test_a_queue_that_feeds_a_function_is_found_unless_switched_off():
    def fed(**more):
        return {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": "Work.Arn"}, **more}}

    events = {"a": fed(BatchSize=3, FunctionResponseTypes=["ReportBatchItemFailures"]), "b": fed(Enabled=False)}
    function = {"Type": "AWS::Serverless::Function", "Properties": {"Events": {**events, "c": fed()}}}
    known = Intrinsics(
        {"Resources": {**TEMPLATE["Resources"], "F": function}, "Conditions": TEMPLATE["Conditions"]}, {"Env": "local"}
    )
    assert queue_sources(known) == [
        QueueSource("brightspot-local-work", "F", 3, partial=True),
        QueueSource("brightspot-local-work", "F", 10, partial=False),
    ]


def test_every_variable_of_the_real_template_has_a_value():
    known = Intrinsics(load(), {"Env": "local"})
    assert all(isinstance(value, str) for each in functions(known).values() for value in each.environment.values())
