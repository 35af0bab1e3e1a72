"""How long things took, told from sketches; and what metrics were told, by their labels."""

from collections.abc import Iterable, Mapping

import msgspec

from brightspot.telemetry import HTTP_REQUESTS, OPERATION_ERRORS, Counter, Distribution, Figures, Sketch

_FAILED = "5"  # statuses that begin so


class Timing(msgspec.Struct, frozen=True):
    """How long something took, in milliseconds: the mean exactly, quantiles within 1 %. Null when it never happened."""

    count: int
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


def timing(sketch: Sketch) -> Timing:
    """Of a sketch in seconds."""
    told = [sketch.mean, *(sketch.quantile(share) for share in (0.5, 0.95, 0.99))]
    return Timing(sketch.count, *(None if each is None else round(each * 1000, 3) for each in told))


def by_labels[T](told: Mapping[tuple[str, ...], T], name: str) -> list[tuple[tuple[str, ...], T]]:
    """What a metric was told, by the values of its labels, in their order."""
    return [(series[1:], told[series]) for series in sorted(told) if series[0] == name]


def by_name(figures: Figures, distribution: Distribution) -> dict[str, Sketch]:
    """Sketches by the first label, all others merged."""
    told: dict[str, list[Sketch]] = {}
    for labels, sketch in by_labels(figures.sketches, distribution.name):
        told.setdefault(labels[0], []).append(sketch)
    return {name: merged(sketches) for name, sketches in told.items()}


def failed_operations(figures: Figures) -> dict[str, int]:
    """How many calls of each operation raised."""
    return _by_name_of(figures, OPERATION_ERRORS, "")


def failed_requests(figures: Figures) -> dict[str, int]:
    """How many requests of each route were answered 5xx."""
    return _by_name_of(figures, HTTP_REQUESTS, _FAILED)


def merged(sketches: Iterable[Sketch]) -> Sketch:
    """One sketch of what all of them counted."""
    added = Sketch()
    for each in sketches:
        added.merge(each)
    return added


def _by_name_of(figures: Figures, counter: Counter, begins: str) -> dict[str, int]:
    """By the first label of a counter, what it counted with a second one that begins so."""
    counted: dict[str, int] = {}
    for (name, kind), number in by_labels(figures.counters, counter.name):
        if kind.startswith(begins):
            counted[name] = counted.get(name, 0) + number
    return counted
