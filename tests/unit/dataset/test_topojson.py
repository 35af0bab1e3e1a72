"""TopoJSON: what a topology means, and that nothing is lost on the way into the file."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset import topojson
from dataset.shapes import steps_of

SCALE, TRANSLATE = (0.01, 0.02), (-180.0, -15.0)
whole = st.integers(-20_000, 20_000)
lines = st.lists(st.lists(st.tuples(whole, whole), min_size=2, max_size=12), min_size=1, max_size=6)


def topology(positions):
    """The topology whose arcs have these quantised positions."""
    arcs = []
    for line in positions:
        ends = [(0, 0), *line]
        arcs.append([[b[0] - a[0], b[1] - a[1]] for a, b in zip(ends, line, strict=False)])
    return {"transform": {"scale": SCALE, "translate": TRANSLATE}, "arcs": arcs}


@given(lines)
def test_an_arc_is_the_running_sum_of_its_steps_scaled_and_moved(positions):
    decoded = topojson.arcs(topology(positions))
    assert [len(each) for each in decoded] == [len(each) for each in positions]
    for line, points in zip(positions, decoded, strict=True):
        for (x, y), (lon, lat) in zip(line, points, strict=True):
            assert lon == pytest.approx(x * 0.01 - 180)
            assert lat == pytest.approx(y * 0.02 - 15)


@given(st.lists(st.tuples(whole, whole), min_size=4, max_size=30, unique=True), st.data())
def test_a_ring_that_is_cut_into_arcs_in_either_direction_is_the_same_ring(corners, data):
    ring = [*corners, corners[0]]
    cuts = sorted(data.draw(st.sets(st.integers(1, len(ring) - 2), max_size=4)))
    ends = [0, *cuts, len(ring) - 1]
    arcs, numbers = {}, []
    for number, (start, end) in enumerate(itertools.pairwise(ends)):
        turned = data.draw(st.booleans())
        piece = ring[start : end + 1]
        arcs[number] = piece[::-1] if turned else piece
        numbers.append(~number if turned else number)
    assert topojson.stitched(numbers, arcs) == ring


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=40))
def test_a_stored_line_is_never_further_off_than_its_rounding(points):
    steps = steps_of(points)
    x, y, seen = 0, 0, []
    for step_x, step_y in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + step_x, y + step_y
        seen.append((x, y))
    wanted = [(round(lon * 10_000), round(lat * 10_000)) for lon, lat in points]
    assert seen == [each for at, each in enumerate(wanted) if at == 0 or each != wanted[at - 1]]


def test_the_rings_of_a_multipolygon_are_those_of_its_polygons_holes_included():
    polygon = {"type": "Polygon", "arcs": [[0, 1], [2]]}
    both = {"type": "MultiPolygon", "arcs": [[[0, 1], [2]], [[~3]]]}
    assert list(topojson.rings(polygon)) == [[0, 1], [2]]
    assert list(topojson.rings(both)) == [[0, 1], [2], [~3]]
