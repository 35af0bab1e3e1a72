"""A comparison ranks sites by their analyses, tells what parts them, and how far weights may move before it changes."""

from math import fsum
from random import Random
from threading import Event

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brightspot import locations
from brightspot.cache import LocalLevel, TieredCache
from brightspot.core.clock import SystemClock
from brightspot.locations import CATEGORIES, PERSONAS, AnalyzeRequest, CompareRequest, RequestRefused
from brightspot.locations.analysis_service import AnalysisService, AnalysisSettings
from brightspot.locations.answers import Answers
from brightspot.locations.collectors.embedded import embedded_collectors
from brightspot.locations.comparison.service import Comparer
from brightspot.locations.dataset.file import shared_dataset
from brightspot.locations.gazetteer.locate import shared_gazetteer
from brightspot.locations.past.seam import MemoryHistory
from brightspot.resilience import Breakers, BreakerSettings, Deadline

# Some of them lack water data, and so the whole category `regulatory`; one the state's crime and births, too.
SITES = ("55901", "55101", "55802", "10001", "60629", "94027", "38751", "58844", "84097", "79255", "96813", "00934")
STEP = 1e-6


class Counted(AnalysisService):
    """Counts the analyses that are made."""

    made = 0

    def analyze(self, request, deadline=None, **options):
        self.made += 1
        return super().analyze(request, deadline, **options)


@pytest.fixture
def analyses():
    clock, dataset = SystemClock(), shared_dataset()
    return Counted(
        dataset=dataset,
        gazetteer=shared_gazetteer(),
        collectors=embedded_collectors(dataset),
        history=MemoryHistory(),
        breakers=Breakers(None, clock, BreakerSettings(), Random(1)),
        clock=clock,
        settings=AnalysisSettings(),
    )


@pytest.fixture
def comparer(analyses):
    answers = Answers(analyses, TieredCache(None, SystemClock(), LocalLevel()))
    return Comparer(shared_gazetteer(), answers, analyses.model, SystemClock())


@pytest.fixture(scope="module")
def shared():
    """For properties, which would make the same few analyses again and again."""
    return Comparer(shared_gazetteer(), locations.shared_answers(), locations.service().model, SystemClock())


def test_sites_stand_in_the_order_of_their_scores_with_their_distances(comparer, analyses):
    found = comparer.compare(CompareRequest(SITES[:4]))
    scores = {code: analyses.analyze(AnalyzeRequest(code)).overall_score for code in SITES[:4]}
    assert [(each.address, each.overall_score) for each in found.ranked] == sorted(
        scores.items(), key=lambda each: -each[1]
    )
    assert [each.rank for each in found.ranked] == [1, 2, 3, 4]
    for each, following in zip(found.ranked, [*found.ranked[1:], None], strict=True):
        assert each.to_first == pytest.approx(each.overall_score - found.ranked[0].overall_score, abs=1e-6)
        expected = None if following is None else pytest.approx(each.overall_score - following.overall_score, abs=1e-6)
        assert each.to_next == expected
        for name in CATEGORIES:
            here, best = each.categories[name], max(one.categories[name].score for one in found.ranked)
            assert here.to_best == pytest.approx(here.score - best, abs=1e-6)
            assert here.to_best <= 0
            there = None if following is None else following.categories[name].score
            assert here.to_next == (None if there is None else pytest.approx(here.score - there, abs=1e-6))


def test_what_drives_a_difference_adds_up_to_it_and_is_what_the_analyses_say(comparer, analyses):
    found = comparer.compare(CompareRequest(SITES[:5]))
    first = analyses.analyze(AnalyzeRequest(found.ranked[0].address))
    assert [each.address for each in found.drivers] == [each.address for each in found.ranked[1:]]
    for each in found.drivers:
        other = analyses.analyze(AnalyzeRequest(each.address))
        assert each.difference == pytest.approx(first.overall_score - other.overall_score, abs=1e-6)
        assert fsum([each.rest, *(one.difference for one in each.points)]) == pytest.approx(each.difference, abs=1e-6)
        told = [abs(one.difference) for one in each.points]
        assert told == sorted(told, reverse=True)
        for one in each.points:
            assert one.first == first.categories[one.category].points[one.point]
            assert one.other == other.categories[one.category].points[one.point]
            assert one.difference == pytest.approx(one.first.contribution - one.other.contribution, abs=1e-9)
        named = {one.point for one in each.points}
        others = [
            abs(point.contribution - other.categories[name].points[key].contribution)
            for name, category in first.categories.items()
            for key, point in category.points.items()
            if key not in named
        ]
        assert max(others) <= min(told) + 1e-9


