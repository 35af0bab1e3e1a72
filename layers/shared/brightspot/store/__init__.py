"""The store: DynamoDB tables, S3 buckets, SQS messages, what queues, schedules and state machines call, cursors.

Nothing here imports pynamodb or botocore before a table, bucket or queue is used.
"""

from brightspot.store.access.pattern import access_pattern
from brightspot.store.aws import StoreSettings
from brightspot.store.cursors import decode_cursor, encode_cursor
from brightspot.store.errors import (
    AwsUnavailable,
    BucketUnavailable,
    QueueUnavailable,
    ScheduleUnavailable,
    SecretUnavailable,
    TableUnavailable,
)
from brightspot.store.inbox import Inbox, Received
from brightspot.store.messages import Message, new_message
from brightspot.store.objects import Bucket
from brightspot.store.outbox import Outbox
from brightspot.store.queues import Depth, Queues
from brightspot.store.schedule import schedule_entry, schedules_entry
from brightspot.store.secrets import read_secret
from brightspot.store.steps import step_entry
from brightspot.store.tables import bind, fetch, fetch_all, insert, insert_all, reaching, remove, update
from brightspot.store.topics import Topics, TopicUnavailable
from brightspot.store.worker import sqs_entry
from brightspot.store.workers import Seen, Workers, shared_workers

__all__ = [
    "AwsUnavailable",
    "Bucket",
    "BucketUnavailable",
    "Depth",
    "Inbox",
    "Message",
    "Outbox",
    "QueueUnavailable",
    "Queues",
    "Received",
    "ScheduleUnavailable",
    "SecretUnavailable",
    "Seen",
    "StoreSettings",
    "TableUnavailable",
    "TopicUnavailable",
    "Topics",
    "Workers",
    "access_pattern",
    "bind",
    "decode_cursor",
    "encode_cursor",
    "fetch",
    "fetch_all",
    "insert",
    "insert_all",
    "new_message",
    "reaching",
    "read_secret",
    "remove",
    "schedule_entry",
    "schedules_entry",
    "shared_workers",
    "sqs_entry",
    "step_entry",
    "update",
]
