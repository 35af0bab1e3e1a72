"""The store: DynamoDB tables through pynamodb, SQS messages, workers of queues and schedules, cursors of long lists.

Nothing here imports pynamodb or botocore before a table or queue is used.
"""

from brightspot.store.aws import StoreSettings
from brightspot.store.cursors import decode_cursor, encode_cursor
from brightspot.store.errors import AwsUnavailable, QueueUnavailable, SecretUnavailable, TableUnavailable
from brightspot.store.messages import Message, new_message
from brightspot.store.outbox import Outbox
from brightspot.store.schedule import schedule_entry
from brightspot.store.secrets import read_secret
from brightspot.store.tables import bind, fetch, fetch_all, insert, insert_all, reaching, remove, update
from brightspot.store.topics import Topics, TopicUnavailable
from brightspot.store.worker import sqs_entry

__all__ = [
    "AwsUnavailable",
    "Message",
    "Outbox",
    "QueueUnavailable",
    "SecretUnavailable",
    "StoreSettings",
    "TableUnavailable",
    "TopicUnavailable",
    "Topics",
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
    "sqs_entry",
    "update",
]
