"""Tasks of the tasks themselves: one that does nothing, by which they are measured and tried."""

from brightspot.tasks.registry import background_task
from brightspot.tasks.rows import Effect
from brightspot.tasks.running import current_task


@background_task("noop")
def noop(counter: str | None = None) -> None:
    """Do nothing; with a counter, count this task in it, together with its end.

    The count is a row of the table of tasks, `counter#<counter>` and the task's id, whose `n` is added 1: it tells of
    each task how often its effect was had, which is once.
    """
    if counter is not None:
        task = current_task()
        task.effect(Effect({"id": f"counter#{counter}", "part": task.id}, adds={"n": 1}))
