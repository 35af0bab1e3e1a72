"""What a Lambda function behind a schedule is made of: `handler = schedule_entry("health_probe", run)`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from brightspot.core.clock import SystemClock
from brightspot.store.timed import timed
from brightspot.telemetry import (
    configure_logs,
    configure_metrics,
    configure_tracing,
    entry_span,
    flush_metrics,
    flush_spans,
    request_context,
)

if TYPE_CHECKING:
    from brightspot.resilience import Deadline

    Run = Callable[[Deadline], Mapping[str, Any] | None]
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
_MARGIN_SECONDS: Final = 3.0  # for the call under way at the deadline, and to tell what was done
_SECONDS_ELSEWHERE: Final = 60.0


class Tick(msgspec.Struct, frozen=True):
    """The input of a schedule: which task is due, and the id of this execution of the schedule, where it says one."""

    task: str
    execution_id: str | None = None


def schedule_entry(task: str, run: "Run") -> Handler:
    """A handler of one task, as `schedules_entry`."""
    return schedules_entry({task: run})


def schedules_entry(runs: "Mapping[str, Run]") -> Handler:
    """A handler for EventBridge Scheduler, which gives a schedule's input as the event; it runs the task named there.

    `run` is to begin nothing past its deadline; what it tells of its work goes into what the handler returns. What is
    logged carries the execution's id, else the invocation's. An input that names another task, and whatever `run`
    raises, fails the invocation: its retries, dead letters and alarms are for that.
    """
    configure_logs()
    configure_metrics()
    configure_tracing()

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        tick = msgspec.convert(event, Tick)
        task = tick.task
        if task not in runs:
            raise ValueError(f"this function's tasks are {', '.join(runs)}, not {task}")
        try:
            with (
                request_context(tick.execution_id or getattr(context, "aws_request_id", None)),
                entry_span(f"schedule {task}", "internal"),
                timed(task),
            ):
                told = runs[task](deadline_of(context))
        finally:
            flush_spans()
            flush_metrics()
        return {"done": task, **(told or {})}

    return handler


def deadline_of(context: Any) -> "Deadline":
    """A while before Lambda ends the invocation; outside of Lambda a minute from now."""
    from brightspot.resilience import Deadline  # noqa: PLC0415  # an HTTP function has no schedule

    remaining = getattr(context, "get_remaining_time_in_millis", None)
    seconds = remaining() / 1000 - _MARGIN_SECONDS if remaining is not None else _SECONDS_ELSEWHERE
    return Deadline.after(SystemClock(), max(0.0, seconds))
