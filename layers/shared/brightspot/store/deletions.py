"""Deletes many rows, a batch at a time; what a table does not take is asked again."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from brightspot.resilience.deadline import Deadline
from brightspot.resilience.retry import Retry
from brightspot.store.errors import TableUnavailable
from brightspot.store.tables import fetch_all, reaching, remove

if TYPE_CHECKING:
    from pynamodb.attributes import TTLAttribute
    from pynamodb.models import Model

MOST_DELETED: Final = 25  # of one BatchWriteItem
# What passes by itself: docs.aws.amazon.com, DynamoDB, "Error handling".
_PASSING: Final = {
    None,  # no answer: what had been deleted by then is deleted again, which changes nothing
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
}


class _Unprocessed(Exception):
    """The table took a part of a batch only."""


def delete(table: "type[Model]", keys: Sequence[str], deadline: Deadline, retry: Retry) -> None:
    """Delete the rows with these hash keys, at most 25; a key without a row is no failure.

    What the table leaves unprocessed, or refuses because it is busy, is sent again as `retry` says. Raises
    TableUnavailable when that does not help before the deadline; some of the rows may be gone then.
    """
    left = list(keys)

    def send() -> None:
        left[:] = _unprocessed(table, left)
        if left:
            raise _Unprocessed(f"{len(left)} of {len(keys)} rows")

    try:
        retry.call(send, deadline=deadline, idempotent=True, again=_again)
    except _Unprocessed as error:
        raise TableUnavailable(f"{table.Meta.table_name}: did not delete {error}") from error


def delete_expired(
    table: "type[Model]", expires_at: "TTLAttribute", keys: Sequence[str], now: datetime, *, dry_run: bool
) -> int:
    """Delete those of at most a hundred rows that are expired; how many were deleted, or in a dry run would be.

    One that is written anew meanwhile stays. Of two that do this at once only one counts a row. Raises
    TableUnavailable.
    """
    over = [row for row in fetch_all(table, keys) if getattr(row, str(expires_at.attr_name)) <= now]
    return len(over) if dry_run else sum(remove(row, expires_at <= now) for row in over)


def _again(error: Exception) -> float | None:
    if isinstance(error, TableUnavailable):
        return 0.0 if error.code in _PASSING else None
    return 0.0 if isinstance(error, _Unprocessed) else None


def _unprocessed(table: "type[Model]", keys: Sequence[str]) -> list[str]:
    name = str(table._hash_keyname)  # noqa: SLF001  # pynamodb tells its key nowhere else
    with reaching(table):
        answer = table._get_connection().batch_write_item(delete_items=[{name: key} for key in keys])  # noqa: SLF001
    left = answer.get("UnprocessedItems", {}).get(table.Meta.table_name, [])
    return [each["DeleteRequest"]["Key"][name]["S"] for each in left]
