"""Quantiles from counts by bucket: within one percent of the exact ones, however the values are spread or split."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.telemetry.sketch import LEAST, RELATIVE_ERROR, Sketch, bucket_of, value_of

VALUES = st.floats(min_value=LEAST, max_value=1e6)
SHARES = (0.0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0)


def sketched(values):
    sketch = Sketch()
    for each in values:
        sketch.add(each)
    return sketch


def exact(values, share):
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@given(st.lists(VALUES, min_size=1), st.sampled_from(SHARES))
def test_a_quantile_is_off_by_one_percent_at_most(values, share):
    assert sketched(values).quantile(share) == pytest.approx(exact(values, share), rel=RELATIVE_ERROR * (1 + 1e-9))


@pytest.mark.parametrize(
    "draw",
    [
        lambda random: random.lognormvariate(-3, 1.5),
        lambda random: random.paretovariate(1.1) / 1000,
        lambda random: random.choice((0.001, 5.0)),
        lambda random: random.expovariate(20),
    ],
    ids=["lognormal", "pareto", "bimodal", "exponential"],
)
def test_it_holds_for_the_shapes_that_latencies_have(draw):
    random = Random(7)
    values = [draw(random) for _ in range(20_000)]
    told = sketched(values)
    errors = [abs(told.quantile(share) / exact(values, share) - 1) for share in SHARES]
    assert max(errors) <= RELATIVE_ERROR * (1 + 1e-9)
    assert max(errors) > 0  # it is a sketch


@given(st.lists(st.lists(VALUES), max_size=5))
def test_sketches_of_several_processes_add_up_to_one_of_all(parts):
    merged = Sketch()
    for part in parts:
        merged.merge(sketched(part))
    together = sketched([each for part in parts for each in part])
    assert merged.buckets == together.buckets
    assert merged.total == pytest.approx(together.total)


@given(VALUES)
def test_a_value_is_told_as_the_middle_of_its_bucket(value):
    assert bucket_of(value_of(bucket_of(value))) == bucket_of(value)


def test_nothing_measured_has_no_quantile_and_no_mean():
    empty = Sketch()
    assert (empty.count, empty.mean, empty.quantile(0.5)) == (0, None, None)


def test_zero_counts_as_the_least_value():
    sketch = sketched([0.0, 0.0, 1.0])
    assert sketch.count == 3
    assert sketch.quantile(0.5) == pytest.approx(LEAST, rel=RELATIVE_ERROR)
    assert sketch.mean == pytest.approx(1 / 3)


@given(st.lists(VALUES, min_size=1), VALUES)
def test_how_many_were_at_most_so_large_is_right_but_for_those_within_one_percent(values, bound):
    told = sketched(values).at_most(bound)
    assert sum(each < bound * (1 - 2 * RELATIVE_ERROR) for each in values) <= told
    assert told <= sum(each <= bound * (1 + 2 * RELATIVE_ERROR) for each in values)