@settings(max_examples=40)
@given(st.lists(st.sampled_from(SITES), min_size=2, max_size=4, unique=True), st.sampled_from(sorted(PERSONAS)))
def test_beyond_a_categorys_weight_the_order_of_two_neighbours_is_another_and_before_it_is_not(shared, sites, persona):
    """By analyses made anew with the moved weights."""
    found = shared.compare(CompareRequest(tuple(sites), persona=persona))
    for pair in found.sensitivity.pairs:
        assert not pair.tied
        for name, span in pair.categories.items():
            for end, away in ((span.lower, -STEP), (span.upper, STEP)):
                if end is not None and 0 <= end + 2 * away <= 1:
                    assert leads(pair, rescaled(found.weights, name, end - 2 * away))
                    assert not leads(pair, rescaled(found.weights, name, end + 2 * away))
        if pair.nearest is not None:
            ends = [end for span in pair.categories.values() for end in (span.lower, span.upper) if end is not None]
            assert pair.nearest.weight in ends
            assert pair.nearest.change == pytest.approx(pair.nearest.weight - found.weights[pair.nearest.category])


@settings(max_examples=40)
@given(st.lists(st.sampled_from(SITES), min_size=2, max_size=2, unique=True), st.sampled_from(sorted(PERSONAS)))
def test_at_the_smallest_change_the_scores_are_equal_and_short_of_it_in_order(shared, sites, persona):
    found = shared.compare(CompareRequest(tuple(sites), persona=persona))
    assume(len(found.ranked) == 2)
    (pair,) = found.sensitivity.pairs
    change = pair.smallest_change
    if change is not None:
        scores = [score(address, change.weights) for address in (pair.first, pair.second)]
        assert scores[0] == pytest.approx(scores[1], abs=1e-5)
        moved = fsum(abs(change.weights[name] - weight) for name, weight in found.weights.items())
        assert change.l1 == pytest.approx(moved, abs=1e-7)
        assert 0 < change.at_least <= change.l1
        if all(known(address, change.weights) > 0.51 for address in sites):  # else having a score at all is the limit
            assert change.at_least >= 0.98 * change.l1
        short = {n: w + 0.999 * (change.weights[n] - w) for n, w in found.weights.items()}
        assert leads(pair, short)


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(SITES[:11]), min_size=3, max_size=5, unique=True),
    st.lists(st.integers(0, 100), min_size=6, max_size=6).filter(any),
)
def test_no_weights_nearer_than_the_smallest_change_give_another_order(shared, sites, elsewhere):
    found = shared.compare(CompareRequest(tuple(sites)))
    assume(found.sensitivity.smallest_change is not None)
    there = dict(zip(CATEGORIES, (number / sum(elsewhere) for number in elsewhere), strict=True))
    far = fsum(abs(there[name] - weight) for name, weight in found.weights.items())
    share = min(1.0, 0.999 * found.sensitivity.smallest_change.at_least / far)
    near = {name: weight + share * (there[name] - weight) for name, weight in found.weights.items()}
    again = shared.compare(CompareRequest(tuple(sites), weights=near))
    assert [each.address for each in again.ranked] == [each.address for each in found.ranked]


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(SITES[:11]), min_size=3, max_size=5, unique=True),
    st.sampled_from(CATEGORIES),
    st.floats(0.001, 0.999),
)
def test_the_whole_order_holds_within_the_span_of_a_category(shared, sites, category, share):
    found = shared.compare(CompareRequest(tuple(sites)))
    span = found.sensitivity.categories[category]
    low, high = span.lower or 0.0, 1.0 if span.upper is None else span.upper
    moved = rescaled(found.weights, category, low + share * (high - low))
    again = shared.compare(CompareRequest(tuple(sites), weights=moved))
    assume(len(again.ranked) == len(found.ranked))  # with half of the weight on what a site lacks, it has no score
    assert [each.address for each in again.ranked] == [each.address for each in found.ranked]


def rescaled(weights, category, weight):
    rest = 1 - weights[category]
    return {name: weight if name == category else each * (1 - weight) / rest for name, each in weights.items()}


def score(address, weights):
    return locations.service().analyze(AnalyzeRequest(address, weights=weights)).overall_score


def known(address, weights):
    """What the categories with a score weigh."""
    found = locations.service().analyze(AnalyzeRequest(address)).categories
    return fsum(weight for name, weight in weights.items() if found[name].score is not None)


def leads(pair, weights):
    """Whether the first of a pair is still ahead; a site that has no score any more is not."""
    first, second = score(pair.first, weights), score(pair.second, weights)
    return first is not None and (second is None or first > second)


def test_a_site_is_analysed_once_and_a_cached_one_not_again(comparer, analyses):
    first = comparer.compare(CompareRequest(("55901", "55101", "Rochester, MN 55901", " 55101 ")))
    assert analyses.made == 2
    assert [(each.index, each.same_as) for each in first.duplicates] == [(2, "55901"), (3, "55101")]
    assert [each.cached for each in first.ranked] == [False, False]
    again = comparer.compare(CompareRequest(("55101", "55802", "55901")))
    assert analyses.made == 3
    assert {each.address: each.cached for each in again.ranked} == {"55101": True, "55802": False, "55901": True}
    assert {each.id for each in first.ranked} < {each.id for each in again.ranked}


