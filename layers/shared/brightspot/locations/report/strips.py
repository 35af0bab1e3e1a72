"""Strips of percentiles: where each point of the site stands among all US ZIPs."""

from typing import Final

from brightspot.locations.analysis import Analysis, CategoryResult, PointResult
from brightspot.locations.report.words import title_of
from brightspot.pages import Markup, element, figure, joined, label

_WIDTH: Final = 680
_LEFT: Final = 120
_TRACK: Final = 540
_ROW: Final = 30
_SMALL: Final = 60


def strips(analysis: Analysis) -> Markup:
    """One strip for each category with a tick for each scored point, turned so that the right end is the better one."""
    rows = [_strip(name, each, number) for number, (name, each) in enumerate(analysis.categories.items())]
    base = len(rows) * _ROW + 22
    ends = [
        label("worst of all ZIPs", _LEFT, base, "mark"),
        label("median", _LEFT + _TRACK / 2, base, "mark middle"),
        label("best of all ZIPs", _LEFT + _TRACK, base, "mark end"),
    ]
    told = "; ".join(_told(name, each) for name, each in analysis.categories.items())
    middle = element("path", d=f"M{_LEFT + _TRACK / 2:g} 4V{base - 14}", class_="axis dashed")
    return figure("strips", "Where each point stands among all US ZIPs", told, _WIDTH, base + 6, *rows, middle, *ends)


def small_strip(point: PointResult) -> Markup:
    """The percentile of one point as a mark on a line of 0 to 100, as it was counted; nothing where there is none."""
    if point.percentile is None:
        return joined()
    x = 1 + (_SMALL - 2) * point.percentile / 100
    return element(
        "svg",
        element("path", d=f"M0 6H{_SMALL}", class_="rail"),
        element("path", d=f"M{x:.1f} 1V11", class_="tick"),
        viewBox=f"0 0 {_SMALL} 12",
        class_="strip",
        aria_hidden="true",
    )


def goodness(point: PointResult) -> float | None:
    """The percentile turned so that 100 is the best; None of what is not scored."""
    if point.percentile is None or point.direction == "context":
        return None
    return point.percentile if point.direction == "higher_is_better" else 100.0 - point.percentile


def _strip(name: str, category: CategoryResult, number: int) -> Markup:
    y = 6 + number * _ROW
    spots = [each for point in category.points.values() if (each := goodness(point)) is not None]
    ticks = "".join(f"M{_LEFT + _TRACK * each / 100:.1f} {y}v18" for each in sorted(spots))
    return joined(
        label(title_of(name), _LEFT - 8, y + 13, "label end"),
        element("path", d=f"M{_LEFT} {y + 9}h{_TRACK}", class_="rail"),
        element("path", d=ticks, class_="tick") if ticks else label("no point was scored", _LEFT + 6, y + 6, "mark"),
    )


def _told(name: str, category: CategoryResult) -> str:
    spots = [each for point in category.points.values() if (each := goodness(point)) is not None]
    better = sum(each >= 50 for each in spots)  # noqa: PLR2004  # the median
    return f"{title_of(name)}: {better} of {len(spots)} scored points at or above the median"
