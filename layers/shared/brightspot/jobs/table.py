"""The table of jobs: key `id`, and the index `by-tenant` that lists a tenant's jobs by their ids, which sort by time.

Rows are jobs (`<id>`), what each was asked for (`<id>#asked`: large, and read by workers only), idempotency keys
(`key#<hash>`) and `queue`, which counts the jobs that are unfinished. Loads pynamodb: imported when the table is first
used.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

import msgspec
from backports import zstd
from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    NumberAttribute,
    NumberSetAttribute,
    TTLAttribute,
    UnicodeAttribute,
)
from pynamodb.exceptions import TransactWriteError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from brightspot.core import codec
from brightspot.jobs.seam import Ending
from brightspot.jobs.shapes import UNFINISHED, Asked, Job, JobClaim, JobError, KeptFile
from brightspot.store import reaching

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

AGGREGATE: Final = "jobs"
QUEUE: Final = "queue"
_UNMET: Final = "ConditionalCheckFailed"
_CONFLICT: Final = "TransactionConflict"
_TRIES: Final = 8  # of a transaction that met another one: each job that is sent or ends changes the row of the queue

_asked = msgspec.json.Decoder(Asked)
_sizes = msgspec.json.Decoder(list[int])
_errors = msgspec.json.Decoder(JobError)
_files = msgspec.json.Decoder(list[KeptFile])


class OfTenant(GlobalSecondaryIndex[Any]):
    """A tenant's jobs by time."""

    class Meta:
        """All of a job, which is small."""

        index_name = "by-tenant"
        projection = AllProjection()

    tenant = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class JobRow(Model):
    """A job, what it was asked for, an idempotency key, or the count of the queue."""

    of_tenant = OfTenant()
    id = UnicodeAttribute(hash_key=True)
    expires_at = TTLAttribute(null=True)
    tenant = UnicodeAttribute(null=True)
    job_type = UnicodeAttribute(null=True)
    priority = UnicodeAttribute(null=True)
    state = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)
    started_at = NumberAttribute(null=True)
    finished_at = NumberAttribute(null=True)
    sizes = UnicodeAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    done_parts = NumberSetAttribute(null=True)
    is_handed_on = BooleanAttribute(null=True)
    error = UnicodeAttribute(null=True)
    files = UnicodeAttribute(null=True)
    webhook = UnicodeAttribute(null=True)
    webhook_reason = UnicodeAttribute(null=True)
    asked = BinaryAttribute(legacy_encoding=False, null=True)
    job = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    unfinished = NumberAttribute(null=True)


def create(table: type[JobRow], job: Job, asked: Asked, most: int) -> tuple[bool, bool]:
    """Write a job, what it was asked for, and one more in the queue, all or none.

    Whether the job was there already, and whether `most` are unfinished: it is written where neither is so.
    """
    count = table.unfinished
    row, body = row_of(table, job), zstd.compress(codec.dumps(asked))
    details = table(id=details_id(job.id), asked=body, expires_at=row.expires_at)

    def write(together: TransactWrite) -> None:
        together.save(row, condition=table.id.does_not_exist())
        together.save(details)
        together.update(
            table(QUEUE),
            actions=[count.set((count | 0) + 1)],
            condition=count.does_not_exist() | (count < most),
        )

    there, _, full = _together(table, write, 3)
    return there, full


def end(table: type[JobRow], job_id: str, ending: Ending) -> bool:
    """Finish an unfinished job and have one less in the queue, both or neither; whether it was unfinished."""
    actions: list[Action] = [table.state.set(ending.state), table.finished_at.set(ending.at)]
    if ending.error is not None:
        actions.append(table.error.set(codec.dumps(ending.error).decode()))
    if ending.files:
        actions.append(table.files.set(codec.dumps(list(ending.files)).decode()))

    def write(together: TransactWrite) -> None:
        together.update(table(job_id), actions=actions, condition=table.state.is_in(*UNFINISHED))
        together.update(table(QUEUE), actions=[table.unfinished.set(table.unfinished - 1)])

    finished, _ = _together(table, write, 2)
    return not finished


def row_of(table: type[JobRow], job: Job) -> JobRow:
    """A new job as a row of the bound table."""
    return table(
        id=job.id,
        tenant=job.tenant,
        job_type=job.job_type,
        priority=job.priority,
        state=job.state,
        created_at=job.created_at,
        expires_at=_time(job.expires_at),
        webhook=job.webhook,
    )


def job_in(row: JobRow) -> Job:
    """The job that a row is."""
    told = {name: getattr(row, name) for name in ("id", "tenant", "job_type", "priority", "state", "digest", "webhook")}
    return Job(
        **told,
        created_at=float(row.created_at or 0),
        expires_at=int(row.expires_at.timestamp()),
        started_at=None if row.started_at is None else float(row.started_at),
        finished_at=None if row.finished_at is None else float(row.finished_at),
        sizes=_sizes.decode(row.sizes or "[]"),
        done_parts=frozenset(int(each) for each in row.done_parts or ()),
        is_handed_on=bool(row.is_handed_on),
        error=None if row.error is None else _errors.decode(row.error),
        files=_files.decode(row.files or "[]"),
        webhook_reason=row.webhook_reason,
    )


def asked_in(row: JobRow) -> Asked:
    """What a job was asked for."""
    return _asked.decode(zstd.decompress(row.asked or b""))


def row_of_claim(table: type[JobRow], claim: JobClaim) -> JobRow:
    """An idempotency key as a row of the bound table."""
    expires = _time(claim.expires_at)
    return table(id=f"key#{claim.key}", job=claim.job, fingerprint=claim.fingerprint, expires_at=expires)


def claim_in(row: JobRow) -> JobClaim:
    """The claim that a row holds."""
    expires = int(row.expires_at.timestamp())
    return JobClaim(row.id.removeprefix("key#"), str(row.job), str(row.fingerprint), expires)


def details_id(job_id: str) -> str:
    """The id of the row that says what a job was asked for."""
    return f"{job_id}#asked"


def _together(table: type[JobRow], write: Callable[[TransactWrite], None], count: int) -> Sequence[bool]:
    """Which of the conditions of a transaction did not hold: none where it was done. Raises TableUnavailable."""
    token, connection = token_hex(16), table._get_connection().connection  # noqa: SLF001  # pynamodb tells it nowhere else
    with reaching(table):
        for left in reversed(range(_TRIES)):
            try:
                with TransactWrite(client_request_token=token, connection=connection) as together:
                    write(together)
            except TransactWriteError as error:
                codes = [None if each is None else each.code for each in error.cancellation_reasons]
                if _UNMET in codes:
                    return [code == _UNMET for code in codes]
                if _CONFLICT not in codes or not left:
                    raise
            else:
                break
    return [False] * count


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
