"""What the local AWS holds: what a deleted stack left behind shows there, and what it kept on purpose is removed."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from brightspot_local.deploy.stack import Resource

Client = Callable[[str], Any]


def held(client: Client) -> set[str]:
    """Everything that a stack of ours may have made, as `kind name`."""
    return {f"{kind} {name}" for kind, names in _kinds(client) for name in names}


def _kinds(client: Client) -> Iterator[tuple[str, Iterable[str]]]:
    functions = client("lambda")
    yield "function", _each(functions.list_functions()["Functions"], "FunctionName")
    yield "layer", _each(functions.list_layers()["Layers"], "LayerName")
    yield "event source", _each(functions.list_event_source_mappings()["EventSourceMappings"], "UUID")
    yield "table", client("dynamodb").list_tables()["TableNames"]
    yield "queue", client("sqs").list_queues().get("QueueUrls", [])
    yield "log group", _each(client("logs").describe_log_groups()["logGroups"], "logGroupName")
    yield "schedule", _each(client("scheduler").list_schedules()["Schedules"], "Name")
    groups = _each(client("scheduler").list_schedule_groups()["ScheduleGroups"], "Name")
    yield "schedule group", (each for each in groups if each != "default")  # which every account has
    yield "role", _each(client("iam").list_roles()["Roles"], "RoleName")
    yield "API", _each(client("apigatewayv2").get_apis()["Items"], "ApiId")
    yield "alarm", _each(client("cloudwatch").describe_alarms()["MetricAlarms"], "AlarmName")
    yield "dashboard", _each(client("cloudwatch").list_dashboards()["DashboardEntries"], "DashboardName")
    yield "topic", _each(client("sns").list_topics()["Topics"], "TopicArn")
    yield "secret", _each(client("secretsmanager").list_secrets()["SecretList"], "Name")
    yield "key", _keys(client("kms"))
    yield "stack", _stacks(client("cloudformation"))


def _each(found: Iterable[dict[str, Any]], name: str) -> list[str]:
    return [str(each[name]) for each in found]


def _keys(kms: Any) -> list[str]:
    """Keys that live; a deleted one waits for its end for days."""
    known = [kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"] for each in kms.list_keys()["Keys"]]
    return [each["KeyId"] for each in known if each["KeyState"] != "PendingDeletion"]


def _stacks(cloudformation: Any) -> list[str]:
    found = cloudformation.list_stacks()["StackSummaries"]
    return [each["StackName"] for each in found if each["StackStatus"] != "DELETE_COMPLETE"]


def remove(kept: Iterable[Resource], client: Client) -> list[str]:
    """Remove what a deletion policy kept, as its owner would; what was removed, as `kind name`.

    Versions of a function went with it. What is of another type stays, and so shows up in `held`.
    """
    removed = []
    for each in kept:
        if each.kind == "AWS::DynamoDB::Table":
            client("dynamodb").delete_table(TableName=each.physical)
            removed.append(f"table {each.physical}")
        elif each.kind == "AWS::Lambda::LayerVersion":
            _, _, _, _, _, _, layer, version = each.physical.split(":")
            client("lambda").delete_layer_version(LayerName=layer, VersionNumber=int(version))
            removed.append(f"layer {layer} version {version}")
    return removed
