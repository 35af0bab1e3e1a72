"""How jobs can fail.

BrightspotError
├── JobQueueFull  too many jobs are unfinished
└── JobFailed     a job that trying again does not help
"""

from typing import ClassVar

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import RATE_LIMIT, VALIDATION


class JobQueueFull(BrightspotError):
    """As many jobs wait or run as may; another one can be sent when one of them is finished."""

    kind = RATE_LIMIT
    retry_after_seconds: ClassVar[float] = 30.0

    def __init__(self, most: int) -> None:
        super().__init__(f"{most:,} jobs wait or run, and no more are taken; send it again later")


class JobFailed(BrightspotError):
    """A job comes to nothing, however often it is tried: `error` is a short stable text, the message says why."""

    kind = VALIDATION

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(reason)
        self.error = error
