"""How long things took, told from sketches; and what metrics were told, by their labels."""

from collections.abc import Iterable, Mapping

import msgspec

from brightspot.telemetry import Sketch


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


def merged(sketches: Iterable[Sketch]) -> Sketch:
    """One sketch of what all of them counted."""
    added = Sketch()
    for each in sketches:
        added.merge(each)
    return added
