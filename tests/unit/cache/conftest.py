"""A process's cache of computed values, with time in hand and no store."""

from random import Random

import pytest

from brightspot.cache import ComputedCache, ComputeSettings, LocalLevel, TieredCache


@pytest.fixture
def computed(clock):
    return ComputedCache(
        TieredCache(None, clock, LocalLevel()),
        None,
        clock,
        Random(1),
        settings=ComputeSettings(),
        sleep=lambda seconds: clock.advance(seconds=seconds),
    )


class Source:
    """Counts how often it was asked; answers a number that grows, or raises what it is told to."""

    def __init__(self, clock):
        self.calls = 0
        self.error = None
        self.takes = 0.0
        self._clock = clock

    def __call__(self):
        self.calls += 1
        self._clock.advance(seconds=self.takes)
        if self.error is not None:
            raise self.error
        return self.calls


@pytest.fixture
def source(clock):
    return Source(clock)
