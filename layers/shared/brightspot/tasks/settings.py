"""The settings of tasks."""

from dataclasses import dataclass

from brightspot.core.settings import setting


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """Where tasks wait, how often they are tried, and how long what came of them is kept."""

    high_url: str = setting("TASKS_HIGH_QUEUE_URL", "", "SQS queue of urgent tasks; without, each process does its own")
    normal_url: str = setting("TASKS_NORMAL_QUEUE_URL", "", "SQS queue of tasks")
    low_url: str = setting("TASKS_LOW_QUEUE_URL", "", "SQS queue of tasks that may wait")
    dead_letters_url: str = setting("TASKS_DEAD_LETTERS_URL", "", "SQS queue of tasks that failed for good")
    retries: int = setting(
        "TASK_MAX_RETRIES", 3, "tries after the first one, of a task that says none", least=0, most=20
    )
    kept_days: float = setting("TASK_RETENTION_DAYS", 30.0, "days a finished task is kept", least=0.01, most=365)
    lease_seconds: float = setting(
        "TASK_LEASE_SECONDS",
        60.0,
        "seconds after which a task of a silent worker is another's",
        least=1,
        most=3600,
    )
