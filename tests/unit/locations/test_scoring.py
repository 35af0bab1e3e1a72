"""Scoring keeps its promises whatever the evidence: bounded, monotone, additive, and indifferent to order."""

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.seam import Observation
from brightspot.locations.dataset.points import BY_NAME, CATEGORIES, COLLECTORS, POINTS
from brightspot.locations.personas import PERSONAS, WeightsRefused, chosen_weights
from brightspot.locations.scoring.combine import Standing, combine
from brightspot.locations.scoring.score import drafted, score

KNOWABLE = [point for point in POINTS if point.gap is None]
COUNTED = [point for point in KNOWABLE if point.direction != "context"]
WEIGHTS = PERSONAS["business"].weights


def seen(name, percentile, *, value=1.0, level="zip", kind="observed"):
    return Observation(name, value, percentile, "unit", "source", "2022", level, kind)


def all_at(percentile):
    return {point.name: seen(point.name, percentile) for point in KNOWABLE}


percentiles = st.floats(0, 100)
evidence = st.fixed_dictionaries(
    {}, optional={point.name: percentiles.map(lambda rank, name=point.name: seen(name, rank)) for point in KNOWABLE}
)
weights = st.dictionaries(st.sampled_from(CATEGORIES), st.floats(0, 1000), min_size=1).filter(
    lambda given: fsum(given.values()) > 1e-6
)


@given(evidence, weights)
def test_contributions_add_up_to_the_score(observations, custom):
    card = score(observations, chosen_weights("business", custom), "zip_centroid")
    if card.overall is None:
        assert fsum(card.contributions.values()) == 0
    else:
        assert round(fsum(card.contributions.values()), 6) == card.overall
        assert 0 <= card.overall <= 100
        assert all(each >= 0 for each in card.contributions.values())


@given(evidence, weights, st.sampled_from(["zip_centroid", "city_centroid", "po_box_zip"]))
def test_what_an_answer_shows_of_its_categories_gives_the_same_overall_score_and_confidence(
    observations, custom, precision
):
    """The search has only these numbers to go by, and must come to the same."""
    chosen = chosen_weights("business", custom)
    card = score(observations, chosen, precision)
    shown = {name: Standing(each.score, each.status, each.confidence) for name, each in card.categories.items()}
    again = combine(shown, chosen, precision)
    assert (again.overall, again.confidence) == (card.overall, card.confidence)
    assert again.weights == {name: each.weight for name, each in card.categories.items()}


@given(evidence, weights)
def test_a_contribution_is_off_by_a_millionth_at_most(observations, custom):
    card = score(observations, chosen_weights("business", custom), "zip_centroid")
    for category, draft in drafted(observations).items():
        for point, share in draft.shares.items():
            exact = card.categories[category].weight * share
            assert card.contributions[point] == pytest.approx(exact, abs=1.6e-6)
            assert (card.contributions[point] == 0) or exact > 0


@given(evidence, weights)
def test_weights_in_effect_sum_to_one_whenever_there_is_a_score(observations, custom):
    card = score(observations, chosen_weights("business", custom), "zip_centroid")
    total = fsum(each.weight for each in card.categories.values())
    assert total == pytest.approx(0.0 if card.overall is None else 1.0, abs=1e-12)
    assert all(each.weight == 0 for each in card.categories.values() if each.status == "insufficient")


@given(evidence, st.sampled_from(COUNTED), percentiles, percentiles)
def test_improving_one_point_never_lowers_the_score(observations, point, one, other):
    worse, better = sorted([one, other], reverse=point.direction == "lower_is_better")
    before = score({**observations, point.name: seen(point.name, worse)}, WEIGHTS, "zip_centroid")
    after = score({**observations, point.name: seen(point.name, better)}, WEIGHTS, "zip_centroid")
    assert (before.overall is None) == (after.overall is None)
    if before.overall is not None:
        assert after.overall >= before.overall - 1e-9
    category = BY_NAME[point.name].category
    if before.categories[category].score is not None:
        assert after.categories[category].score >= before.categories[category].score - 1e-9


@given(evidence, st.randoms(use_true_random=False))
def test_the_order_of_collectors_does_not_matter(observations, random):
    shuffled = list(observations.items())
    random.shuffle(shuffled)
    assert score(dict(shuffled), WEIGHTS, "zip_centroid") == score(observations, WEIGHTS, "zip_centroid")


@given(evidence, st.sampled_from(KNOWABLE))
def test_a_null_is_never_a_number(observations, point):
    without = {name: each for name, each in observations.items() if name != point.name}
    for unknown in (seen(point.name, None, value=None), seen(point.name, None)):
        assert score({**without, point.name: unknown}, WEIGHTS, "zip_centroid") == score(
            without, WEIGHTS, "zip_centroid"
        )


