"""Jobs in DynamoDB: the queue is counted in the transactions that begin and end a job, progress is a set of parts."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.jobs.seam import Created, Ending
from brightspot.jobs.shapes import UNFINISHED, Asked, Job, JobClaim, JobState, WebhookState
from brightspot.store import StoreSettings, access_pattern, bind, fetch, insert, reaching, update

if TYPE_CHECKING:
    from brightspot.jobs.table import JobRow


class DynamoJobs:
    """The table `<prefix>-jobs`. Safe to share between threads."""

    def __init__(self, settings: StoreSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def prepare(self) -> None:
        """Load what a row takes and make the client, 300 ms; asks no server."""
        _ = self._table

    @access_pattern("jobs: claim an idempotency key")
    def claim(self, claim: JobClaim) -> JobClaim:
        from brightspot.jobs.table import claim_in, row_of_claim  # noqa: PLC0415

        row = row_of_claim(self._table, claim)
        if insert(row, or_if=self._table.expires_at < self._clock.now()):
            return claim
        held = fetch(self._table, row.id)
        return claim if held is None else claim_in(held)

    @access_pattern("jobs: take a job in")
    def create(self, job: Job, asked: Asked, most: int) -> Created:
        from brightspot.jobs.table import create  # noqa: PLC0415

        there, full = create(self._table, job, asked, most)
        return "there" if there else "full" if full else "created"

    @access_pattern("jobs: a job by its id")
    def get(self, job_id: str) -> Job | None:
        from brightspot.jobs.table import job_in  # noqa: PLC0415

        row = fetch(self._table, job_id)
        return None if row is None or row.expires_at <= self._clock.now() else job_in(row)

    @access_pattern("jobs: what a job was asked for")
    def asked(self, job_id: str) -> Asked | None:
        from brightspot.jobs.table import asked_in, details_id  # noqa: PLC0415

        row = fetch(self._table, details_id(job_id))
        return None if row is None else asked_in(row)

    @access_pattern("jobs: begin a job")
    def begin(self, job_id: str, sizes: Sequence[int], digest: str, at: float) -> bool:
        table = self._table
        text = codec.dumps(list(sizes)).decode()
        changes = [table.state.set("running"), table.sizes.set(text), table.digest.set(digest)]
        return update(table(job_id), [*changes, table.started_at.set(at)], table.state == "queued")

    @access_pattern("jobs: note that a job is handed on")
    def handed_on(self, job_id: str) -> None:
        table = self._table
        update(table(job_id), [table.is_handed_on.set(value=True)], table.state.is_in(*UNFINISHED))

    @access_pattern("jobs: note a part that is done")
    def part_done(self, job_id: str, part: int) -> bool:
        table = self._table
        return update(table(job_id), [table.done_parts.add({part})], table.state == "running")

    @access_pattern("jobs: end a job")
    def end(self, job_id: str, ending: Ending) -> bool:
        from brightspot.jobs.table import end  # noqa: PLC0415

        return end(self._table, job_id, ending)

    @access_pattern("jobs: note what became of a webhook")
    def told(self, job_id: str, state: WebhookState, reason: str | None) -> None:
        table = self._table
        why = table.webhook_reason.remove() if reason is None else table.webhook_reason.set(reason)
        update(table(job_id), [table.webhook.set(state), why], table.id.exists())

    @access_pattern("jobs: the newest of a tenant")
    def newest(self, tenant: str, state: JobState | None, most: int, before: str | None) -> list[Job]:
        from brightspot.jobs.table import job_in  # noqa: PLC0415

        table = self._table
        wanted = table.expires_at > self._clock.now()
        with reaching(table):
            rows = table.of_tenant.query(
                tenant,
                None if before is None else table.id < before,
                filter_condition=wanted if state is None else wanted & (table.state == state),
                scan_index_forward=False,
                limit=most,
            )
            return [job_in(row) for row in rows]

    @cached_property
    def _table(self) -> "type[JobRow]":
        from brightspot.jobs.table import AGGREGATE, JobRow  # noqa: PLC0415

        return bind(JobRow, AGGREGATE, self._settings)
