"""How the figures of panels are read of what was counted and measured."""

from collections.abc import Callable

from brightspot.operations.dashboards.seen import Seen
from brightspot.operations.dashboards.tile import Reading
from brightspot.operations.timings import by_labels, merged
from brightspot.telemetry import Counter, Distribution, Figures, Metric

type Labels = tuple[str, ...]
type Read = Callable[[Seen], Reading]
type Keep = Callable[[Labels], bool]


def unknown(reason: str) -> Read:
    """Of what nobody measures."""
    return lambda _: Reading(None, reason)


def counted(counter: Counter, keep: Keep | None = None) -> Read:
    """How often it happened, with those labels that are to be kept."""
    return _with_points(lambda figures: _count(figures, counter, keep))


def share(part: tuple[Counter, Keep | None], *whole: tuple[Counter, Keep | None]) -> Read:
    """The share (0 to 1) of a part in all of `whole`; not known when there is none."""

    def read(figures: Figures) -> float | None:
        everything = sum(_count(figures, *each) for each in whole)
        return _count(figures, *part) / everything if everything else None

    return _with_points(read)


def quantile_ms(distribution: Distribution, at: float, keep: Keep | None = None) -> Read:
    """A quantile of times in milliseconds, within 1 %; not known without any."""

    def read(figures: Figures) -> float | None:
        value = merged(each for _, each in _told(figures.sketches, distribution, keep)).quantile(at)
        return None if value is None else value * 1000

    return _with_points(read)


def labelled(*values: str, at: int = 0) -> Keep:
    """Those whose label in a place has one of these values, or begins so where the value ends with a star."""

    def keep(labels: Labels) -> bool:
        told = labels[at]
        return any(told.startswith(each[:-1]) if each.endswith("*") else told == each for each in values)

    return keep


def route(key: str, status: str = "2*") -> Keep:
    """Requests of a route that were answered so; the route as its key begins."""
    its, answered = labelled(key), labelled(status, at=1)
    return lambda labels: its(labels) and answered(labels)


def _with_points(read: Callable[[Figures], float | None]) -> Read:
    def reading(seen: Seen) -> Reading:
        value = read(seen.figures)
        return Reading(value, "there was none in this time" if value is None else None, seen.points(read))

    return reading


def _count(figures: Figures, counter: Counter, keep: Keep | None) -> int:
    return sum(number for _, number in _told(figures.counters, counter, keep))


def _told[T](told: dict[Labels, T], metric: Metric, keep: Keep | None) -> list[tuple[Labels, T]]:
    return [(labels, each) for labels, each in by_labels(told, metric.name) if keep is None or keep(labels)]
