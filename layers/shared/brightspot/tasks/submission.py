"""What code submits tasks by."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from brightspot.tasks.shapes import NewTask, TaskConfig, TaskId, TaskPriority


def submit_task(
    name: str,
    *args: Any,
    config: TaskConfig | None = None,
    priority: TaskPriority | None = None,
    delay: float | None = None,
    depends_on: Sequence[str] = (),
    key: str | None = None,
    max_retries: int | None = None,
    **kwargs: Any,
) -> TaskId:
    """Have a task done: `submit_task("send_welcome_email", email)`. Its id, which may be awaited as well.

    All other arguments are the function's, and travel as JSON; before them may stand the dotted path of the function.
    `delay` is in seconds; what is said beside `config` counts for more than what it says. A function that has an
    argument named as one of these is submitted by `submit_all([NewTask(...)])`.

    Raises InputRefused when it can never be done: arguments that do not fit (where the task is known here), that are
    no JSON or more than 200,000 bytes, a dependency that there is not. Raises TableUnavailable.
    """
    said: dict[str, Any] = {"priority": priority, "delay_seconds": delay, "key": key, "max_retries": max_retries}
    said["depends_on"] = tuple(depends_on) or None
    merged = replace(config or TaskConfig(), **{each: value for each, value in said.items() if value is not None})
    (task_id,) = submit_all([NewTask(name, args, kwargs, merged)])
    return task_id


def submit_all(tasks: Sequence[NewTask]) -> list[TaskId]:
    """Have many tasks done; their ids, in their order. They may depend on each other, by label.

    Raises as `submit_task` does, and InputRefused, naming it, for a circle. What is refused is refused whole.
    """
    from brightspot.tasks.backend import shared_tasks  # noqa: PLC0415  # it wires what only who submits needs

    own = shared_tasks()
    ids = own.submitter.submit(tasks)
    own.work()
    return ids
