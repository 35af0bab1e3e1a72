"""Takes jobs in, tells of them and of what they found, and ends those that nobody wants any more."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock, rfc3339_ms
from brightspot.core.errors import Conflict, InputRefused, NotFinished, NotFound
from brightspot.core.ids import is_id, new_id
from brightspot.jobs.errors import JobQueueFull
from brightspot.jobs.registry import JobType
from brightspot.jobs.seam import Ending, Jobs
from brightspot.jobs.settings import JobSettings
from brightspot.jobs.shapes import (
    Asked,
    Hook,
    Job,
    JobClaim,
    JobFile,
    JobList,
    JobPriority,
    JobResult,
    JobState,
    JobStatus,
    JobUpload,
    KeptFile,
)
from brightspot.jobs.shelf import MOST_UPLOADED, JobFiles
from brightspot.jobs.views import status_of
from brightspot.store import AwsUnavailable, decode_cursor, encode_cursor
from brightspot.telemetry import BATCH_JOBS, count

DEFAULT_JOBS: Final = 20
MOST_JOBS: Final = 100
_A_DAY: Final = 86400
_LOST_SECONDS: Final = 30.0  # after which what was to be handed on is handed on again: once more changes nothing
_LISTING: Final = "jobs"
_UPLOAD_HEADERS: Final = {"Content-Type": "text/csv"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobAsked:
    """What somebody wants done: `tenant` and `subject` are whose job it is, `key` their idempotency key."""

    job_type: str
    parameters: Mapping[str, Any]
    tenant: str
    subject: str | None = None
    priority: JobPriority = "normal"
    hook: Hook | None = None
    key: str | None = None


class Handing(Protocol):
    """Hands a job to workers. Doing so again changes nothing. Raises AwsUnavailable."""

    def begin(self, job: Job) -> None: ...

    def notify(self, job: Job) -> None: ...


class JobService:
    """Safe to share between threads. Raises TableUnavailable and BucketUnavailable."""

    def __init__(
        self,
        jobs: Jobs,
        files: JobFiles,
        handing: Handing,
        *,
        types: Mapping[str, JobType],
        check_hook: Callable[[Hook], None],
        clock: Clock,
        settings: JobSettings,
    ) -> None:
        """`check_hook` raises InputRefused for a webhook that messages do not go to."""
        self._jobs = jobs
        self._files = files
        self._handing = handing
        self._types = types
        self._check_hook = check_hook
        self._clock = clock
        self._settings = settings

    def submit(self, asked: JobAsked) -> JobStatus:
        """Take a job in; under a key that was sent before, tell of the job that came of it.

        Raises InputRefused for what cannot be meant and for a key that stands for another request, and JobQueueFull.
        """
        details = self._checked(asked)
        job = self._new(asked)
        if asked.key is not None:
            job = msgspec.structs.replace(job, id=self._claimed(job, asked))
        match self._jobs.create(job, details, self._settings.queue_size):
            case "full":
                count(BATCH_JOBS, outcome="queue_full")
                raise JobQueueFull(self._settings.queue_size)
            case "there":
                count(BATCH_JOBS, outcome="repeated")
                return self._look(self._jobs.get(job.id) or job)
        count(BATCH_JOBS, outcome="job_taken_in")
        _log.info("job_taken_in", extra={"job": job.id, "job_type": job.job_type})
        self._handing.begin(job)
        return status_of(self._jobs.get(job.id) or job, self._now())

    def look(self, job_id: str, tenant: str) -> JobStatus:
        """How a job is. Raises NotFound for one that this tenant does not have."""
        return self._look(self._mine(job_id, tenant))

    def result(self, job_id: str, tenant: str) -> JobResult:
        """What a job found. Raises NotFound, and NotFinished for one that has no result, or none yet."""
        job = self._mine(job_id, tenant)
        if job.state != "done":
            why = f": {job.error.reason}" if job.error is not None else ""
            advice = "" if job.is_finished else "; ask for its status, and for its result when it is done"
            raise NotFinished(f"the job is {job.state}{why}{advice}")
        main, seconds = job.files[0], self._settings.link_seconds
        body = self._files.result(job.id, main) if main.bytes <= self._settings.inline_bytes else None
        if body is None and main.bytes <= self._settings.inline_bytes:
            raise NotFound("the result of this job is deleted by now; send the job again")
        until = rfc3339_ms(self._now() + seconds)
        files = [self._linked(job, each, until) for each in job.files]
        inline = None if body is None else msgspec.Raw(body)
        return JobResult(job.id, job.job_type, rfc3339_ms(job.finished_at or 0), inline, files)

    def cancel(self, job_id: str, tenant: str) -> JobStatus:
        """Have a job end: what runs of it comes to nothing. Raises NotFound, and Conflict for one that is finished."""
        job = self._mine(job_id, tenant)
        if not self._jobs.end(job.id, Ending("cancelled", self._now())):
            now = self._mine(job_id, tenant)
            if now.state != "cancelled":
                raise Conflict(f"the job is {now.state} already; there is nothing left to cancel")
            return status_of(now, self._now())
        count(BATCH_JOBS, outcome="job_cancelled")
        _log.info("job_ended", extra={"job": job.id, "state": "cancelled"})
        ended = self._mine(job_id, tenant)
        if ended.webhook is not None:
            self._handing.notify(ended)
        return status_of(ended, self._now())

    def listed(self, tenant: str, state: JobState | None, limit: int, cursor: str | None) -> JobList:
        """A page of a tenant's jobs. Raises InputRefused for a cursor of another list."""
        listing = f"{_LISTING} {state or ''}"
        before = None if cursor is None else decode_cursor(listing, cursor)
        found = self._jobs.newest(tenant, state, limit + 1, before)
        page = found[:limit]
        more = encode_cursor(listing, page[-1].id) if len(found) > limit else None
        return JobList(len(page), [status_of(each, self._now()) for each in page], more)

    def place(self, tenant: str, size: int) -> JobUpload:
        """Where to put a file of so many bytes, which jobs of the tenant may then name."""
        if not 1 <= size <= MOST_UPLOADED:
            raise InputRefused("bytes", f"send how many bytes the file has, 1 to {MOST_UPLOADED:,}")
        now, seconds = self._clock.now(), self._settings.link_seconds
        upload = new_id(now)
        url = self._files.place(tenant, upload, seconds, size)
        until = rfc3339_ms(now.timestamp() + seconds)
        return JobUpload(upload, url, "PUT", {**_UPLOAD_HEADERS, "Content-Length": str(size)}, until, MOST_UPLOADED)

    def _checked(self, asked: JobAsked) -> Asked:
        """What is remembered of a request that can be meant. Raises InputRefused."""
        kind = self._types.get(asked.job_type)
        if kind is None:
            raise InputRefused("job_type", f"send one of {', '.join(sorted(self._types))}")
        try:
            parameters: Any = msgspec.convert(asked.parameters, kind.parameters)
            kind.check(parameters, asked.tenant, self._files)
        except msgspec.ValidationError as error:
            raise InputRefused("parameters", str(error)) from error
        except InputRefused as refused:
            raise InputRefused(f"parameters.{refused.field}", refused.detail, refused.understood) from refused
        if asked.hook is not None:
            self._check_hook(asked.hook)
        return Asked(dict(asked.parameters), asked.hook)

    def _new(self, asked: JobAsked) -> Job:
        now = self._clock.now()
        at = now.timestamp()
        return Job(
            id=new_id(now),
            tenant=asked.tenant,
            job_type=asked.job_type,
            priority=asked.priority,
            state="queued",
            created_at=round(at, 3),
            expires_at=int(at + self._settings.kept_days * _A_DAY),
            webhook=None if asked.hook is None else "waiting",
        )

    def _claimed(self, job: Job, asked: JobAsked) -> str:
        """The id of the job that the key stands for. Raises InputRefused."""
        hook = None if asked.hook is None else [asked.hook.url, asked.hook.secret]
        request = [asked.job_type, sorted(asked.parameters.items()), asked.priority, hook]
        fingerprint = sha256(codec.dumps(request)).hexdigest()
        whose = sha256(codec.dumps([asked.tenant, asked.subject, asked.key])).hexdigest()
        held = self._jobs.claim(JobClaim(whose, job.id, fingerprint, job.expires_at))
        if held.fingerprint != fingerprint:
            advice = "this key stands for another request; send a new key, or the same body as before"
            raise InputRefused("Idempotency-Key", advice)
        return held.job

    def _mine(self, job_id: str, tenant: str) -> Job:
        job = self._jobs.get(job_id) if is_id(job_id) else None
        if job is None or job.tenant != tenant:
            raise NotFound(f"there is no such job; one is kept for {self._settings.kept_days:g} days")
        return job

    def _look(self, job: Job) -> JobStatus:
        """What should have been handed on long ago is handed on again: its sender may have died between."""
        now = self._now()
        try:
            if job.state == "queued" and now - job.created_at > _LOST_SECONDS:
                self._handing.begin(job)
            if job.webhook == "waiting" and now - (job.finished_at or now) > _LOST_SECONDS:
                self._handing.notify(job)
        except AwsUnavailable as error:
            _log.warning("job_not_handed_on", extra={"job": job.id, "error": str(error)})  # the next look does it
        return status_of(job, now)

    def _linked(self, job: Job, file: KeptFile, until: str) -> JobFile:
        url = self._files.link(job.id, file, self._settings.link_seconds)
        return JobFile(file.name, file.media_type, file.bytes, url, until)

    def _now(self) -> float:
        return self._clock.now().timestamp()
