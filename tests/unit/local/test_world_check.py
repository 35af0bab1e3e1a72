"""The check against the world ranks as Spearman did and admits how little few areas say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot_local.world_check import Area, comparisons, spearman, spearman_at_equal

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


def test_what_a_third_explains_alone_is_gone_when_it_is_held_equal():
    sizes = [float(each) for each in range(1, 31)]
    apart = [(size + 2 * (-1) ** at, size + 2 * (-1) ** (at // 2), size) for at, size in enumerate(sizes)]
    assert spearman([(one, other) for one, other, _ in apart]).rho > 0.9
    assert spearman_at_equal(apart).rho == pytest.approx(0.0, abs=0.1)


def test_with_a_third_held_equal_it_is_the_textbook_formula():
    triples = [(one, other, third) for (one, other), third in zip(RANKS, (5, 1, 9, 3, 7, 6, 2, 10, 4, 8), strict=True)]
    r12, r13, r23 = (spearman([(each[a], each[b]) for each in triples]).rho for a, b in ((0, 1), (0, 2), (1, 2)))
    expected = (r12 - r13 * r23) / ((1 - r13**2) * (1 - r23**2)) ** 0.5
    found, plain = spearman_at_equal(triples), spearman(RANKS)
    assert found.rho == pytest.approx(expected)
    assert found.count == plain.count


def test_where_the_third_decides_everything_nothing_is_left_to_compare():
    with pytest.raises(ValueError, match="nothing is left to compare"):
        spearman_at_equal([(each, -each, each) for each in range(6)])


def test_an_area_that_lacks_a_figure_is_left_out_of_that_comparison_alone():
    whole = [
        Area(50 + each, 1000 * (each * 5 % 9), 60 * each, 10 * each, 7 + each % 3, 3 * each + each % 2)
        for each in range(1, 9)
    ]
    partly = [*whole, Area(40, 500, None, 30, 9, 4), Area(41, 400, 20, None, None, None)]
    counts = {name: each.count for name, each in comparisons(partly).items()}
    assert sorted(counts.values()) == [8, 8, 9, 9, 9, 9]
    assert counts["children under 5 (estimated) and child-care workers"] == 8