def test_each_new_analysis_is_remembered_and_its_id_leads_to_it(comparer, analyses):
    found = comparer.compare(CompareRequest(("55901", "55101", "00802")))
    assert analyses.history_state()["analyses"] == 3
    for each in [*found.ranked, *found.unranked]:
        assert analyses._history.get(each.id).address == each.address


def test_an_address_that_cannot_be_located_costs_the_others_nothing(comparer, analyses):
    found = comparer.compare(CompareRequest(("55901", "Atlantis, MN", "55101", "", "x" * 300)))
    assert [each.address for each in found.ranked] == ["55901", "55101"]
    assert [each.index for each in found.errors] == [1, 3, 4]
    assert "Send the ZIP" in found.errors[0].reason
    assert found.errors[0].understood == {"city": "Atlantis", "state": "Minnesota (MN)"}
    assert all(each.error and each.reason and len(each.address) <= 200 for each in found.errors)
    assert analyses.history_state()["analyses"] == 2


@pytest.mark.parametrize(
    ("addresses", "told"),
    [
        (("Atlantis, MN", "55901"), ["'Atlantis, MN'", "Send the ZIP"]),
        (("Atlantis, MN", "CMR 402, APO AE 09180"), ["'Atlantis, MN'", "military"]),
        (("55901", "Rochester, MN 55901"), ["'Rochester, MN 55901' is the same place as '55901'"]),
    ],
)
def test_fewer_than_two_places_are_refused_by_name_and_nothing_is_analysed(comparer, analyses, addresses, told):
    with pytest.raises(RequestRefused) as refused:
        comparer.compare(CompareRequest(addresses))
    assert refused.value.field == "addresses"
    assert all(each in refused.value.detail for each in told)
    assert analyses.made == 0


@pytest.mark.parametrize("count", [0, 1, 11])
def test_two_to_ten_addresses_are_compared(count):
    with pytest.raises(RequestRefused, match="2 to 10"):
        CompareRequest(("55901",) * count)


def test_a_site_without_a_score_is_told_but_not_ranked(comparer):
    found = comparer.compare(CompareRequest(("Charlotte Amalie, VI 00802", "55901")))
    assert [each.address for each in found.ranked] == ["55901"]
    assert (found.ranked[0].to_first, found.ranked[0].to_next) == (0.0, None)
    assert [(each.address, "half of the weight" in each.reason) for each in found.unranked] == [
        ("Charlotte Amalie, VI 00802", True)
    ]
    assert (found.drivers, found.sensitivity.pairs, found.sensitivity.nearest) == ([], [], None)


def test_sites_with_the_same_figures_are_tied_and_share_a_rank(comparer):
    """Two streets of one ZIP: the embedded data cannot tell them apart."""
    found = comparer.compare(
        CompareRequest(("1 Main St, Rochester, MN 55901", "2 Main St, Rochester, MN 55901", "55802"))
    )
    assert [each.rank for each in found.ranked] == [1, 1, 3]
    tied, parted = found.sensitivity.pairs
    assert (tied.tied, tied.lead, tied.categories, tied.nearest, tied.smallest_change) == (True, 0.0, {}, None, None)
    assert not parted.tied
    assert found.sensitivity.nearest == parted.nearest
    assert found.drivers[0].points == []


def test_what_is_not_ready_in_time_is_an_error_of_its_own(analyses):
    answered = Event()

    class Hung(Answers):
        def answer(self, request, deadline=None, **options):
            if request.address == "55101":
                answered.wait(60)
            return super().answer(request, deadline, **options)

    clock = SystemClock()
    comparer = Comparer(
        shared_gazetteer(), Hung(analyses, TieredCache(None, clock, LocalLevel())), analyses.model, clock
    )
    found = comparer.compare(CompareRequest(("55901", "55101", "55802")), Deadline.after(clock, 3.0))
    answered.set()
    assert {each.address for each in found.ranked} == {"55901", "55802"}
    assert [(each.index, each.address, each.error) for each in found.errors] == [(1, "55101", "Not analysed in time")]


def test_a_failure_that_is_ours_fails_the_comparison(analyses):
    class Broken(Answers):
        def answer(self, request, deadline=None, **options):
            raise OSError("disk")

    comparer = Comparer(shared_gazetteer(), Broken(analyses, None), analyses.model, SystemClock())
    with pytest.raises(OSError, match="disk"):
        comparer.compare(CompareRequest(("55901", "55101")))


def test_another_tenant_has_answers_of_its_own(comparer, analyses):
    comparer.compare(CompareRequest(("55901", "55101")), tenant="one")
    other = comparer.compare(CompareRequest(("55901", "55101")), tenant="other")
    assert analyses.made == 4
    assert not any(each.cached for each in other.ranked)
