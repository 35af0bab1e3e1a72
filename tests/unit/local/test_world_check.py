"""The check against the world ranks as Spearman did and admits how little few areas say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot_local.world_check import Area, comparisons, spearman

numbers = st.integers(-1000, 1000).map(float)
# Two judges' ranks of ten, with the correlation that the formula 1 - 6 * sum(d^2) / (n^3 - n) gives for them.
RANKS = list(zip(range(1, 11), (2, 1, 4, 3, 7, 5, 6, 10, 8, 9), strict=True))
DISTANCES = sum((one - other) ** 2 for one, other in RANKS)


def test_without_ties_it_is_the_textbook_formula():
    assert spearman(RANKS).rho == pytest.approx(1 - 6 * DISTANCES / (1000 - 10))


def test_ties_stand_at_their_middle():
    found = spearman([(1, 1), (2, 2), (2, 3), (3, 4)])
    assert found.rho == pytest.approx(4.5 / (4.5 * 5) ** 0.5)


def test_the_interval_is_bonett_and_wrights():  # 0.9030, atanh 1.4885, half width 0.8790
    found = spearman(RANKS)
    assert (found.lower, found.upper) == pytest.approx((0.5437, 0.9826), abs=0.0001)


@given(st.lists(st.tuples(numbers, numbers), min_size=4, max_size=40))
def test_only_order_counts_and_sides_and_signs_behave(pairs):
    if any(len({pair[side] for pair in pairs}) == 1 for side in (0, 1)):
        with pytest.raises(ValueError, match="nothing can be ranked"):
            spearman(pairs)
        return
    found = spearman(pairs)
    assert -1 <= found.lower <= found.rho <= found.upper <= 1
    assert spearman([(b, a) for a, b in pairs]).rho == pytest.approx(found.rho)
    assert spearman([(a**3, 5 * b - 7) for a, b in pairs]).rho == pytest.approx(found.rho)
    assert spearman([(a, -b) for a, b in pairs]).rho == pytest.approx(-found.rho)


def test_three_areas_are_too_few():
    with pytest.raises(ValueError, match="at least 4 pairs, these are 3"):
        spearman([(1, 2), (2, 1), (3, 3)])


def test_an_area_that_lacks_a_figure_is_left_out_of_that_comparison_alone():
    whole = [
        Area(50 + each, 1000 * each, 60 * each, 10 * each, 7 + each % 3, 3 * each + each % 2) for each in range(1, 9)
    ]
    partly = [*whole, Area(40, 500, None, 30, 9, 4), Area(41, 400, 20, None, None, None)]
    counts = {name: each.count for name, each in comparisons(partly).items()}
    assert sorted(counts.values()) == [8, 8, 9, 9, 9]
    assert counts["children under 5 (estimated) and child-care workers"] == 8
