"""A chain of ways to one answer: the first that works, which one it was, and why those before it did not."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import EXTERNAL_SERVICE

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered[T]:
    """`value` came by the way `by`; `failures` says by name why each way before it gave none."""

    value: T
    by: str
    failures: Mapping[str, Exception]

    @property
    def first_choice(self) -> bool:
        return not self.failures


class NoWayLeft(BrightspotError):
    """Every way failed; `failures` says by name why."""

    kind = EXTERNAL_SERVICE

    def __init__(self, failures: Mapping[str, Exception]) -> None:
        told = "; ".join(f"{name}: {type(error).__name__}: {error}" for name, error in failures.items())
        super().__init__(f"no way worked ({told})" if told else "there is no way to try")
        self.failures = failures


def first_that_works[T](ways: Mapping[str, Callable[[], T]]) -> Answered[T]:
    """Try each way in order until one returns. Raises NoWayLeft when none does."""
    failures: dict[str, Exception] = {}
    for name, way in ways.items():
        try:
            return _told(Answered(way(), name, failures))
        except Exception as error:  # noqa: BLE001  # the whole point: any failure is the next way's turn
            failures[name] = error
    raise NoWayLeft(failures)


async def afirst_that_works[T](ways: Mapping[str, Callable[[], Awaitable[T]]]) -> Answered[T]:
    """As `first_that_works`, for ways that are awaited, one after another."""
    failures: dict[str, Exception] = {}
    for name, way in ways.items():
        try:
            return _told(Answered(await way(), name, failures))
        except Exception as error:  # noqa: BLE001  # as above
            failures[name] = error
    raise NoWayLeft(failures)


def _told[T](answered: Answered[T]) -> Answered[T]:
    if answered.failures:
        reasons = {name: f"{type(error).__name__}: {error}" for name, error in answered.failures.items()}
        _log.warning("fallback_used", extra={"by": answered.by, "failures": reasons})
    return answered
