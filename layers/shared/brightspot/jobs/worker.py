"""What workers do for a job: part it, do its parts, put together what was found, and tell whoever wants to know."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.core.errors import InputRefused
from brightspot.jobs.errors import JobFailed
from brightspot.jobs.registry import JobType, Packed, Part
from brightspot.jobs.seam import Ending, Jobs
from brightspot.jobs.service import Handing
from brightspot.jobs.shapes import Asked, Hook, Job, JobError
from brightspot.jobs.shelf import JobFiles
from brightspot.jobs.views import status_of
from brightspot.resilience import CircuitOpenError, Deadline
from brightspot.telemetry import BATCH_JOBS, count
from brightspot.webhooks import WebhookFailed

_NOT_BEGUN: Final = JobError("Job not begun", "its work could not be parted and handed out; send the job again")
_LOST: Final = "Parts lost"
_log = logging.getLogger(__name__)


class Workers(Handing, Protocol):
    """Hands parts of a job to workers, too."""

    def work(self, job: Job, parts: Sequence[Part]) -> None: ...


class JobWorker:
    """Each of its methods may be called twice, late or beside itself: what is done is done once.

    What they raise has them called again; `is_last` says that they will not be. Then the job comes to nothing first.
    """

    def __init__(
        self,
        jobs: Jobs,
        files: JobFiles,
        workers: Workers,
        *,
        types: Mapping[str, JobType],
        send: Callable[[Hook, str, str, bytes, Deadline], None],
        clock: Clock,
    ) -> None:
        """`send` has a message taken: to whom, which event, the id of its delivery, its body, and until when."""
        self._jobs = jobs
        self._files = files
        self._workers = workers
        self._types = types
        self._send = send
        self._clock = clock

    def start(self, job_id: str) -> None:
        """Part the work of a queued job and hand out its parts."""
        known = self._open(job_id)
        if known is None:
            return
        job, asked = known
        kind = self._types[job.job_type]
        try:
            split = kind.split(msgspec.convert(asked.parameters, kind.parameters), job, self._files)
        except (JobFailed, InputRefused) as failed:
            self._fail(job, _error_of(failed))
            return
        sizes = [each.size for each in split.parts]
        if not self._jobs.begin(job.id, sizes, split.digest, self._now()):
            begun = self._jobs.get(job.id)
            if begun is None or begun.state != "running":
                return
            # Some of its parts may be handed out as they were before.
            if begun.digest != split.digest:  # nosemgrep: secret-compared-by-eq  # of work, which is no secret
                self._fail(job, JobError("Upload changed", "the file was changed while the job began; send it again"))
                return
        self._workers.work(msgspec.structs.replace(job, state="running", sizes=sizes), split.parts)
        self._jobs.handed_on(job.id)

    def started(self, job_id: str) -> None:
        """Once no try of `start` is left: a job whose parts are not all handed out comes to nothing."""
        job = self._jobs.get(job_id)
        if job is not None and not job.is_finished and not job.is_handed_on:
            self._fail(job, _NOT_BEGUN)

    def work(self, job_id: str, part: int, value: object, deadline: Deadline, *, is_last: bool) -> None:
        """Do a part of a running job, unless it is done."""
        job = self._jobs.get(job_id)
        if job is None or job.state != "running" or part in job.done_parts:
            return
        try:
            if not self._files.has_part(job.id, part):
                self._files.keep_part(job.id, part, self._types[job.job_type].run(value, job, deadline))
        except JobFailed as failed:
            self._fail(job, _error_of(failed))
            return
        except Exception as error:
            if is_last:
                told = f"part {part + 1} of {len(job.sizes)} failed at each try ({type(error).__name__}); send it again"
                self._fail(job, JobError("Part failed", told))
            raise
        self._jobs.part_done(job.id, part)

    def finish(self, job_id: str, *, is_last: bool) -> None:
        """Once no part has a try left: put together what was found, or say what is missing."""
        job = self._jobs.get(job_id)
        if job is None:
            return
        if job.is_finished:
            self._tell(job)
            return
        lost = sorted(set(range(len(job.sizes))) - job.done_parts)
        if lost:
            told = f"{len(lost)} of {len(job.sizes)} parts came to nothing, the first of them is part {lost[0] + 1}"
            self._fail(job, JobError(_LOST, f"{told}; send the job again"))
            return
        try:
            merged = self._types[job.job_type].merge(job, self._parts(job))
            files = [self._files.keep_result(job.id, each) for each in merged]
        except JobFailed as failed:
            self._fail(job, _error_of(failed))
            return
        except Exception as error:
            if is_last:
                told = f"what was found could not be put together ({type(error).__name__}); send the job again"
                self._fail(job, JobError("Result failed", told))
            raise
        self._end(job, Ending("done", self._now(), files=files))

    def notify(self, job_id: str, deadline: Deadline, *, is_last: bool) -> None:
        """Tell of a finished job whoever asked for it. Raises WebhookFailed, and CircuitOpenError, to be called again.

        What trying again does not mend is noted, and raises nothing.
        """
        job, asked = self._jobs.get(job_id), self._jobs.asked(job_id)
        if job is None or asked is None or asked.hook is None or job.webhook != "waiting":
            return
        body = codec.dumps(status_of(msgspec.structs.replace(job, webhook=None), self._now()))
        try:
            self._send(asked.hook, f"job.{job.state}", f"job-{job.id}", body, deadline)
        except (WebhookFailed, CircuitOpenError) as failed:
            again = isinstance(failed, CircuitOpenError) or failed.again is not None
            self._jobs.told(job.id, "waiting" if again and not is_last else "failed", str(failed))
            if again:
                raise
            return
        self._jobs.told(job.id, "delivered", None)

    def _open(self, job_id: str) -> tuple[Job, Asked] | None:
        job, asked = self._jobs.get(job_id), self._jobs.asked(job_id)
        return None if job is None or asked is None or job.is_finished else (job, asked)

    def _parts(self, job: Job) -> Iterator[Packed]:
        for number, found in enumerate(self._files.parts(job.id, len(job.sizes))):
            if found is None:
                raise JobFailed(_LOST, f"what was found for part {number + 1} is deleted by now; send the job again")
            yield found

    def _fail(self, job: Job, error: JobError) -> None:
        self._end(job, Ending("failed", self._now(), error=error))

    def _end(self, job: Job, ending: Ending) -> None:
        if self._jobs.end(job.id, ending):
            count(BATCH_JOBS, outcome=f"job_{ending.state}")
            why = {} if ending.error is None else {"reason": ending.error.reason}
            _log.info("job_ended", extra={"job": job.id, "job_type": job.job_type, "state": ending.state, **why})
        self._tell(job)

    def _tell(self, job: Job) -> None:
        if job.webhook == "waiting":
            self._workers.notify(job)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _error_of(failed: JobFailed | InputRefused) -> JobError:
    if isinstance(failed, JobFailed):
        return JobError(failed.error, str(failed))
    return JobError(failed.title, f"{failed.field}: {failed.detail}")
