"""What is unusual lately about operations and routes: how long they take, how many are called, how many fail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from brightspot.operations.timings import by_name, failed_operations, failed_requests
from brightspot.operations.trends import ENOUGH, ENOUGH_SEASONS, Anomaly, anomalies
from brightspot.telemetry import OPERATION_SECONDS, REQUEST_SECONDS, Figures, Sketch

Measure = Literal["p95_ms", "calls", "errors"]
Unit = Literal["minute", "hour"]
FALSE_ALARMS: Final = 0.0001  # of each value that is judged
_DAY: Final = 24
_SEASONS: Final[Mapping[Unit, int | None]] = {"minute": None, "hour": _DAY}
_FEWEST: Final[Mapping[Unit, int]] = {"minute": ENOUGH, "hour": ENOUGH_SEASONS * _DAY}
_SECONDS: Final[Mapping[Unit, int]] = {"minute": 60, "hour": 3600}
_TIMED: Final = 20  # calls, for one in twenty to be slower
_CALLED: Final = 5  # in the usual minute or hour; of fewer, bursts and pauses are usual
_FLOOR: Final = 0.05  # 5 %: durations that differ by less are alike, whatever their spread
_SENTENCES: Final[Mapping[Measure, str]] = {
    "p95_ms": "one in twenty took {value:,.0f} ms or more {when}, where {expected:,.0f} ms are usual",
    "calls": "{value:,.0f} calls in the {unit} {when}, where {expected:,.0f} are usual",
    "errors": "{value:,.0f} calls failed in the {unit} {when}, where {expected:,.0f} are usual",
}


class Unusual(msgspec.Struct, frozen=True):
    """Minutes or hours in a row that were unusual alike: `value`, `expected` and `score` are those of the worst.

    `subject` is an operation or a route. `score` is the distance in usual deviations; `first` and `last` are when the
    minutes or hours began.
    """

    subject: str
    measure: Measure
    unit: Unit
    first: str
    last: str
    value: float
    expected: float
    score: float
    direction: Literal["high", "low"]
    sentence: str


class Look(msgspec.Struct, frozen=True):
    """What was found among so many values; without figures enough, what they `lack`."""

    found: list[Unusual]
    values: int
    lack: str | None


class _Series(msgspec.Struct):
    subject: str
    measure: Measure
    values: list[float | None]
    calls: list[int | None]


def unusual(figures: Mapping[int, Figures], unit: Unit, last: int) -> Look:
    """Of the last of these finished minutes, against all of them; of hours, against those at the same time of day.

    They are counted since 1970; one that is not there is a gap.
    """
    first = min(figures, default=0)
    span = [figures.get(at) for at in range(first, max(figures, default=-1) + 1)]
    if len(span) < _FEWEST[unit]:
        return Look([], 0, f"needs {_FEWEST[unit]} {unit}s of figures, has {len(span)}")
    found, values = [], 0
    for series in _every_series(span):
        judged = _judged(series, unit, last)
        values += 0 if judged is None else sum(each is not None for each in series.values[-last:])
        found += [_told(series, unit, first, run) for run in _runs(judged or [])]
    return Look(found, values, None)


def _every_series(span: Sequence[Figures | None]) -> Iterator[_Series]:
    for what, timed, failed in (
        ("operation", OPERATION_SECONDS, failed_operations),
        ("route", REQUEST_SECONDS, failed_requests),
    ):
        sketches = [None if each is None else by_name(each, timed) for each in span]
        errors = [None if each is None else failed(each) for each in span]
        for name in sorted({name for each in sketches for name in each or ()}):
            subject, found = f"{what} {name}", [None if each is None else each.get(name, Sketch()) for each in sketches]
            calls = [None if each is None else each.count for each in found]
            yield _Series(subject, "p95_ms", [_p95(each) for each in found], calls)
            yield _Series(subject, "calls", [*calls], calls)
            yield _Series(subject, "errors", [None if each is None else each.get(name, 0) for each in errors], calls)


def _p95(sketch: Sketch | None) -> float | None:
    """In milliseconds; None of few calls."""
    if sketch is None or sketch.count < _TIMED:
        return None
    seconds = sketch.quantile(0.95)
    return None if seconds is None else seconds * 1000


def _judged(series: _Series, unit: Unit, last: int) -> list[Anomaly] | None:
    ratio = series.measure == "p95_ms"
    found = anomalies(
        series.values,
        kind="ratio" if ratio else "count",
        season=_SEASONS[unit],
        false_alarms=FALSE_ALARMS,
        floor=_FLOOR if ratio else 0.0,
        last=last,
    )
    return None if found is None else [each for each in found if _matters(each, series)]


def _matters(found: Anomaly, series: _Series) -> bool:
    """More errors only because of more calls are usual, and fewer of them no news."""
    if series.measure == "errors":
        share = sum(each or 0 for each in series.values) / sum(each or 0 for each in series.calls)
        return found.direction == "high" and found.value > share * (series.calls[found.index] or 0)
    return series.measure == "p95_ms" or found.expected >= _CALLED


def _runs(found: Iterable[Anomaly]) -> list[list[Anomaly]]:
    """Those in a row that are unusual alike."""
    runs: list[list[Anomaly]] = []
    for each in found:
        if runs and (each.index, each.direction) == (runs[-1][-1].index + 1, runs[-1][-1].direction):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _told(series: _Series, unit: Unit, begin: int, run: Sequence[Anomaly]) -> Unusual:
    worst = max(run, key=lambda each: abs(each.score))
    first, last = (_time((begin + each.index) * _SECONDS[unit]) for each in (run[0], run[-1]))
    when = f"at {first}" if len(run) == 1 else f"from {first} to {last}"
    figures = {"value": worst.value, "expected": worst.expected, "unit": unit, "when": when}
    return Unusual(
        subject=series.subject,
        measure=series.measure,
        unit=unit,
        first=first,
        last=last,
        value=round(worst.value, 3),
        expected=round(worst.expected, 3),
        score=worst.score,
        direction=worst.direction,
        sentence=f"{series.subject}: {_SENTENCES[series.measure].format(**figures)}",
    )


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")
