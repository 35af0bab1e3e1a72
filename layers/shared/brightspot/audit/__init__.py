"""The audit log: what administrators did, in a chain of hashes that only grows, with signed checkpoints.

Nothing here imports pynamodb, botocore or cryptography before an entry is written or read, or a checkpoint signed.
"""

from brightspot.audit.checkpoint import Checkpoint
from brightspot.audit.entry import Entry, Event
from brightspot.audit.paging import (
    DEFAULT_LISTED,
    MOST_LISTED,
    AuditPage,
    AuditQuery,
    LastCheckpoint,
    last_checkpoint,
    overdue,
    page,
)
from brightspot.audit.trail import ADMIN, Actor, Trail, shared_trail

__all__ = [
    "ADMIN",
    "DEFAULT_LISTED",
    "MOST_LISTED",
    "Actor",
    "AuditPage",
    "AuditQuery",
    "Checkpoint",
    "Entry",
    "Event",
    "LastCheckpoint",
    "Trail",
    "last_checkpoint",
    "overdue",
    "page",
    "shared_trail",
]
