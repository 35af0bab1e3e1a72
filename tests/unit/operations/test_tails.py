"""How rare values are, against sums and tables."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.operations.trends.tails import poisson_tail, student_quantile


# NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
@pytest.mark.parametrize(
    ("share", "freedom", "quantile"),
    [
        (0.95, 10, 1.812), (0.975, 12, 2.179), (0.99, 20, 2.528), (0.999, 11, 4.025), (0.999, 30, 3.385),
        (0.999, 100, 3.174),
    ],
)  # fmt: skip
def test_quantiles_of_students_t_are_those_of_the_table(share, freedom, quantile):
    assert student_quantile(share, freedom) == pytest.approx(quantile, rel=0.005)


def whole(mean, numbers):
    return sum(math.exp(number * math.log(mean) - mean - math.lgamma(number + 1)) for number in numbers)


@given(st.integers(0, 400), st.floats(0.01, 200))
def test_tails_of_poisson_are_the_sums_of_their_terms(number, mean):
    if number > mean:
        upper = whole(mean, range(number, number + 1500))
        assert poisson_tail(number, mean, upper=True) == pytest.approx(upper, rel=1e-6, abs=1e-300)
    else:
        lower = whole(mean, range(number + 1))
        assert poisson_tail(number, mean, upper=False) == pytest.approx(lower, rel=1e-6, abs=1e-300)


def test_a_fraction_counts_as_the_rarer_number():
    assert poisson_tail(4.2, 3.0, upper=True) == poisson_tail(5, 3.0, upper=True)
    assert poisson_tail(1.8, 3.0, upper=False) == poisson_tail(1, 3.0, upper=False)


@pytest.mark.parametrize(("number", "upper", "chance"), [(0, True, 1), (1, True, 0), (0, False, 1), (3, False, 1)])
def test_where_nothing_is_expected_nothing_comes(number, upper, chance):
    assert poisson_tail(number, 0.0, upper=upper) == chance
