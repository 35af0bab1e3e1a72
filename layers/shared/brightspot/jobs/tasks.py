"""Jobs as tasks: one that begins a job, one for each of its parts, and one that ends it, each of them once.

Parts run in lanes: a part waits for the one of its lane before it, so that no more than BATCH_MAX_WORKERS of a job are
worked on at a time. Workers of tasks load this module by its name.
"""

from collections.abc import Sequence
from typing import Any, Final

from brightspot.jobs.backend import job_worker
from brightspot.jobs.registry import Part
from brightspot.jobs.shapes import Job
from brightspot.tasks import NewTask, TaskConfig, TaskPriority, background_task, current_task, submit_all

START: Final = "job_start"
STARTED: Final = "job_started"
PART: Final = "job_part"
FINISH: Final = "job_finish"
NOTIFY: Final = "job_notify"
_RETRIES: Final = 3
_TELLINGS: Final = 40  # tries of a webhook after the first one: three hours, as pauses grow to ten minutes at most
_PART_SECONDS: Final = 240.0
_MERGE_SECONDS: Final = 240.0


@background_task(START, retries=_RETRIES)
def job_start(job_id: str) -> None:
    """Part a job's work and hand out its parts."""
    job_worker().start(job_id)


@background_task(STARTED, retries=_RETRIES)
def job_started(job_id: str) -> None:
    """Look whether a job has begun, once its beginning is over."""
    job_worker().started(job_id)


@background_task(PART, retries=_RETRIES, timeout=_PART_SECONDS)
def job_part(job_id: str, part: int, value: Any) -> None:
    """Do one part of a job."""
    task = current_task()
    job_worker().work(job_id, part, value, task.deadline, is_last=task.attempt > _RETRIES)


@background_task(FINISH, retries=_RETRIES, timeout=_MERGE_SECONDS)
def job_finish(job_id: str) -> None:
    """Put a job's result together, once its parts are over."""
    job_worker().finish(job_id, is_last=current_task().attempt > _RETRIES)


@background_task(NOTIFY, retries=_TELLINGS)
def job_notify(job_id: str) -> None:
    """Tell whoever wants to know that a job is finished."""
    task = current_task()
    job_worker().notify(job_id, task.deadline, is_last=task.attempt > _TELLINGS)


class TaskWorkers:
    """Hands jobs to workers of tasks: under keys, so that doing it again changes nothing. Raises AwsUnavailable."""

    def __init__(self, most_workers: int) -> None:
        self._most_workers = most_workers

    def begin(self, job: Job) -> None:
        """`job_started` runs in any case, and ends a job whose beginning came to nothing."""
        after = _config(job, "started", ("start",))
        submit_all([
            NewTask(START, (job.id,), config=_config(job, "start"), label="start"),
            NewTask(STARTED, (job.id,), config=after),
        ])  # fmt: skip

    def work(self, job: Job, parts: Sequence[Part]) -> None:
        """All parts and the end; what waits for a part that came to nothing runs all the same, and finds that out."""
        submit_all(tasks_of(job, parts, self._most_workers))

    def notify(self, job: Job) -> None:
        submit_all([NewTask(NOTIFY, (job.id,), config=_config(job, "notify"))])


def tasks_of(job: Job, parts: Sequence[Part], lanes: int) -> list[NewTask]:
    """The parts of a job in lanes, and its end, which waits for the last part of each lane."""
    tasks = [
        NewTask(
            PART,
            (job.id, number, part.value),
            config=_config(job, f"part {number}", (f"part {number - lanes}",) if number >= lanes else ()),
            label=f"part {number}",
        )
        for number, part in enumerate(parts)
    ]
    last = tuple(f"part {number}" for number in range(max(0, len(parts) - lanes), len(parts)))
    return [*tasks, NewTask(FINISH, (job.id,), config=_config(job, "finish", last))]


def _config(job: Job, what: str, depends_on: Sequence[str] = ()) -> TaskConfig:
    return TaskConfig(
        priority=TaskPriority(job.priority),
        key=f"{job.id} {what}",
        depends_on=depends_on,
        on_failed_dependency="run",
        tenant=job.tenant,
    )
