"""Values of template.yaml as they are on this machine."""

import pytest

from brightspot_local.dev.intrinsics import Intrinsics, TemplateError
from brightspot_local.dev.template import QueueSource, functions, load, queue_sources

NESTED = {
    "Parameters": {"Name": {}, "Env": {"Default": "dev"}},
    "Conditions": {"Local": {"Fn::Equals": [{"Ref": "Env"}, "local"]}},
    "Resources": {
        "Kept": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": {"Fn::Sub": "${Name}-kept"}}},
        "Unnamed": {"Type": "AWS::SQS::Queue"},
        "Elsewhere": {"Type": "AWS::SQS::Queue", "Condition": "Local"},
    },
    "Outputs": {
        "KeptArn": {"Value": {"Fn::GetAtt": "Kept.Arn"}},
        "Stack": {"Value": {"Fn::If": ["Local", "", {"Ref": "AWS::StackName"}]}},
    },
}
KINDS = ("AWS::DynamoDB::Table", "AWS::SQS::Queue")
STACK = "AWS::CloudFormation::Stack"
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
        "Group": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": {"Fn::Sub": "${Env}-tasks"}}},
        "Key": {"Type": "AWS::KMS::Key"},
        "Data": {
            "Type": STACK,
            "Properties": {"TemplateURL": "data.yaml", "Parameters": {"Name": {"Ref": "AWS::StackName"}}},
            "Template": NESTED,
        },
        "Net": {"Type": STACK, "Condition": "Remote", "Template": NESTED},
    },
}
TABLES = "arn:aws:dynamodb:us-east-1:000000000000:table/"
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
        ({"Fn::GetAtt": "Rows.Arn"}, f"{TABLES}brightspot-local-Rows"),
        ({"Fn::GetAtt": "Role.Arn"}, "arn:aws:iam::000000000000:role/brightspot-local-Role"),
        ({"Ref": "Group"}, "local-tasks"),
        ({"Fn::Sub": "${Work.Arn}/x-${Env}"}, f"{ARN}/x-local"),
        ({"Fn::Sub": ["${name}-${Env}", {"name": {"Ref": "Rows"}}]}, "brightspot-local-Rows-local"),
        ({"Fn::Join": [":", ["a", {"Ref": "Env"}]]}, "a:local"),
        ({"Fn::FindInMap": ["ByEnv", {"Ref": "Env"}, "Keep"]}, 1),
        ({"Fn::If": ["Local", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Both", "yes", "no"]}, "no"),
        ({"Fn::If": ["Any", "yes", "no"]}, "yes"),
        ({"Fn::GetAtt": "Data.Outputs.KeptArn"}, f"{TABLES}brightspot-local-kept"),
        ({"Fn::GetAtt": ["Data", "Outputs.Stack"]}, "brightspot-local-Data"),
        ({"Fn::Sub": "${Data.Outputs.KeptArn}/index/x"}, f"{TABLES}brightspot-local-kept/index/x"),
        ({"Fn::If": ["Remote", {"Fn::GetAtt": "Net.Outputs.KeptArn"}, "none"]}, "none"),
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


def test_a_stack_and_those_nested_in_it_are_walked_where_their_condition_holds(known):
    every = [(stack, name) for stack in known.stacks() for kind in KINDS for name in stack.resources(kind)]
    assert [stack.name(name) for stack, name in every] == [
        *("brightspot-local-Rows", "brightspot-local-work"),
        *("brightspot-local-kept", "brightspot-local-Data-Unnamed"),
    ]


def test_a_nested_stack_has_its_own_template_beside_the_root(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "data.yaml").write_text("Resources: {Kept: {Type: AWS::DynamoDB::Table}}")
    root = "Resources: {Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: below/data.yaml}}}"
    (tmp_path / "root.yaml").write_text(root)
    known = Intrinsics(load(tmp_path / "root.yaml"), {})
    assert [list(stack.resources("AWS::DynamoDB::Table")) for stack in known.stacks()] == [[], ["Kept"]]


def test_a_function_takes_from_globals_what_it_does_not_leave_out():
    common = {"Timeout": 29, "Environment": {"Variables": {"A": "common", "B": "common"}}}
    own = {"CodeUri": "f", "Handler": "f.f", "Environment": {"Variables": {"B": "own"}}}
    function = {"Type": "AWS::Serverless::Function", "Properties": own}
    resources = {
        "F": function,
        "G": {**function, "IgnoreGlobals": ["Timeout"]},
        "H": {**function, "IgnoreGlobals": "*"},
    }
    found = functions(Intrinsics({"Globals": {"Function": common}, "Resources": resources}, {}))
    assert [(each.timeout, each.environment) for each in found.values()] == [
        (29.0, {"A": "common", "B": "own"}),
        (3.0, {"A": "common", "B": "own"}),
        (3.0, {"B": "own"}),
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Key"},
        {"Ref": "Nobody"},
        {"Fn::GetAtt": "Rows.StreamArn"},
        {"Fn::GetAtt": "Data.Outputs.Nothing"},
        {"Fn::GetAtt": "Net.Outputs.KeptArn"},
        {"Fn::GetAtt": "Rows.Outputs.KeptArn"},
        {"Fn::Cidr": ["10.0.0.0/16", 1, 8]},
    ],
)
def test_what_has_no_value_here_is_named_with_its_place(known, value):
    with pytest.raises(TemplateError, match=r"^F\.TABLE: "):
        known.resolve(value, "F.TABLE")


def test_a_queue_that_feeds_a_function_is_found_unless_switched_off():
    def fed(**more):
        return {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": "Work.Arn"}, **more}}

    events = {"a": fed(BatchSize=3, FunctionResponseTypes=["ReportBatchItemFailures"]), "b": fed(Enabled=False)}
    events["d"] = fed(ScalingConfig={"MaximumConcurrency": 7})
    function = {"Type": "AWS::Serverless::Function", "Properties": {"Events": {**events, "c": fed()}}}
    known = Intrinsics(
        {"Resources": {**TEMPLATE["Resources"], "F": function}, "Conditions": TEMPLATE["Conditions"]}, {"Env": "local"}
    )
    assert queue_sources(known) == [
        QueueSource("brightspot-local-work", "F", 3, partial=True),
        QueueSource("brightspot-local-work", "F", 10, partial=False, most_at_once=7),
        QueueSource("brightspot-local-work", "F", 10, partial=False),
    ]


def test_every_variable_of_the_real_template_has_a_value():
    known = Intrinsics(load(), {"Env": "local"})
    assert all(isinstance(value, str) for each in functions(known).values() for value in each.environment.values())


def test_locally_the_real_template_has_tables_and_queues_and_neither_a_network_nor_a_cache():
    known = Intrinsics(load(), {"Env": "local"})
    assert "brightspot-local-analyses" in {
        each.name(name) for each in known.stacks() for name in each.resources(KINDS[0])
    }
    assert known.resources(STACK).keys() == {"Data", "Observability"}
    redis = {
        key: value for each in functions(known).values() for key, value in each.environment.items() if "REDIS" in key
    }
    assert len(redis) == 6
    assert set(redis.values()) == {""}
