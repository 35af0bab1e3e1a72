"""What a policy can allow too much."""

from typing import Any

from tests.bundle.breakages.change import Breakage, Change, put

GREET = "GreetFunction/Policies/0/Statement/0"
UNDECLARED = 'name what it needs, or declare it: Metadata: {Brightspot: {Wildcards: {"dynamodb:*": why}}}'
READY_MADE = "a policy ready-made: write its statements out"
OF_A_KEY = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}


def declared(wildcards: dict[str, str]) -> Change:
    def change(template: dict[str, Any]) -> None:
        template["Resources"]["ScheduleRole"]["Metadata"]["Brightspot"]["Wildcards"] = wildcards

    return change


def with_a_key(template: dict[str, Any]) -> None:
    template["Resources"]["Key"] = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [OF_A_KEY]}}}


def inverted(template: dict[str, Any]) -> None:
    statement = template["Resources"]["GreetFunction"]["Properties"]["Policies"][0]["Statement"][0]
    statement["NotAction"] = statement.pop("Action")


BREAKAGES = [
    Breakage(
        "E9009",
        "all of a service",
        put(f"{GREET}/Action", "dynamodb:*"),
        f'GreetFunction allows Action "dynamodb:*": {UNDECLARED}',
    ),
    Breakage(
        "E9009",
        "one of many verbs",
        put(f"{GREET}/Action", ["dynamodb:GetItem", "dynamodb:Batch*"]),
        '"dynamodb:Batch*"',
    ),
    Breakage("E9009", "every verb", put(f"{GREET}/Action", "*"), 'GreetFunction allows Action "*": name what it needs'),
    Breakage(
        "E9009", "all tables", put(f"{GREET}/Resource", "*"), 'GreetFunction allows Resource "*": name what it needs'
    ),
    Breakage(
        "E9009",
        "all items of something",
        put(f"{GREET}/Resource", {"Fn::Sub": "${Data.Outputs.GuestsTableArn}/index/*"}),
        'GreetFunction allows Resource "${Data.Outputs.GuestsTableArn}/index/*"',
    ),
    Breakage("E9009", "all but one verb", inverted, "GreetFunction allows by NotAction, all but what it names"),
    Breakage(
        "E9009",
        "a managed policy",
        put("SweepFunction/Policies", "AWSLambdaExecute"),
        f"takes AWSLambdaExecute, {READY_MADE}",
    ),
    Breakage(
        "E9009",
        "a policy of SAM's",
        put("SweepFunction/Policies", [{"SQSPollerPolicy": {"QueueName": "x"}}]),
        f"takes SQSPollerPolicy, {READY_MADE}",
    ),
    Breakage("E9009", "all of a key", with_a_key, 'Key allows Action "kms:*"'),
    Breakage(
        "E9009",
        "a star not declared",
        declared({}),
        'ScheduleRole allows Resource "*": name what it needs, or declare it',
    ),
    Breakage("E9009", "a star without reason", declared({"*": " "}), 'ScheduleRole allows Resource "*"'),
    Breakage(
        "E9009",
        "a star declared in vain",
        declared({"*": "needed", "sqs:*": "not any more"}),
        'ScheduleRole declares "sqs:*", which no policy of it holds: remove it',
    ),
]
