"""What a Lambda function behind a state machine is made of: `handler = step_entry("bulk_map", run)`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from brightspot.store.schedule import deadline_of
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

Handler = Callable[[dict[str, Any], Any], Any]


def step_entry(task: str, run: "Callable[[Mapping[str, Any], Deadline], Any]") -> Handler:
    """A handler for the states of Step Functions that invoke it: what `run` makes of the input is the state's output.

    `task` is what the work is called in figures. Whatever `run` raises fails the state by the name of its class, which
    is what the state's `Retry` goes by.
    """
    configure_logs()
    configure_metrics()
    configure_tracing()

    def handler(event: dict[str, Any], context: Any) -> Any:
        try:
            with (
                request_context(getattr(context, "aws_request_id", None)),
                entry_span(f"step {task}", "internal"),
                timed(task),
            ):
                return run(event, deadline_of(context))
        finally:
            flush_spans()
            flush_metrics()

    return handler
