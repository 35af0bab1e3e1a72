"""What template.yaml and its nested stacks keep things in, made in the local AWS where it is missing."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from brightspot_local.dev.intrinsics import BUCKET, QUEUE, SCHEDULE_GROUP, TABLE, Intrinsics
from brightspot_local.services.aws import client
from brightspot_local.services.process import ServiceUnavailable

# What the API takes as CloudFormation writes it. Protection, backups and encryption have no meaning here.
_TABLE_MEMBERS = (
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
)
_QUEUE_MEMBERS = (
    "VisibilityTimeout",
    "MessageRetentionPeriod",
    "DelaySeconds",
    "MaximumMessageSize",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
)
_FIFO_MEMBERS = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")


def create(known: Intrinsics, endpoint: str) -> list[str]:
    """Make what is missing and bring queues up to date; what was made, as `table NAME`, `queue NAME` and so on.

    Raises ServiceUnavailable when a kept table has other keys or indexes than the template, or AWS refuses.
    """
    try:
        dynamodb, sqs, stacks = client("dynamodb", endpoint), client("sqs", endpoint), list(known.stacks())
        s3, scheduler = client("s3", endpoint), client("scheduler", endpoint)
        tables = [made for each in stacks for made in _create_tables(each, dynamodb)]
        queues = [made for each in stacks for made in _create_queues(each, sqs)]
        buckets = [made for each in stacks for made in _create_buckets(each, s3)]
        return [*tables, *queues, *buckets, *(made for each in stacks for made in _create_groups(each, scheduler))]
    except (ClientError, BotoCoreError) as error:
        raise ServiceUnavailable(f"MiniStack refused what template.yaml asks for: {error}") from error


def _create_tables(known: Intrinsics, dynamodb: Any) -> list[str]:
    made = []
    for logical, each in known.resources(TABLE).items():
        name, wanted = known.name(logical), known.resolve(each["Properties"], logical)
        try:
            kept = dynamodb.describe_table(TableName=name)["Table"]
        except dynamodb.exceptions.ResourceNotFoundException:
            dynamodb.create_table(TableName=name, **{key: wanted[key] for key in _TABLE_MEMBERS if key in wanted})
            made.append(f"table {name}")
        else:
            if _keys(kept) != _keys(wanted):
                raise ServiceUnavailable(
                    f"table {name} has other keys than template.yaml now; delete the ministack folder to begin anew"
                )
        _expire(dynamodb, name, wanted.get("TimeToLiveSpecification"))
    return made


def _keys(table: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """The keys of a table and of each of its indexes."""
    every = {"": table["KeySchema"]}
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        every |= {index["IndexName"]: index["KeySchema"] for index in table.get(kind) or []}
    return {name: sorted((key["KeyType"], key["AttributeName"]) for key in schema) for name, schema in every.items()}


def _expire(dynamodb: Any, table: str, wanted: Mapping[str, Any] | None) -> None:
    if wanted is None or not wanted.get("Enabled"):
        return
    kept = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if kept.get("AttributeName") != wanted["AttributeName"]:  # DynamoDB refuses what is so already
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=dict(wanted))


def _create_queues(known: Intrinsics, sqs: Any) -> list[str]:
    """All of them first, then their attributes: those name other queues, which must be there."""
    made, attributes = [], {}
    for logical, each in known.resources(QUEUE).items():
        name, wanted = known.name(logical), known.resolve(each.get("Properties", {}), logical)
        try:
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        except sqs.exceptions.QueueDoesNotExist:
            fixed = {key: _text(wanted[key]) for key in _FIFO_MEMBERS if key in wanted}
            url = sqs.create_queue(QueueName=name, Attributes=fixed)["QueueUrl"]
            made.append(f"queue {name}")
        attributes[url] = {key: _text(wanted[key]) for key in _QUEUE_MEMBERS if key in wanted}
    for url, each in attributes.items():
        sqs.set_queue_attributes(QueueUrl=url, Attributes=each)
    return made


def _create_buckets(known: Intrinsics, s3: Any) -> list[str]:
    """Nothing in them expires here, and versions are not kept."""
    there, made = {each["Name"] for each in s3.list_buckets()["Buckets"]}, []
    for logical in known.resources(BUCKET):
        name = known.name(logical)
        if name not in there:
            s3.create_bucket(Bucket=name)
            made.append(f"bucket {name}")
    return made


def _create_groups(known: Intrinsics, scheduler: Any) -> list[str]:
    made = []
    for logical in known.resources(SCHEDULE_GROUP):
        name = known.name(logical)
        try:
            scheduler.create_schedule_group(Name=name)
            made.append(f"group of schedules {name}")
        except scheduler.exceptions.ConflictException:
            continue  # it is there, with its schedules
    return made


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)  # numbers, booleans and policies alike
