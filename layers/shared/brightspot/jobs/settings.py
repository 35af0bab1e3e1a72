"""The settings of jobs."""

from dataclasses import dataclass

from brightspot.core.settings import setting


@dataclass(frozen=True, slots=True)
class JobSettings:
    """How many jobs there may be, how fast each goes, and where and how long what comes of them is kept."""

    bucket: str = setting("JOBS_BUCKET", "", "S3 bucket of uploads and results of jobs; without it, each process")
    most_workers: int = setting(
        "BATCH_MAX_WORKERS", 4, "parts of one job that are worked on at a time", least=1, most=100
    )
    queue_size: int = setting("BATCH_QUEUE_SIZE", 1000, "jobs that may wait or run at a time", least=1)
    inline_bytes: int = setting(
        "JOBS_INLINE_BYTES", 1_000_000, "bytes of a result that is told inline; a larger one is linked", most=4_000_000
    )
    link_seconds: int = setting(
        "JOBS_LINK_SECONDS", 900, "seconds that links to uploads and results are good for", least=60, most=3600
    )
    kept_days: float = setting("JOBS_RETENTION_DAYS", 30.0, "days a job and its result are kept", least=1, most=30)
