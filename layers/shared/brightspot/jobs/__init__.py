"""Jobs: work that takes longer than a request may, parted among workers, with progress, a durable result and a webhook.

A domain offers a kind of work with `register_job_type`. Each name is loaded when it is first used, with what it needs.
"""

from typing import TYPE_CHECKING

from brightspot.core.faces import lazy_face

if TYPE_CHECKING:
    from brightspot.jobs.backend import job_service
    from brightspot.jobs.errors import JobFailed, JobQueueFull
    from brightspot.jobs.registry import (
        JobType,
        Packed,
        Part,
        ResultFile,
        Split,
        Uploads,
        job_types,
        register_job_type,
    )
    from brightspot.jobs.service import DEFAULT_JOBS, MOST_JOBS, JobAsked, JobService
    from brightspot.jobs.shapes import (
        Hook,
        Job,
        JobList,
        JobPriority,
        JobResult,
        JobState,
        JobStatus,
        JobUpload,
    )
    from brightspot.jobs.shelf import MOST_UPLOADED

__all__ = [
    "DEFAULT_JOBS",
    "MOST_JOBS",
    "MOST_UPLOADED",
    "Hook",
    "Job",
    "JobAsked",
    "JobFailed",
    "JobList",
    "JobPriority",
    "JobQueueFull",
    "JobResult",
    "JobService",
    "JobState",
    "JobStatus",
    "JobType",
    "JobUpload",
    "Packed",
    "Part",
    "ResultFile",
    "Split",
    "Uploads",
    "job_service",
    "job_types",
    "register_job_type",
]

_HOMES = {
    "backend": "job_service",
    "errors": "JobFailed JobQueueFull",
    "registry": "JobType Packed Part ResultFile Split Uploads job_types register_job_type",
    "service": "DEFAULT_JOBS MOST_JOBS JobAsked JobService",
    "shapes": "Hook Job JobList JobPriority JobResult JobState JobStatus JobUpload",
    "shelf": "MOST_UPLOADED",
}
__getattr__ = lazy_face(__name__, _HOMES)