@given(evidence)
def test_scores_and_confidence_keep_their_ranges(observations):
    card = score(observations, WEIGHTS, "city_centroid")
    assert 0 <= card.confidence <= 1
    for each in card.categories.values():
        assert each.score is None or 0 <= each.score <= 100 + 1e-4
        assert 0 <= each.confidence <= 1


def test_the_best_place_scores_100_and_the_worst_0():
    best = {p.name: seen(p.name, 100.0 if p.direction == "higher_is_better" else 0.0) for p in KNOWABLE}
    worst = {p.name: seen(p.name, 0.0 if p.direction == "higher_is_better" else 100.0) for p in KNOWABLE}
    assert score(best, WEIGHTS, "zip_centroid").overall == pytest.approx(100, abs=1e-4)
    assert score(worst, WEIGHTS, "zip_centroid").overall == pytest.approx(0, abs=1e-4)
    assert score(all_at(50.0), WEIGHTS, "zip_centroid").overall == pytest.approx(50, abs=1e-4)


def test_a_category_without_data_gives_its_weight_to_the_others_in_proportion():
    observations = {name: each for name, each in all_at(50.0).items() if BY_NAME[name].category != "safety"}
    card = score(observations, WEIGHTS, "zip_centroid")
    assert card.categories["safety"].status == "insufficient"
    assert card.categories["safety"].score is None
    assert card.categories["demographics"].weight == pytest.approx(0.25 / 0.80)
    assert card.categories["regulatory"].weight == pytest.approx(0.10 / 0.80)


def test_stand_ins_alone_make_a_proxy_with_less_confidence():
    card = score(all_at(50.0), WEIGHTS, "zip_centroid")
    assert card.categories["competition"].status == "proxy"
    assert card.categories["competition"].confidence < card.categories["demographics"].confidence / 2


def test_there_is_no_score_when_most_of_the_weight_has_no_data():
    observations = {name: each for name, each in all_at(50.0).items() if BY_NAME[name].category == "regulatory"}
    card = score(observations, WEIGHTS, "zip_centroid")
    assert card.overall is None
    assert set(card.contributions.values()) == {0.0}


def test_missing_points_lower_confidence():
    full = score(all_at(50.0), WEIGHTS, "zip_centroid").confidence
    fewer = {
        name: each for name, each in all_at(50.0).items() if name not in {"median_household_income", "births_per_1000"}
    }
    assert score(fewer, WEIGHTS, "zip_centroid").confidence < full


@pytest.mark.parametrize("worse", [{"level": "county"}, {"level": "state"}, {"kind": "estimated"}])
def test_what_is_coarser_or_estimated_is_trusted_less(worse):
    rough = {point.name: seen(point.name, 50.0, **worse) for point in KNOWABLE}
    assert score(rough, WEIGHTS, "zip_centroid").confidence < score(all_at(50.0), WEIGHTS, "zip_centroid").confidence


def test_the_less_precise_the_place_the_lower_the_confidence():
    zip_, city = (score(all_at(50.0), WEIGHTS, each).confidence for each in ("zip_centroid", "city_centroid"))
    assert city < zip_


def test_six_personas_each_with_weights_that_sum_to_one_and_a_reason():
    assert len(PERSONAS) == 6
    reference = {"demographics": 0.25, "competition": 0.20, "accessibility": 0.15, "safety": 0.20}
    assert PERSONAS["business"].weights == {**reference, "economic": 0.10, "regulatory": 0.10}
    for persona in PERSONAS.values():
        assert fsum(persona.weights.values()) == pytest.approx(1.0, abs=1e-12)
        assert len(persona.explanation) > 20


@given(weights)
def test_custom_weights_are_scaled_to_sum_to_one(custom):
    chosen = chosen_weights("business", custom)
    assert set(chosen) == set(CATEGORIES)
    assert fsum(chosen.values()) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("persona", "custom", "field", "told"),
    [
        ("tourist", None, "persona", "business, franchise"),
        ("business", {"parking": 1}, "weights", "'parking'"),
        ("business", {"safety": -1}, "weights", "from 0 to 1,000,000"),
        ("business", {"safety": float("nan")}, "weights", "from 0"),
        ("business", {"safety": float("inf")}, "weights", "from 0"),
        ("business", {"safety": 0}, "weights", "above 0"),
        ("business", {}, "weights", "above 0"),
        ("business", {"safety": 1.7e308, "economic": 1.7e308}, "weights", "from 0"),
    ],
)
def test_weights_that_cannot_be_used_are_refused_with_what_to_send(persona, custom, field, told):
    with pytest.raises(WeightsRefused) as refused:
        chosen_weights(persona, custom)
    assert refused.value.field == field
    assert told in str(refused.value)


def test_the_catalogue_is_consistent():
    assert len(BY_NAME) == len(POINTS)
    assert {point.category for point in POINTS} == set(CATEGORIES)
    assert {point.collector for point in POINTS} == set(COLLECTORS)
    assert all((point.weight == 0) == (point.direction == "context") for point in POINTS)
