"""Where jobs are remembered: the seam, and its in-memory form for a process that has no table."""

import threading
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from brightspot.core.clock import Clock
from brightspot.jobs.shapes import Asked, Job, JobClaim, JobError, JobState, KeptFile, WebhookState

Created = Literal["created", "there", "full"]
_KEPT: Final = 100


class Ending(NamedTuple):
    """How a job ends: `files` when it is done, `error` when it failed."""

    state: JobState
    at: float
    error: JobError | None = None
    files: Sequence[KeptFile] = ()


class Jobs(Protocol):
    """Remembers jobs until they expire, and counts those that are unfinished. Every method raises TableUnavailable.

    Everything may be done twice, by two at once, late and in any order.
    """

    def claim(self, claim: JobClaim) -> JobClaim:
        """The claim that holds for this key: this one, unless an earlier one has not expired."""
        ...

    def create(self, job: Job, asked: Asked, most: int) -> Created:
        """Remember a job, unless one with its id is there or `most` are unfinished."""
        ...

    def get(self, job_id: str) -> Job | None:
        """A job as of now; None when it is not there or has expired."""
        ...

    def asked(self, job_id: str) -> Asked | None:
        """What it was asked for."""
        ...

    def begin(self, job_id: str, sizes: Sequence[int], digest: str, at: float) -> bool:
        """Have a queued job run; False when it is not queued."""
        ...

    def handed_on(self, job_id: str) -> None:
        """Note that all parts of a job are known to the workers."""
        ...

    def part_done(self, job_id: str, part: int) -> bool:
        """Note that a part of a running job is done, once or more often; False when the job does not run."""
        ...

    def end(self, job_id: str, ending: Ending) -> bool:
        """Finish an unfinished job, and count one less of these; False when it is finished."""
        ...

    def told(self, job_id: str, state: WebhookState, reason: str | None) -> None:
        """Note what has become of its webhook."""
        ...

    def newest(self, tenant: str, state: JobState | None, most: int, before: str | None) -> list[Job]:
        """A tenant's jobs whose ids are below `before`, the newest first."""
        ...


class MemoryJobs:
    """The latest jobs of this process. Safe to share between threads."""

    def __init__(self, clock: Clock, keep: int = _KEPT) -> None:
        self._clock = clock
        self._keep = keep
        self._jobs: dict[str, Job] = {}
        self._asked: dict[str, Asked] = {}
        self._claims: dict[str, JobClaim] = {}
        self._lock = threading.RLock()

    def claim(self, claim: JobClaim) -> JobClaim:
        with self._lock:
            held = self._claims.get(claim.key)
            if held is None or held.expires_at <= self._clock.now().timestamp():
                held = self._claims[claim.key] = claim
            return held

    def create(self, job: Job, asked: Asked, most: int) -> Created:
        with self._lock:
            if job.id in self._jobs:
                return "there"
            if sum(not each.is_finished for each in self._jobs.values()) >= most:
                return "full"
            self._jobs[job.id], self._asked[job.id] = job, asked
            self._forget()
            return "created"

    def get(self, job_id: str) -> Job | None:
        with self._lock:
            job = self._jobs.get(job_id)
            return None if job is None or job.expires_at <= self._clock.now().timestamp() else job

    def asked(self, job_id: str) -> Asked | None:
        return self._asked.get(job_id)

    def begin(self, job_id: str, sizes: Sequence[int], digest: str, at: float) -> bool:
        return self._changed(job_id, ("queued",), state="running", sizes=list(sizes), digest=digest, started_at=at)

    def handed_on(self, job_id: str) -> None:
        self._changed(job_id, ("running",), is_handed_on=True)

    def part_done(self, job_id: str, part: int) -> bool:
        with self._lock:
            job = self._jobs.get(job_id)
            return job is not None and self._changed(job_id, ("running",), done_parts=job.done_parts | {part})

    def end(self, job_id: str, ending: Ending) -> bool:
        told = {"error": ending.error, "files": list(ending.files), "finished_at": ending.at}
        return self._changed(job_id, ("queued", "running"), state=ending.state, **told)

    def told(self, job_id: str, state: WebhookState, reason: str | None) -> None:
        self._changed(job_id, None, webhook=state, webhook_reason=reason)

    def newest(self, tenant: str, state: JobState | None, most: int, before: str | None) -> list[Job]:
        with self._lock:
            ids = sorted((each for each in self._jobs if before is None or each < before), reverse=True)
            found = [each for each in map(self.get, ids) if each is not None and each.tenant == tenant]
        return [each for each in found if state in {None, each.state}][:most]

    def _changed(self, job_id: str, states: Sequence[JobState] | None, **changes: object) -> bool:
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or (states is not None and job.state not in states):
                return False
            self._jobs[job_id] = msgspec.structs.replace(job, **changes)
            return True

    def _forget(self) -> None:
        """The oldest that is finished; one that is not is never forgotten."""
        if len(self._jobs) > self._keep:
            oldest = next((each.id for each in self._jobs.values() if each.is_finished), None)
            if oldest is not None:
                del self._jobs[oldest], self._asked[oldest]
