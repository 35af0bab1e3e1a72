"""The committed shapes are the ones that were built, small, whole and credited."""

import itertools
import json
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from brightspot.locations.report.projection import Projection
from brightspot.locations.report.shapes import CREDIT, state_shape, states_within
from dataset import digest, shapes
from dataset.catalogue import states

STATES = [each.code for each in states().values() if each.kind in {"state", "district", "territory"}]


@pytest.fixture(scope="module")
def file():
    with closing(digest.open_readonly(shapes.SHAPES)) as database:
        yield database


def test_the_file_has_the_recorded_digest():
    assert digest.content_digest(shapes.SHAPES) == shapes.recorded_digest()


def test_the_file_is_at_most_one_and_a_half_megabytes():
    assert shapes.SHAPES.stat().st_size <= 1_500_000


def test_every_state_district_and_territory_is_there(file):
    assert {code for (code,) in file.execute("SELECT code FROM states")} == set(STATES)


@pytest.mark.parametrize("code", STATES)
def test_every_ring_of_a_state_is_closed_and_every_line_used(code):
    shape = state_shape(code)
    assert all(ring[0] == ring[-1] for county in shape.counties for ring in county.rings)
    edges = {frozenset(each) for county in shape.counties for ring in county.rings for each in itertools.pairwise(ring)}
    assert all(
        frozenset(each) in edges for line in shape.lines for each in zip(line.points, line.points[1:], strict=False)
    )


def test_a_line_is_a_border_where_only_one_county_of_the_state_touches_it(file):
    touching = defaultdict(int)
    for state, rings in file.execute("SELECT state, rings FROM counties"):
        for number in (number for ring in json.loads(rings) for number in ring):
            touching[state, max(number, ~number)] += 1
    for state, line, is_border in file.execute("SELECT state, line, is_border FROM lines"):
        assert is_border == (touching[state, line] == 1)


@pytest.mark.parametrize(("code", "square_miles"), [("CO", 104_094), ("WY", 97_813), ("UT", 84_897)])
def test_a_state_is_as_large_as_the_census_bureau_measures_it(code, square_miles):
    """State Area Measurements, US Census Bureau 2010: total area."""
    shape = state_shape(code)
    projection = Projection(40.0, -109.0)
    area = sum(
        shoelace([projection.project(lat, lon) for lon, lat in ring])
        for county in shape.counties
        for ring in county.rings
    )
    assert area == pytest.approx(square_miles, rel=0.01)


def shoelace(ring):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))) / 2


def test_a_county_holds_what_lies_in_it_and_only_that():
    counties = {each.name: each for each in state_shape("MN").counties}
    assert [name for name, each in counties.items() if each.holds(44.0777, -92.4971)] == ["Olmsted County"]


def test_the_names_are_the_datasets_except_where_counties_have_changed(file):
    unknown = dict(file.execute("SELECT state, COUNT(*) FROM counties WHERE name IS NULL GROUP BY state"))
    # Valdez-Cordova; Connecticut's old counties; cities of Virginia; islets of the Pacific without a ZIP
    assert unknown == {2: 1, 9: 8, 51: 19, 60: 2, 69: 1}


def test_round_a_border_both_states_are_found():
    assert {each.code for each in states_within(-92.3, 46.6, -91.9, 46.9)} >= {"MN", "WI"}


def test_the_notice_and_the_map_credit_the_atlas():
    notice = (Path(digest.__file__).parents[2] / "NOTICE").read_text(encoding="utf-8")
    assert "us-atlas 3.0.1" in notice
    assert "Copyright 2013-2019 Michael Bostock" in notice
    assert "us-atlas 3.0.1" in CREDIT
