"""How values of a namespace are computed and kept: all that a caller may choose, and what the operator may."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from brightspot.cache.computing.early import Rule
from brightspot.core.errors import SettingsError
from brightspot.core.settings import Alias, load, setting

_LEAST_LEASE: Final = 0.01
_RULES: Final[dict[str, Rule]] = {"xfetch": "xfetch", "flat": "flat"}


@dataclass(frozen=True, slots=True)
class ComputeSettings:
    """What the operator may set for all namespaces."""

    l1_ttl: float = setting(
        "CACHE_L1_TTL",
        300.0,
        "seconds a process serves a value without asking the store",
        least=0,
        also=[Alias("L1_CACHE_MAX_AGE", 0.001)],
    )
    window: float = setting(
        "CACHE_EARLY_WINDOW", 0.2, "last part of a TTL in which values are renewed", least=0, most=1
    )
    rule: str = setting("CACHE_EARLY_RULE", "xfetch", "how values are renewed early: xfetch, or flat (one in ten)")
    beta: float = setting("CACHE_EARLY_BETA", 1.0, "more than 1 renews earlier, less later", least=0)

    @property
    def early_rule(self) -> Rule:
        """Raises SettingsError for a rule that there is not."""
        if self.rule not in _RULES:
            raise SettingsError(f"CACHE_EARLY_RULE={self.rule!r}: send xfetch or flat")
        return _RULES[self.rule]


@lru_cache(maxsize=1)
def compute_settings() -> ComputeSettings:
    """As the environment has them."""
    return load(ComputeSettings)


@dataclass(frozen=True, slots=True)
class Adaptive:
    """A TTL that learns: a refresh that finds the value unchanged multiplies it by `growth`, another by `shrink`.

    It stays between `least` and `most` seconds. A value that nobody has seen before begins with the TTL of its options.
    """

    least: float
    most: float
    growth: float = 2.0
    shrink: float = 0.5

    def __post_init__(self) -> None:
        if not (0 < self.least <= self.most and self.growth >= 1 and 0 < self.shrink <= 1):
            raise ValueError("an adaptive TTL needs 0 < least <= most, growth >= 1 and 0 < shrink <= 1")

    def next(self, ttl: float, *, unchanged: bool) -> float:
        """The TTL in seconds after one of `ttl`."""
        return self.bounded(ttl * (self.growth if unchanged else self.shrink))

    def bounded(self, ttl: float) -> float:
        return min(self.most, max(self.least, ttl))


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Times are seconds. None for `window`, `rule`, `beta` and `l1_seconds` means what the operator set.

    `ttl` is how long a value is fresh; `jitter` takes up to that fraction off, at random, so that values which were
    made together do not expire together. After it, for `stale_while_revalidate`, all but the one that computes get the
    old value; for `stale_if_error` everybody does whose computation raised one of `stale_errors`, after which nobody
    tries for `error_rest`, doubled with each failure up to `most_error_rest`.

    `soft_timeout` is how long a caller waits who could have an old value, `hard_timeout` how long any caller does.
    `lease` is how long one computation keeps others from beginning. A None result lives for `negative_ttl`, as does an
    error of `negative_errors`; with None for `negative_ttl` None is a value like others. `l1_seconds` is how long a
    process serves a value without asking the store. With `copy` each caller gets a value of his own, else all share one
    that nobody may change.
    """

    ttl: float
    stale_while_revalidate: float = 0.0
    stale_if_error: float = 0.0
    stale_errors: tuple[type[Exception], ...] = (Exception,)
    error_rest: float = 1.0
    most_error_rest: float = 60.0
    jitter: float = 0.0
    window: float | None = None
    rule: Rule | None = None
    beta: float | None = None
    soft_timeout: float | None = None
    hard_timeout: float | None = None
    lease: float = 30.0
    negative_ttl: float | None = None
    negative_errors: tuple[type[Exception], ...] = ()
    adaptive: Adaptive | None = None
    tags: tuple[str, ...] = ()
    l1_seconds: float | None = None
    copy: bool = False

    def __post_init__(self) -> None:
        times = (self.ttl, self.stale_while_revalidate, self.stale_if_error, self.error_rest, self.most_error_rest)
        if not all(each >= 0 for each in times):
            raise ValueError("times of a cache's options are seconds, 0 or more")
        if not 0 <= self.jitter < 1:
            raise ValueError(f"jitter={self.jitter}: send a fraction, 0 or more and less than 1")
        if self.lease < _LEAST_LEASE:
            raise ValueError(f"lease={self.lease}: send {_LEAST_LEASE} seconds or more")
        if self.negative_errors and not self.negative_ttl:
            raise ValueError("negative_errors are kept for negative_ttl seconds: send that too")

    @property
    def stale_seconds(self) -> float:
        """How long an old copy is kept after its expiry."""
        return max(self.stale_while_revalidate, self.stale_if_error)

    @property
    def longest_ttl(self) -> float:
        return max(self.ttl, self.negative_ttl or 0.0, self.adaptive.most if self.adaptive is not None else 0.0)

    @property
    def fence_seconds(self) -> float:
        """How long a key's token is remembered: longer than any write that it must refuse could live."""
        return self.longest_ttl + self.stale_seconds + self.lease

    @property
    def wait_seconds(self) -> float:
        """How long a caller waits for somebody else's computation."""
        return self.hard_timeout if self.hard_timeout is not None else 2 * self.lease
