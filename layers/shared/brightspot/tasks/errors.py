"""What goes wrong inside a task.

BrightspotError
├── PermanentTaskError  trying again is useless
├── TaskCancelled       somebody asked for its end
├── TaskTimedOut        an attempt took too long; it is tried again
└── WorkerLost          the worker of the last attempt was not heard of again
"""

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import TIMEOUT


class PermanentTaskError(BrightspotError):
    """The task can never be done: it goes straight to the dead letters. Its message is the reason."""


class TaskCancelled(BrightspotError):
    """The task was cancelled while it ran, and has looked."""


class TaskTimedOut(BrightspotError):
    """An attempt of a task did not end within its time."""

    kind = TIMEOUT


class WorkerLost(BrightspotError):
    """The worker of a task was silent for longer than its lease."""
