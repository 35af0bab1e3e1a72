"""Charts over time: lines with gaps where nothing is known, and what is expected with its interval."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import floor, log10
from typing import Final, Literal, NamedTuple

from brightspot.operations.reports.words import scale_text
from brightspot.pages import Markup, element, figure, joined, label, rectangle, upright

WIDTH: Final = 680
HEIGHT: Final = 190
_LEFT: Final = 62
_RIGHT: Final = 8
_TOP: Final = 26
_FOOT: Final = 24
_GROUND: Final = HEIGHT - _FOOT
_ACROSS: Final = WIDTH - _LEFT - _RIGHT
_DOWN: Final = _GROUND - _TOP
_MOST_TICKS: Final = 8
_LEAST: Final = 1e-9  # what is smaller is drawn as nothing
_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_DAY: Final = timedelta(days=1)
Kind = Literal["solid", "dashed", "dotted"]


class Line(NamedTuple):
    """One series: its name, how it is drawn, and a value for each slot, None where it is not known."""

    name: str
    kind: Kind
    values: Sequence[float | None]


class Band(NamedTuple):
    """An interval for each slot, None where there is none."""

    name: str
    low: Sequence[float | None]
    high: Sequence[float | None]


class Chart(NamedTuple):
    """What a chart shows. `name` is its id, `gaps` are slots of which nothing is known at all."""

    name: str
    title: str
    told: str
    unit: str
    times: Sequence[datetime]
    lines: Sequence[Line]
    gaps: Sequence[bool] = ()
    band: Band | None = None


def drawn(chart: Chart) -> Markup:
    """The chart; each line is named above it, and its scale begins at zero."""
    top = _nice(max(_values(chart), default=0.0))
    band = [] if chart.band is None else [_area(chart.band, top)]
    lines = [element("path", d=_path(each.values, top), class_=f"line {each.kind}") for each in chart.lines]
    return figure(
        chart.name,
        chart.title,
        chart.told,
        WIDTH,
        HEIGHT,
        *_gaps(chart.gaps),
        *band,
        *_scale(top, chart.unit),
        *_ticks(chart.times),
        *lines,
        *_names(chart),
    )


def runs(known: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The stretches of what is true, each from its first slot to the one after its last."""
    begun: int | None = None
    for slot, each in enumerate([*known, False]):
        if each and begun is None:
            begun = slot
        elif not each and begun is not None:
            yield begun, slot
            begun = None


def _values(chart: Chart) -> list[float]:
    high = () if chart.band is None else chart.band.high
    return [each for several in (*(line.values for line in chart.lines), high) for each in several if each is not None]


def _nice(most: float) -> float:
    """The end of a scale: the next of 1, 2, 2.5 and 5 times a power of ten."""
    if most < _LEAST:
        return 1.0
    power = 10.0 ** floor(log10(most))
    return next(each * power for each in _ROUND if each * power >= most * (1 - 1e-9))


def _x(slot: float, slots: int) -> float:
    """The middle of a slot at half a step: 0 is the left edge of the first."""
    return _LEFT + _ACROSS * slot / max(1, slots)


def _y(value: float, top: float) -> float:
    return _GROUND - _DOWN * value / top


def _path(values: Sequence[float | None], top: float) -> str:
    """A line through the middles of slots, broken where nothing is known; a value alone is a dash."""
    slots, parts = len(values), []
    for first, end in runs([each is not None for each in values]):
        spots = [(_x(slot + 0.5, slots), _y(values[slot] or 0.0, top)) for slot in range(first, end)]
        if len(spots) == 1:
            (x, y) = spots[0]
            spots = [(x - 2, y), (x + 2, y)]
        parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots))
    return "".join(parts) or f"M{_LEFT} {_GROUND}"


def _area(band: Band, top: float) -> Markup:
    slots, parts = len(band.low), []
    for first, end in runs([each is not None for each in band.low]):
        across = [_x(slot + 0.5, slots) for slot in range(first, end)]
        up = [_y(band.high[slot] or 0.0, top) for slot in range(first, end)]
        down = [_y(band.low[slot] or 0.0, top) for slot in range(first, end)]
        edge = [*zip(across, up, strict=True), *reversed([*zip(across, down, strict=True)])]
        parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in edge) + "Z")
    return element("path", d="".join(parts) or f"M{_LEFT} {_GROUND}", class_="band")


def _gaps(gaps: Sequence[bool]) -> list[Markup]:
    return [
        rectangle(_x(first, len(gaps)), _TOP, _x(end, len(gaps)) - _x(first, len(gaps)), _DOWN, "gap")
        for first, end in runs(gaps)
    ]


def _scale(top: float, unit: str) -> list[Markup]:
    marks = []
    for share in (0.0, 0.5, 1.0):
        y = _y(top * share, top)
        rail = element("path", d=f"M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}", class_="axis" if share == 0 else "rail")
        marks.append(joined(rail, label(scale_text(top * share, unit), _LEFT - 6, y + 4, "mark end")))
    return marks


def _ticks(times: Sequence[datetime]) -> list[Markup]:
    """Some moments below the ground: hours of a day or two, else the beginnings of days."""
    slots = len(times)
    step, first, by_hour = max(1, -(-slots // _MOST_TICKS)), 0, False
    if slots > 1 and (a_day := int(_DAY / (times[1] - times[0]))) > 1:
        by_hour = times[-1] - times[0] < 2 * _DAY
        if not by_hour:
            step, first = -(-step // a_day) * a_day, next(slot for slot, at in enumerate(times) if at.hour == 0)
    told = []
    for slot in range(first, slots, step):
        x, at = _x(slot, slots), times[slot]
        text = f"{at:%H:%M}" if by_hour else f"{at.day} {at:%b}"
        told.append(joined(upright(x, _GROUND, _GROUND + 4, "axis"), label(text, x, _GROUND + 17, "mark")))
    return told


def _names(chart: Chart) -> list[Markup]:
    told, x = [], _LEFT
    for each in chart.lines:
        sample = element("path", d=f"M{x} 11h22", class_=f"line {each.kind}")
        told.append(joined(sample, label(each.name, x + 28, 15, "mark")))
        x += 44 + 7 * len(each.name)
    for name, kind in (
        (chart.band.name if chart.band else "", "band"),
        ("not known" if any(chart.gaps) else "", "gap"),
    ):
        if name:
            told.append(joined(rectangle(x, 4, 22, 13, kind), label(name, x + 28, 15, "mark")))
            x += 44 + 7 * len(name)
    return told
