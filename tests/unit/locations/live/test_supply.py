"""The desert rule says only what unknown slots could not change; two-step access shares a provider among children."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.supply import Provider, desert, two_step_access

capacities = st.lists(st.none() | st.integers(0, 300), max_size=12)
children = st.floats(0, 5000)


def providers(*known):
    return [Provider(44.0, -92.5, "", each) for each in known]


@pytest.mark.parametrize(
    ("children", "known", "verdict"),
    [
        (50, (), False),
        (50.1, (), True),
        (51, (None,), None),
        (300, (100,), False),
        (301, (100,), True),
        (301, (100, None), None),
        (301, (100, 1), False),
        (299, (100, None), False),
        (1000, (None, None), None),
        (1000, (0,), True),
        (None, (100,), None),
    ],
)
def test_the_rule(children, known, verdict):
    told = desert(children, providers(*known))
    assert told.desert is verdict
    assert told.because.startswith({True: "desert", False: "no desert", None: "insufficient"}[verdict])


@given(children=children, known=capacities, unknown=st.lists(st.integers(0, 300), min_size=12, max_size=12))
def test_whatever_the_unknown_slots_turn_out_to_be_a_verdict_stands(children, known, unknown):
    before = desert(children, providers(*known)).desert
    filled = [hidden if each is None else each for each, hidden in zip(known, unknown, strict=False)]
    after = desert(children, providers(*filled)).desert
    assert after is not None
    assert before in {None, after}


@given(children=st.floats(50.001, 5000), known=st.lists(st.integers(0, 300), min_size=1, max_size=12))
def test_with_all_slots_known_it_is_the_definition(children, known):
    assert desert(children, providers(*known)).desert is (children > 3 * sum(known))


def test_one_provider_for_a_thousand_children():
    assert two_step_access([1000.0]) == 1.0


def test_a_provider_that_more_children_share_counts_less():
    assert two_step_access([500.0, 2000.0]) == 2.0 + 0.5


def test_no_provider_is_no_access_and_unknown_children_are_unknown_access():
    assert two_step_access([]) == 0.0
    assert two_step_access([10.0, None]) is None


def test_a_provider_where_nobody_lives_adds_nothing():
    assert two_step_access([0.0, 1000.0]) == 1.0


@given(around=st.lists(st.floats(1, 100_000), min_size=1, max_size=30))
def test_every_provider_adds_its_share_whatever_the_order(around):
    access = two_step_access(around)
    assert access == pytest.approx(two_step_access(around[::-1]))
    assert 0 < access < inf
    assert access == pytest.approx(sum(1000 / each for each in around))


@given(near=st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_what_all_children_reach_together_is_what_all_providers_offer(near):
    """Luo & Wang's check: the mean of access, weighted by children, times the children gives back the supply."""
    people = [100.0, 250.0, 40.0, 900.0, 10.0]  # five places in a ring; a provider serves its own and the next one
    served = [(at, (at + 1) % 5) for at in near]
    total = 0.0
    for place, count in enumerate(people):
        reached = [sum(people[at] for at in places) for places in served if place in places]
        total += count * two_step_access(reached) / 1000
    assert total == pytest.approx(len(near))
