"""Error budgets burn as the definition in fractions says, and rules need both windows and enough events."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.operations.burn import BUDGET_PERIOD, BURN_RULES, Tally, budget_left, burn_rate, burning

TALLIES = st.integers(1, 10**6).flatmap(lambda total: st.builds(Tally, st.integers(0, total), st.just(total)))
TARGETS = st.sampled_from((0.95, 0.99, 0.999))
FAST = BURN_RULES[0]


def plain_burn(tally, target):
    allowed = 1 - Fraction(str(target))
    return Fraction(tally.total - tally.good, tally.total) / allowed


@given(TALLIES, TARGETS)
def test_the_burn_rate_is_the_share_of_bad_events_over_the_share_allowed(tally, target):
    assert burn_rate(tally, target) == pytest.approx(float(plain_burn(tally, target)))


@given(TALLIES, TARGETS)
def test_what_is_left_and_what_burnt_are_the_whole_budget(tally, target):
    assert budget_left(tally, target) == pytest.approx(float(1 - plain_burn(tally, target)))


@given(TALLIES, TALLIES, TARGETS)
def test_two_windows_together_burn_no_faster_than_the_faster_one(first, second, target):
    rates = burn_rate(first, target), burn_rate(second, target)
    assert min(rates) - 1e-9 <= burn_rate(first + second, target) <= max(rates) + 1e-9


@pytest.mark.parametrize(("rule", "spent"), list(zip(BURN_RULES, (0.02, 0.05, 0.10), strict=True)))
def test_each_rule_fires_when_its_long_window_took_the_share_of_the_budget_that_the_workbook_names(rule, spent):
    assert rule.factor * (rule.long / BUDGET_PERIOD) == pytest.approx(spent)


def test_without_events_nothing_is_said():
    nothing = Tally(0, 0)
    assert (nothing.share, burn_rate(nothing, 0.999), budget_left(nothing, 0.999)) == (None, None, None)


@pytest.mark.parametrize(
    ("long", "short", "fires"),
    [
        (Tally(980, 1000), Tally(98, 100), True),
        (Tally(980, 1000), Tally(100, 100), False),  # over by now
        (Tally(1000, 1000), Tally(98, 100), False),  # too short to matter
        (Tally(98, 100), Tally(98, 100), None),  # too few events
        (Tally(980, 1000), Tally(0, 0), None),
    ],
)
def test_a_rule_needs_both_windows_and_enough_events(long, short, fires):
    assert burning(FAST, {FAST.long: long, FAST.short: short}, 0.999, least_events=500) is fires


@pytest.mark.parametrize("target", [0, 1, 1.5])
def test_a_target_that_leaves_no_budget_or_only_budget_is_refused(target):
    with pytest.raises(ValueError, match="between 0 and 1"):
        burn_rate(Tally(1, 1), target)


@pytest.mark.parametrize("counts", [(2, 1), (-1, 1)])
def test_more_good_events_than_events_are_refused(counts):
    with pytest.raises(ValueError, match="good events"):
        Tally(*counts)
