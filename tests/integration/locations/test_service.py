"""An analysis over the embedded dataset, from address to answer."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from math import fsum
from random import Random

import msgspec
import pytest

from brightspot.core.clock import SystemClock
from brightspot.core.codec import dumps
from brightspot.locations import AddressError, Analysis, AnalysisService, AnalyzeRequest, drivers, shared_dataset
from brightspot.locations.analysis_service import AnalysisSettings
from brightspot.locations.collectors.embedded import embedded_collectors
from brightspot.locations.dataset.points import CATEGORIES, COLLECTORS, POINTS
from brightspot.locations.gazetteer.locate import Gazetteer
from brightspot.locations.past.seam import MemoryHistory
from brightspot.resilience import Breakers, BreakerSettings


class Broken:
    """Stands in for the collector `name`: raises, or hangs until released."""

    source = "fake"

    def __init__(self, name, collect):
        self.name = name
        self.collect = lambda site, deadline: collect()


@pytest.fixture
def build():
    def make(*, replacing=(), settings=None, clock=None):
        dataset = shared_dataset()
        replaced = {each.name: each for each in replacing}
        collectors = tuple(replaced.get(each.name, each) for each in embedded_collectors(dataset))
        clock = clock or SystemClock()
        return AnalysisService(
            dataset=dataset,
            gazetteer=Gazetteer(dataset),
            collectors=collectors,
            history=MemoryHistory(),
            breakers=Breakers(None, clock, BreakerSettings(), Random(1)),
            clock=clock,
            settings=settings or AnalysisSettings(),
        )

    return make


@pytest.mark.parametrize("zip_code", ["55901", "55101", "55802"])
def test_at_least_sixty_points_are_found_where_data_are_good(build, zip_code):
    assert build().analyze(AnalyzeRequest(zip_code)).data_points_collected >= 60


def test_the_spot_values_of_rochester_stand_in_the_answer(build):
    found = build().analyze(AnalyzeRequest("Rochester, MN 55901"))
    points = {name: point for category in found.categories.values() for name, point in category.points.items()}
    assert points["population"].value == 58_015
    assert points["median_household_income"].value == 85_890
    assert points["childcare_workers"].value == 650
    assert points["childcare_wage_median"].value == 16.59
    assert points["childcare_workers"].level == "metro"
    assert points["children_under_5"].kind == "estimated"
    assert found.location.precision == "zip_centroid"
    assert found.location.uncertainty_miles == pytest.approx(3.24, abs=0.01)


def test_every_point_is_either_in_a_category_or_missing_with_its_reason(build):
    found = build().analyze(AnalyzeRequest("55901"))
    values = {name: point.value for each in found.categories.values() for name, point in each.points.items()}
    missing = {each.point: each.reason for each in found.missing}
    for point in POINTS:
        assert (values.get(point.name) is None) == (point.name in missing)
    assert all(missing.values())
    assert found.data_points_collected == sum(value is not None for value in values.values())


def test_contributions_and_lifts_add_up_in_the_answer_as_sent(build):
    found = msgspec.json.decode(dumps(build().analyze(AnalyzeRequest("10001", 10))), type=Analysis)
    contributions = [point.contribution for each in found.categories.values() for point in each.points.values()]
    assert fsum(contributions) == pytest.approx(found.overall_score, abs=1e-9)
    assert fsum(driver.lift for driver in drivers(found)) == pytest.approx(found.overall_score - 50, abs=0.01)


def test_eight_collectors_feed_six_categories(build):
    found = build().analyze(AnalyzeRequest("55901"))
    assert tuple(found.performance.collectors) == COLLECTORS
    assert {each.status for each in found.performance.collectors.values()} == {"ok"}
    assert tuple(found.categories) == CATEGORIES


def test_a_collector_that_raises_costs_only_its_own_points(build):
    def fail():
        raise RuntimeError("no data today")

    whole = build().analyze(AnalyzeRequest("55901"))
    found = build(replacing=[Broken("economy", fail)]).analyze(AnalyzeRequest("55901"))
    reasons = {each.point: each.reason for each in found.missing}
    assert reasons["median_household_income"] == "the economy collector failed (RuntimeError)"
    assert found.performance.collectors["economy"].status == "failed"
    assert found.categories["demographics"].score == whole.categories["demographics"].score
    assert fsum(each.weight for each in found.categories.values()) == pytest.approx(1.0)


def test_a_collector_that_keeps_failing_is_left_alone_and_says_until_when(build, clock):
    calls = []

    def fail():
        calls.append(1)
        raise RuntimeError("no data today")

    service = build(replacing=[Broken("economy", fail)], settings=AnalysisSettings())
    reasons = []
    for _ in range(7):
        found = service.analyze(AnalyzeRequest("55901"))
        reasons.append(next(each.reason for each in found.missing if each.point == "median_household_income"))
        assert found.overall_score is not None
    assert len(calls) == 5
    assert reasons[4] == "the economy collector failed (RuntimeError)"
    assert reasons[5].startswith("economy circuit is OPEN. Retry in ")


def test_a_collector_that_hangs_costs_only_its_own_points_and_no_more_than_the_deadline(build):
    release = threading.Event()
    service = build(replacing=[Broken("safety", release.wait)], settings=AnalysisSettings(collect_seconds=0.3))
    found = service.analyze(AnalyzeRequest("55901"))
    release.set()
    assert found.performance.collectors["safety"].status == "timeout"
    assert {each.reason for each in found.missing if each.point == "violent_crime_rate"} == {
        "the safety collector did not answer in time"
    }
    assert found.overall_score is not None


def test_each_computed_analysis_is_recorded_and_a_refused_address_is_not(build):
    service = build()
    service.analyze(AnalyzeRequest("55901"))
    with pytest.raises(AddressError):
        service.analyze(AnalyzeRequest("Nowhere, ZZ 00000"))
    assert service.history_state() == {"backend": "in-memory", "analyses": 1}


def test_an_analysis_that_started_and_failed_is_recorded_as_failed(build, monkeypatch):
    service = build()

    def broken(*_):
        raise RuntimeError("scoring is broken")

    monkeypatch.setattr(sys.modules["brightspot.locations.analysis_service"], "score", broken)
    with pytest.raises(RuntimeError):
        service.analyze(AnalyzeRequest("55901"))
    (row,) = service._history.recent(10).results
    assert (row.status, row.address) == ("failed", "55901")


def test_many_threads_at_once_all_see_the_same_answer(build):
    service = build()
    expected = service.analyze(AnalyzeRequest("55901")).overall_score
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: service.analyze(AnalyzeRequest("55901")), range(40)))
    assert {each.overall_score for each in found} == {expected}
    assert {each.data_points_collected for each in found} == {found[0].data_points_collected}


def test_a_wider_radius_counts_more_children_and_stays_comparable(build):
    service = build()
    by_radius = {
        radius: service.analyze(AnalyzeRequest("55901", radius)).categories["demographics"].points
        for radius in (0.5, 3.0, 10.0, 25.0)
    }
    counts = [points["catchment_children_under_5"].value for points in by_radius.values()]
    assert counts == sorted(counts)
    assert len(set(counts)) == len(counts)
    assert all(0 <= points["catchment_children_under_5"].percentile <= 100 for points in by_radius.values())


def test_top_coded_values_are_told_as_bounds(build):
    dataset = shared_dataset()
    code = dataset.rows("SELECT zip FROM zip_values WHERE median_household_income = 250001 ORDER BY zip LIMIT 1")[0][0]
    found = build().analyze(AnalyzeRequest(f"{code:05d}"))
    income = found.categories["economic"].points["median_household_income"]
    assert (income.value, income.bound) == (250_001, "at_least")


def test_a_territory_without_census_data_has_no_invented_score(build):
    found = build().analyze(AnalyzeRequest("Charlotte Amalie, VI 00802", 25))
    assert found.overall_score is None
    assert found.categories["demographics"].points["catchment_population"].value is None
    assert found.location.state == "VI"
    assert found.missing[-1].point == "overall_score"
    assert all(each.weight == 0 for each in found.categories.values())


def test_puerto_rico_is_scored(build):
    assert build().analyze(AnalyzeRequest("San Juan, PR 00926")).overall_score is not None


def test_a_po_box_zip_is_described_by_its_host_and_says_so(build):
    found = build().analyze(AnalyzeRequest("PO Box 123, Rochester, MN 55903"))
    assert found.location.precision == "po_box_zip"
    assert found.categories["demographics"].points["population"].kind == "estimated"
    assert found.overall_score is not None
    assert any("55903" in note or "PO box" in note for note in found.location.notes)
