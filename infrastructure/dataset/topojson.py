"""TopoJSON: the arcs of a quantised topology as points in degrees, and rings as numbers of arcs.

Source of the format: the TopoJSON specification 1.0 (github.com/topojson/topojson-specification), sections 2.1.3 arcs
and 2.2 geometry objects.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Point = tuple[float, float]
Ring = Sequence[int]


def arcs(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Every arc as (longitude, latitude) in degrees.

    A position is stored as its difference from the one before it, in whole steps: x = sum(dx) * scale + translate.
    """
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for stored in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in stored:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + left, y * scale_y + bottom))
        found.append(points)
    return found


def rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """The rings of a Polygon or MultiPolygon, outer ones and holes alike.

    A ring is the numbers of its arcs in order; ~n is arc n from its end to its start.
    """
    for polygon in [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]:
        yield from polygon


def stitched(ring: Ring, arcs_by_number: Mapping[int, Sequence[Point]]) -> list[Point]:
    """The points of a ring; the first one is also the last one. Where two arcs meet, their common point comes once."""
    points: list[Point] = []
    for number in ring:
        arc = arcs_by_number[number] if number >= 0 else arcs_by_number[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points
