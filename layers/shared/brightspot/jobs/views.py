"""What callers are told of a job: its status, and how long it will take from how fast it went."""

from typing import Final

from brightspot.core.clock import rfc3339_ms
from brightspot.jobs.shapes import Job, JobProgress, JobStatus, JobWebhook

PATH: Final = "/api/v2/batch/jobs"
_ENOUGH_PARTS: Final = 3  # before that, the first part's cold start would be taken for the pace


def status_of(job: Job, now: float) -> JobStatus:
    """A job as its owner sees it at a time (Unix seconds)."""
    links = {"status": f"{PATH}/{job.id}/status"}
    return JobStatus(
        id=job.id,
        job_type=job.job_type,
        state=job.state,
        priority=job.priority,
        progress=_progress(job),
        eta_seconds=eta_seconds(job, now),
        created_at=rfc3339_ms(job.created_at),
        started_at=None if job.started_at is None else rfc3339_ms(job.started_at),
        finished_at=None if job.finished_at is None else rfc3339_ms(job.finished_at),
        expires_at=rfc3339_ms(job.expires_at),
        error=job.error,
        webhook=None if job.webhook is None else JobWebhook(job.webhook, job.webhook_reason),
        links={**links, "result": f"{PATH}/{job.id}/result"} if job.state == "done" else links,
    )


def eta_seconds(job: Job, now: float) -> float | None:
    """Seconds until the last unit is done, at the mean pace since the job began; null when that says nothing yet.

    A job that stalls is given longer with each second that nothing comes of it.
    """
    if job.state != "running" or job.started_at is None or len(job.done_parts) < _ENOUGH_PARTS:
        return None
    elapsed, done = now - job.started_at, job.done
    if elapsed <= 0 or done == 0:
        return None
    return round((job.total - done) * elapsed / done, 1)


def _progress(job: Job) -> JobProgress:
    if not job.sizes:
        return JobProgress(0, None, None)
    return JobProgress(job.done, job.total, round(100 * job.done / job.total, 1))
