"""Three charts of an analysis: the overall score, the categories, and what lifts or drags against the median ZIP."""

from collections.abc import Sequence
from math import fsum
from typing import Final, NamedTuple

from brightspot.locations.analysis import Analysis, CategoryResult
from brightspot.locations.report.words import MINUS, percent_text, score_text, title_of
from brightspot.locations.scoring.explain import Driver, drivers
from brightspot.pages import Markup, element, figure, joined, label, rectangle, upright

WIDTH: Final = 680
MOST_DRIVERS: Final = 8
_MEDIAN: Final = 50.0
_ROW: Final = 26
_LABEL: Final = 120
_TRACK: Final = 300
_DRIVER_LABEL: Final = 250
_NARROWEST_SCALE: Final = 1.0


class Bar(NamedTuple):
    """One bar of the chart of lifts; `lift` is in score points."""

    label: str
    lift: float


def score_chart(analysis: Analysis) -> Markup:
    """The overall score on a scale of 0 to 100, beside the 50 that a median ZIP gets."""
    score = analysis.overall_score
    if score is None:
        return element("p", "No overall score: too little is known of this site.", class_="no-score")
    x0, width, y = 10, WIDTH - 20, 26
    marks = [label(str(each), x0 + width * each / 100, y + 36, "mark middle") for each in (0, 25, 50, 75, 100)]
    middle = x0 + width * _MEDIAN / 100
    return figure(
        "score",
        f"Overall score {score:.1f} of 100",
        f"A scale from 0 to 100. The site has {score:.1f}; a ZIP that is the median in everything has 50.",
        WIDTH,
        66,
        rectangle(x0, y, width, 20, "track"),
        rectangle(x0, y, width * score / 100, 20, "bar"),
        upright(middle, y - 6, y + 26, "axis"),
        label("median ZIP", middle, y - 10, "mark middle"),
        *marks,
    )


def category_chart(analysis: Analysis) -> Markup:
    """Each category's score as a bar, with its weight, confidence and status in words."""
    heads = [("weight", 500), ("confidence", 590), ("status", 670)]
    head = [label(name, x, 14, "mark end") for name, x in heads]
    rows = [
        _category_row(name, result, 24 + number * _ROW)
        for number, (name, result) in enumerate(analysis.categories.items())
    ]
    told = "; ".join(
        f"{title_of(name)} {score_text(each.score) if each.score is not None else 'not scored'}, weight "
        f"{percent_text(each.weight)}, confidence {each.confidence:.2f}, {each.status}"
        for name, each in analysis.categories.items()
    )
    height = 24 + len(rows) * _ROW
    middle = upright(_LABEL + _TRACK / 2, 18, height - 4, "axis dashed")
    return figure("categories", "Category scores, 0 to 100", told, WIDTH, height, *head, *rows, middle)


def lift_bars(analysis: Analysis) -> list[Bar] | None:
    """The strongest lifts and drags, and the others of each kind as one bar; together they are `overall_score` - 50.

    None where there is no overall score, or where the analysis has points that today's catalogue does not weigh.
    """
    if analysis.overall_score is None:
        return None
    try:
        found = drivers(analysis)
    except KeyError:
        return None
    up = [each for each in found if each.lift > 0]
    down = [each for each in found if each.lift < 0]
    bars = [Bar(title_of(each.name), each.lift) for each in (*up[:MOST_DRIVERS], *down[-MOST_DRIVERS:])]
    at = len(up[:MOST_DRIVERS])
    others = (_together(up[MOST_DRIVERS:], "lift"), _together(down[:-MOST_DRIVERS], "drag"))
    return [*bars[:at], *(each for each in others if each is not None), *bars[at:]]


def lift_chart(analysis: Analysis) -> Markup:
    """The bars of `lift_bars` on both sides of the median."""
    bars = lift_bars(analysis)
    if bars is None:
        why = (
            "there is no overall score"
            if analysis.overall_score is None
            else "it was made with other points than today's"
        )
        return element("p", f"What lifts or drags cannot be told: {why}.")
    low = min([0.0, *(each.lift for each in bars)])
    high = max([0.0, *(each.lift for each in bars)])
    span = max(_NARROWEST_SCALE, high - low)
    x0, width = _DRIVER_LABEL + 50, WIDTH - _DRIVER_LABEL - 108  # room for a figure on either side
    zero, scale = x0 - low / span * width, width / span
    rows = [_lift_row(bar, zero, scale, 8 + number * 20) for number, bar in enumerate(bars)]
    height = 12 + len(bars) * 20
    told = "; ".join(f"{each.label} {each.lift:+.2f}" for each in bars)
    return figure(
        "lifts",
        f"What lifts (+) and drags (-) the score from 50 to {analysis.overall_score:.1f}, in score points",
        told,
        WIDTH,
        height,
        *rows,
        upright(zero, 2, height - 2, "axis"),
    )


def _together(left: Sequence[Driver], does: str) -> Bar | None:
    return Bar(f"{len(left)} more that {does}", fsum(each.lift for each in left)) if left else None


def _category_row(name: str, result: CategoryResult, y: int) -> Markup:
    score = result.score
    bar = (
        label("too little is known", _LABEL + 6, y + 13, "mark")
        if score is None
        else joined(
            rectangle(_LABEL, y, _TRACK * score / 100, 18, "bar" if result.status == "scored" else "bar hatched"),
            label(score_text(score), _LABEL + _TRACK + 8, y + 14, "number"),
        )
    )
    return joined(
        label(title_of(name), _LABEL - 8, y + 14, "label end"),
        rectangle(_LABEL, y, _TRACK, 18, "track"),
        bar,
        label(percent_text(result.weight), 500, y + 14, "number end"),
        label(f"{result.confidence:.2f}", 590, y + 14, "number end"),
        label(result.status, 670, y + 14, "label end"),
    )


def _lift_row(bar: Bar, zero: float, scale: float, y: int) -> Markup:
    end = zero + bar.lift * scale
    left, kind = (zero, "bar") if bar.lift >= 0 else (end, "bar hatched")
    beside = (end + 4, "number") if bar.lift >= 0 else (end - 4, "number end")
    return joined(
        label(bar.label, _DRIVER_LABEL, y + 11, "label end"),
        rectangle(left, y, abs(bar.lift) * scale, 14, kind),
        label(f"{bar.lift:+.2f}".replace("-", MINUS), beside[0], y + 11, beside[1]),
    )
