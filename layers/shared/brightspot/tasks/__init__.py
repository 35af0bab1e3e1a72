"""Tasks: functions that workers call later, each under a name, with priorities, dependencies and tries.

    @background_task("send_welcome_email")
    def send_welcome_email(address: str) -> None: ...

    task_id = submit_task("send_welcome_email", "ann@example.com")

Each name is loaded when it is first used, with what it needs: who submits a task must not pay for running one.
"""

from typing import TYPE_CHECKING

from brightspot.core.faces import lazy_face

if TYPE_CHECKING:
    from brightspot.tasks.backend import (
        cancel_task,
        forget_finished_tasks,
        queued_since,
        redrive_dead_letters,
        redrive_task,
        resend_lost_tasks,
        task_status,
        tasks_listed,
        use_delays,
    )
    from brightspot.tasks.delays import Delays
    from brightspot.tasks.entry import task_entry
    from brightspot.tasks.errors import PermanentTaskError, TaskCancelled, TaskTimedOut
    from brightspot.tasks.registry import background_task
    from brightspot.tasks.rows import Effect
    from brightspot.tasks.running import RunningTask, current_task
    from brightspot.tasks.schedules import ScheduleName, schedule_periodic
    from brightspot.tasks.settings import TaskSettings
    from brightspot.tasks.shapes import (
        NewTask,
        Redriven,
        State,
        TaskAttempt,
        TaskConfig,
        TaskFailure,
        TaskId,
        TaskPage,
        TaskPriority,
        TaskProgress,
        TaskStatus,
    )
    from brightspot.tasks.submission import submit_all, submit_task

__all__ = [
    "Delays",
    "Effect",
    "NewTask",
    "PermanentTaskError",
    "Redriven",
    "RunningTask",
    "ScheduleName",
    "State",
    "TaskAttempt",
    "TaskCancelled",
    "TaskConfig",
    "TaskFailure",
    "TaskId",
    "TaskPage",
    "TaskPriority",
    "TaskProgress",
    "TaskSettings",
    "TaskStatus",
    "TaskTimedOut",
    "background_task",
    "cancel_task",
    "current_task",
    "forget_finished_tasks",
    "queued_since",
    "redrive_dead_letters",
    "redrive_task",
    "resend_lost_tasks",
    "schedule_periodic",
    "submit_all",
    "submit_task",
    "task_entry",
    "task_status",
    "tasks_listed",
    "use_delays",
]

_HOMES = {
    "backend": (
        "cancel_task forget_finished_tasks queued_since redrive_dead_letters redrive_task resend_lost_tasks "
        "task_status tasks_listed use_delays"
    ),
    "delays": "Delays",
    "entry": "task_entry",
    "errors": "PermanentTaskError TaskCancelled TaskTimedOut",
    "registry": "background_task",
    "rows": "Effect",
    "running": "RunningTask current_task",
    "schedules": "ScheduleName schedule_periodic",
    "settings": "TaskSettings",
    "shapes": (
        "NewTask Redriven State TaskAttempt TaskConfig TaskFailure TaskId TaskPage TaskPriority TaskProgress TaskStatus"
    ),
    "submission": "submit_all submit_task",
}
__getattr__ = lazy_face(__name__, _HOMES)
