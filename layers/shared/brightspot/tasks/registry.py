"""Which functions are tasks: `@background_task("name")` on a plain or `async` function, which stays what it is."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from brightspot.core.errors import InputRefused
from brightspot.tasks.shapes import TaskPriority

DEFAULT_TIMEOUT_SECONDS: Final = 60.0
_tasks: "dict[str, BackgroundTask]" = {}
_addresses: "dict[str, BackgroundTask]" = {}


@dataclass(frozen=True, slots=True)
class BackgroundTask:
    """A function under its name. `retries` None is TASK_MAX_RETRIES; `timeout` is seconds of one attempt."""

    name: str
    function: Callable[..., Any]
    priority: TaskPriority
    retries: int | None
    timeout: float

    @property
    def address(self) -> str:
        """The dotted path of its function."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    def misfit(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
        """Why the function does not take these arguments; None when it does."""
        try:
            inspect.signature(self.function).bind(*args, **kwargs)
        except TypeError as error:
            return f"{self.name} does not take these arguments: {error}"
        return None


def background_task[F: Callable[..., Any]](
    name: str,
    *,
    priority: TaskPriority = TaskPriority.NORMAL,
    retries: int | None = None,
    timeout: float = DEFAULT_TIMEOUT_SECONDS,
) -> Callable[[F], F]:
    """Register a function as the task `name`: of the same name, the one that was registered last.

    `retries` is how many tries follow one that failed (TASK_MAX_RETRIES when None), `timeout` the seconds of one try.
    Workers may call it more than once for one task (docs/tasks.md), with the arguments after a way through JSON.
    """
    if not name or not name.isprintable():
        raise ValueError(f"{name!r} is no name of a task")

    def register(function: F) -> F:
        task = BackgroundTask(name, function, priority, retries, timeout)
        _tasks[name] = _addresses[task.address] = task
        return function

    return register


def found(name: str, path: str | None = None) -> BackgroundTask | None:
    """The task of a name; else the one whose function has this dotted path."""
    return _tasks.get(name) or (_addresses.get(path) if path else None)


def split_address(args: Sequence[Any]) -> tuple[str | None, tuple[Any, ...]]:
    """The dotted path that stands before the arguments, if there is one, and the arguments.

    A first argument is a path only when a task's function has this address, or when its module holds tasks. Raises
    InputRefused for a path into such a module where there is no task.
    """
    first = args[0] if args else None
    if not isinstance(first, str) or "." not in first:
        return None, tuple(args)
    if first in _addresses:
        return first, tuple(args[1:])
    module = first.rpartition(".")[0]
    if any(module == each.rpartition(".")[0] for each in _addresses):
        raise InputRefused("path", f"{first} is no background task")
    return None, tuple(args)
