"""The charts add up, are well-formed and say in words what they show."""

from math import fsum
from xml.etree import ElementTree as ET

import pytest

from brightspot.locations.dataset.points import POINTS
from brightspot.locations.report.charts import MOST_DRIVERS, category_chart, lift_bars, lift_chart, score_chart
from brightspot.locations.report.strips import goodness, small_strip, strips
from brightspot.locations.scoring.explain import drivers
from tests.unit.locations.report.made import analysis, point

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def many():
    """An analysis of all points of demographics, each ranked otherwise."""
    catalogue = [each for each in POINTS if each.category == "demographics"]
    points = {
        each.name: point(percentile=float(4 * number), direction=each.direction)
        for number, each in enumerate(catalogue)
    }
    made = analysis(points)
    score = 50 + fsum(each.lift for each in drivers(made))
    return analysis(points, score=score)


def test_the_bars_add_up_to_the_score_less_fifty(many):
    bars = lift_bars(many)
    assert fsum(each.lift for each in bars) == pytest.approx(many.overall_score - 50)
    assert len(bars) <= 2 * MOST_DRIVERS + 2
    assert any(" more that " in each.label for each in bars)


def test_without_an_overall_score_nothing_lifts():
    assert lift_bars(analysis(score=None)) is None
    assert "there is no overall score" in lift_chart(analysis(score=None))
    assert "No overall score" in score_chart(analysis(score=None))


def test_points_that_are_no_more_in_the_catalogue_are_said_to_be_so():
    assert "other points than today" in lift_chart(analysis({"of_old": point()}))


@pytest.mark.parametrize("draw", [score_chart, category_chart, lift_chart, strips])
def test_every_chart_is_well_formed_and_reads_itself_out(many, draw):
    svg = ET.fromstring(draw(many))
    ids = svg.get("aria-labelledby").split()
    assert (svg.tag, svg.get("role"), len(ids)) == (f"{SVG}svg", "img", 2)
    assert all(each.text for each in svg if each.get("id") in ids)


@pytest.mark.parametrize("score", [0.0, 50.0, 100.0])
def test_a_bar_is_as_long_as_its_score_and_stays_on_its_track(score):
    track, bar = ET.fromstring(score_chart(analysis(score=score))).findall(f"{SVG}rect")
    assert float(bar.get("width")) == pytest.approx(float(track.get("width")) * score / 100)


def test_a_category_without_a_score_says_so_instead_of_drawing_a_bar():
    assert "too little is known" in category_chart(analysis())


@pytest.mark.parametrize(
    ("direction", "better"), [("higher_is_better", 80.0), ("lower_is_better", 20.0), ("context", None)]
)
def test_the_right_end_of_a_strip_is_the_better_one(direction, better):
    assert goodness(point(percentile=80.0, direction=direction)) == better


def test_a_point_without_a_percentile_has_no_mark():
    assert small_strip(point(percentile=None)) == ""


def test_one_single_point_that_drags_can_be_drawn():
    made = analysis({"population": point(percentile=0.0)}, score=0.0)
    assert [(each.label, each.lift) for each in lift_bars(made)] == [("Population", -50.0)]
    ET.fromstring(lift_chart(made))


def test_points_that_neither_lift_nor_drag_leave_an_empty_chart():
    made = analysis({"population": point(percentile=50.0)}, score=50.0)
    assert lift_bars(made) == []
    ET.fromstring(lift_chart(made))
