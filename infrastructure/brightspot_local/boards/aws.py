"""Metrics that AWS tells of this stack, and of which functions, queues and tables.

docs.aws.amazon.com: "Lambda metrics", "HTTP API metrics", "Available CloudWatch metrics for Amazon SQS", "DynamoDB
Metrics and dimensions".
"""

from functools import cache
from typing import Any, Final

from brightspot_local.boards.panel import AwsAsk
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

NAMESPACES: Final = {
    "AWS/ApiGateway": {"Count", "4xx", "5xx", "Latency", "IntegrationLatency"},
    "AWS/DynamoDB": {
        "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents",
    },
    "AWS/Lambda": {"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
}  # fmt: skip


def of_api(name: str, stat: str, over: str | None = None) -> AwsAsk:
    """Of the whole HTTP API."""
    return AwsAsk("AWS/ApiGateway", name, stat, "ApiId", ("${Api}",), over)


def of_functions(name: str, stat: str) -> AwsAsk:
    """Of each function."""
    return AwsAsk("AWS/Lambda", name, stat, "FunctionName", names("AWS::Serverless::Function", "FunctionName"))


def of_tables(name: str, stat: str) -> AwsAsk:
    """Of each table."""
    return AwsAsk("AWS/DynamoDB", name, stat, "TableName", names("AWS::DynamoDB::Table", "TableName"))


def of_queues(name: str, stat: str, *, dead: bool) -> AwsAsk:
    """Of each queue of work, or of `dead` letters."""
    queues = [each for each in names("AWS::SQS::Queue", "QueueName") if each.endswith("-dead-letters") == dead]
    return AwsAsk("AWS/SQS", name, stat, "QueueName", tuple(queues))


@cache
def names(kind: str, member: str) -> tuple[str, ...]:
    """How the resources of a kind are called, by the stack's name."""
    found = [_named(each["Properties"][member]) for each in _resources() if each["Type"] == kind]
    return tuple(sorted(found))


@cache
def _resources() -> tuple[dict[str, Any], ...]:
    templates = (load(), load(ROOT / "infrastructure" / "data.yaml"))
    return tuple(each for template in templates for each in template["Resources"].values())


def _named(name: dict[str, str]) -> str:
    return name["Fn::Sub"].replace("${AWS::StackName}", "${Name}")
