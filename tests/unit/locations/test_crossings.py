"""How far weights must move before an order changes: just beyond it changes, and just before it has not."""

from fractions import Fraction
from math import fsum

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brightspot.locations.comparison.crossings import first_crossing, score_at
from brightspot.locations.comparison.smallest_change import smallest_change

CATEGORIES = 6
CLOSE = 1e-7

whole = st.lists(st.integers(0, 100_000_000).map(lambda n: n / 1e6), min_size=6, max_size=6)
lacking = st.sets(st.integers(0, 5), max_size=2)
scores = st.builds(lambda known, gone: [None if at in gone else x for at, x in enumerate(known)], whole, lacking)
weights = st.lists(st.integers(0, 1000), min_size=6, max_size=6).filter(any).map(lambda w: [n / sum(w) for n in w])


def lead(at, one, other):
    """By how much the first score is above the second, exactly; None where one of them has none."""
    if score_at(at, one) is None or score_at(at, other) is None:
        return None
    return exact(at, one) - exact(at, other)


def exact(at, known):
    have = [(Fraction(w), Fraction(x)) for w, x in zip(at, known, strict=True) if x is not None]
    return sum(w * x for w, x in have) / sum(w for w, _ in have)


def along(start, step, far):
    return [Fraction(w) + Fraction(far) * Fraction(v) for w, v in zip(start, step, strict=True)]


def in_order(at, one, other):
    """Both, the better one first; refuses what is no example: without scores, or as good as tied."""
    found = lead(at, one, other)
    assume(found is not None and abs(found) > 1e-3)
    return (one, other) if found > 0 else (other, one)


def towards(corner, at):
    return [float(index == corner) - weight for index, weight in enumerate(at)]


@given(weights, scores, scores, st.integers(0, 5), st.booleans())
def test_just_beyond_a_crossing_the_order_is_another_and_nowhere_before(now, one, other, corner, up):
    ahead, behind = in_order(now, one, other)
    assume(now[corner] < 1)
    step = towards(corner, now) if up else [-each for each in towards(corner, now)]
    most = 1.0 if up else now[corner] / (1 - now[corner])
    crossing = first_crossing(now, step, ahead, behind, most)
    reached = most if crossing is None else crossing - CLOSE
    for part in range(24):
        found = lead(along(now, step, reached * part / 24), ahead, behind)
        assert found is None or found >= 0
    if crossing is not None:
        slope = lead(along(now, step, crossing + CLOSE), ahead, behind)
        assume(slope is None or abs(slope) > 1e-12)  # the scores part again at once: they all but touch
        assert slope is None or slope < 0
        assert lead(along(now, step, crossing), ahead, behind) == pytest.approx(0, abs=1e-6)


def test_two_categories_by_hand():
    """0.6 x 80 + 0.4 x 20 = 56 against 50: level at 0.5 and 0.5, which is 0.1 from each."""
    now, ahead, behind = [0.6, 0.4], [80.0, 20.0], [50.0, 50.0]
    assert first_crossing(now, towards(1, now), ahead, behind, 1.0) == pytest.approx(1 / 6)
    change = smallest_change(now, ahead, behind)
    assert (change.l1, change.at_least) == (pytest.approx(0.2), change.l1)
    assert change.weights == (pytest.approx(0.5), pytest.approx(0.5))


def test_a_missing_category_passes_its_weight_on_by_hand():
    """50 w1 + 80 w2 against 60 w1 / w1 = 60, level at w2 = 1/3."""
    now, ahead, behind = [0.5, 0.5], [50.0, 80.0], [60.0, None]
    assert score_at(now, behind) == 60.0
    crossing = first_crossing(now, towards(0, now), ahead, behind, 1.0)
    assert now[1] + crossing * towards(0, now)[1] == pytest.approx(1 / 3)


def test_scores_that_meet_only_at_the_very_end_change_no_order():
    now, ahead, behind = [1.0, 0.0], [70.0, 60.0], [60.0, 60.0]
    assert first_crossing(now, towards(1, now), ahead, behind, 1.0) is None


@pytest.mark.parametrize(("lift", "changes"), [(0.0, False), (0.01, False), (-0.01, True)])
def test_scores_that_only_touch_change_no_order(lift, changes):
    """a: 60 (0.5 - t) + 40 / 2 + 10 t, b: (80 (0.5 - t) + 16 / 2) / (1 - t): 40 both at t = 0.2, else a is ahead."""
    now, step = [0.5, 0.5, 0.0], [-1.0, 0.0, 1.0]
    ahead, behind = [60.0, 40.0 + lift, 10.0], [80.0, 16.0, None]
    at_touch = along(now, step, Fraction(1, 5))
    assert exact(at_touch, behind) == 40
    assert exact(at_touch, ahead) == 40 + Fraction(ahead[1] - 40) / 2
    assert (first_crossing(now, step, ahead, behind, 0.5) is not None) == changes


def test_where_the_other_is_ahead_already_there_is_no_way_to_go():
    assert first_crossing([0.5, 0.5], [1.0, -1.0], [10.0, 10.0], [20.0, 20.0], 0.5) == 0.0


@given(weights, scores, scores)
def test_the_smallest_change_makes_the_scores_equal_and_is_as_large_as_it_says(now, one, other):
    ahead, behind = in_order(now, one, other)
    change = smallest_change(now, ahead, behind)
    if change is not None:
        assert fsum(change.weights) == pytest.approx(1, abs=1e-9)
        assert min(change.weights) >= 0
        assert score_at(change.weights, ahead) == pytest.approx(score_at(change.weights, behind), abs=1e-6)
        assert change.l1 == pytest.approx(fsum(abs(a - b) for a, b in zip(change.weights, now, strict=True)), abs=1e-9)
        assert 0 < change.at_least <= change.l1


@given(weights, scores, scores)
def test_next_to_the_changed_weights_the_order_is_another(now, one, other):
    ahead, behind = in_order(now, one, other)
    change = smallest_change(now, ahead, behind)
    if change is not None:
        steps = [[float(to == at) for at in range(CATEGORIES)] for to in range(CATEGORIES)]
        near = [[(1 - 1e-4) * w + 1e-4 * v for w, v in zip(change.weights, step, strict=True)] for step in steps]
        leads = [lead(at, ahead, behind) for at in near]
        assert any(each is None or each < 0 for each in leads)


@given(weights, scores, scores, weights)
def test_no_smaller_change_makes_another_order(now, one, other, elsewhere):
    """Towards any other weights, as far as the bound goes, the one that is ahead stays ahead."""
    ahead, behind = in_order(now, one, other)
    change = smallest_change(now, ahead, behind)
    far = fsum(abs(a - b) for a, b in zip(elsewhere, now, strict=True))
    assume(far > 0)
    share = 1.0 if change is None else min(1.0, 0.999999 * change.at_least / far)
    found = lead([(1 - share) * a + share * b for a, b in zip(now, elsewhere, strict=True)], ahead, behind)
    assert found is None or found >= 0


@given(weights, whole, whole)
def test_where_both_sites_have_all_categories_the_smallest_change_is_exact(now, one, other):
    ahead, behind = in_order(now, one, other)
    change = smallest_change(now, ahead, behind)
    if change is None:
        assert all(a >= b for a, b in zip(ahead, behind, strict=True))
    else:
        assert change.at_least == change.l1
