"""One panel of a map: a window on the plane of a projection, and what is drawn in it to scale.

Inside a panel a unit is a tenth of a pixel, so that paths are whole numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10
from typing import Final

from brightspot.locations.report.projection import Projection
from brightspot.locations.report.shapes import Point
from brightspot.pages import Markup, element, joined

UNITS: Final = 10
_CLOSE: Final = 6  # points nearer to the last one than 0.6 pixels say nothing more
_SCALE_SHARE: Final = 0.3
_INSET: Final = 100

Dot = tuple[int, int]
Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Panel:
    """`width` by `height` pixels round `middle`, which is in miles east and north of the projection's centre."""

    projection: Projection
    middle: tuple[float, float]
    miles_a_pixel: float
    width: int
    height: int

    def at(self, lat: float, lon: float) -> Dot:
        """Where a place lies in the panel."""
        east, north = self.projection.project(lat, lon)
        scale = UNITS / self.miles_a_pixel
        x = (east - self.middle[0]) * scale + self.width * UNITS / 2
        y = (self.middle[1] - north) * scale + self.height * UNITS / 2
        return round(x), round(y)

    def length(self, miles: float) -> int:
        """How long so many miles are."""
        return round(miles / self.miles_a_pixel * UNITS)

    def paths(self, lines: Iterable[Sequence[Point]], *, closed: bool = False) -> str:
        """The lines that can be seen, as the `d` of one path."""
        return "".join(self._path(line, closed=closed) for line in lines)

    @property
    def furniture(self) -> tuple[Box, Box]:
        """What the scale bar and the arrow to the north cover."""
        right, bottom = self.width * UNITS, self.height * UNITS
        return (0, bottom - 250, right // 2, bottom), (right - 300, 0, right, 450)

    def holds(self, box: Box) -> bool:
        """Whether a box lies wholly inside."""
        return box[0] > 0 and box[1] > 0 and box[2] < self.width * UNITS and box[3] < self.height * UNITS

    def drawn(self, x: int, y: int, *content: str) -> Markup:
        """The panel with its content, scale bar and arrow to the north, at `x`, `y` pixels of the figure."""
        inner = (self.width * UNITS, self.height * UNITS)
        frame = element("rect", x=0, y=0, width=inner[0], height=inner[1], class_="frame")
        return element(
            "svg",
            *content,
            self._scale_bar(),
            self._north(),
            frame,
            x=x,
            y=y,
            width=self.width,
            height=self.height,
            viewBox=f"0 0 {inner[0]} {inner[1]}",
        )

    def _path(self, line: Sequence[Point], *, closed: bool) -> str:
        dots = _thinned([self.at(lat, lon) for lon, lat in line])
        if len(dots) < 2 or not self._touches(dots):  # noqa: PLR2004  # one dot is no line
            return ""
        steps = " ".join(f"{x - last_x} {y - last_y}" for (last_x, last_y), (x, y) in pairwise(dots))
        return f"M{dots[0][0]} {dots[0][1]}l{steps.replace(' -', '-')}{'z' if closed else ''}"

    def _touches(self, dots: Sequence[Dot]) -> bool:
        xs, ys = [x for x, _ in dots], [y for _, y in dots]
        return max(xs) >= 0 and min(xs) <= self.width * UNITS and max(ys) >= 0 and min(ys) <= self.height * UNITS

    def _scale_bar(self) -> Markup:
        miles = round_length(self.width * self.miles_a_pixel * _SCALE_SHARE)
        left, base = _INSET, self.height * UNITS - _INSET
        right = left + self.length(miles)
        bar = f"M{left} {base - 50}V{base}H{right}V{base - 50}"
        told = f"{miles:g} {'mile' if miles == 1 else 'miles'}"
        return joined(
            element("path", d=bar, class_="halo"),
            element("path", d=bar, class_="scale"),
            element("text", told, x=right + 50, y=base, class_="mark"),
        )

    def _north(self) -> Markup:
        x, y = self.width * UNITS - 160, 90
        arrow = f"M{x} {y}l60 170-60-40-60 40z"
        return joined(
            element("path", d=arrow, class_="north"), element("text", "N", x=x, y=y + 280, class_="mark middle")
        )


def round_length(most: float) -> float:
    """The longest of 1, 2 and 5 times a power of ten that is at most `most` (above 0)."""
    power = 10.0 ** floor(log10(most))
    return max(power * each for each in (1, 2, 5) if power * each <= most or each == 1)


def _thinned(dots: Sequence[Dot]) -> list[Dot]:
    """The dots without those that nobody could tell from the one before; both ends stay."""
    kept = [dots[0]]
    for x, y in dots[1:-1]:
        last_x, last_y = kept[-1]
        if abs(x - last_x) >= _CLOSE or abs(y - last_y) >= _CLOSE:
            kept.append((x, y))
    return [*kept, dots[-1]] if len(dots) > 1 else kept
