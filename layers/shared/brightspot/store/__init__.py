"""The store: DynamoDB tables, S3 buckets, SQS messages, workers of queues and schedules, cursors of long lists.

Nothing here imports pynamodb or botocore before a table, bucket or queue is used.
"""

from brightspot.store.access.pattern import access_pattern
from brightspot.store.aws import StoreSettings
from brightspot.store.cursors import decode_cursor, encode_cursor
from brightspot.store.errors import (
    AwsUnavailable,
    BucketUnavailable,
    QueueUnavailable,
    SecretUnavailable,
    TableUnavailable,
)
from brightspot.store.inbox import Inbox
from brightspot.store.messages import Message, new_message
from brightspot.store.objects import Bucket
from brightspot.store.outbox import Outbox
from brightspot.store.queues import Depth, Queues
from brightspot.store.schedule import schedule_entry, schedules_entry
from brightspot.store.secrets import read_secret
from brightspot.store.tables import bind, fetch, fetch_all, insert, insert_all, reaching, remove, update
from brightspot.store.topics import Topics, TopicUnavailable
from brightspot.store.worker import sqs_entry

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
    "SecretUnavailable",
    "StoreSettings",
    "TableUnavailable",
    "TopicUnavailable",
    "Topics",
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
    "sqs_entry",
    "update",
]
