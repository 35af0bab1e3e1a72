"""How much of a state its map shows: nearly all of its land, and the site."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum
from typing import Final

from brightspot.locations.report.projection import Projection
from brightspot.locations.report.shapes import StateShape

_KEPT: Final = 0.995  # of the land: without it, the far islets of Hawaii would fill its map with sea
_Spot = tuple[float, float]


def extent_of(
    shape: StateShape, projection: Projection, site: tuple[float, float]
) -> tuple[float, float, float, float]:
    """West, south, east and north end in miles on the projection.

    It holds the largest pieces of land that make up 99.5 % of the state's area, and the site (latitude, longitude).
    """
    pieces = [[projection.project(lat, lon) for lon, lat in ring] for county in shape.counties for ring in county.rings]
    spots = [projection.project(*site), *(spot for piece in _largest(pieces) for spot in piece)]
    xs, ys = zip(*spots, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _largest(pieces: Sequence[Sequence[_Spot]]) -> Iterable[Sequence[_Spot]]:
    by_area = sorted(((_area(piece), piece) for piece in pieces), key=lambda each: -each[0])
    wanted, seen = _KEPT * fsum(area for area, _ in by_area), 0.0
    for area, piece in by_area:
        if seen >= wanted:
            return
        seen += area
        yield piece


def _area(ring: Sequence[_Spot]) -> float:
    """Square miles inside a closed ring: half of the sum of x_i y_i+1 - x_i+1 y_i (the shoelace formula)."""
    return abs(fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2
