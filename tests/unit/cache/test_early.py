"""Early refresh: how long before its expiry a value is computed anew, held against the closed forms."""

import math
from random import Random
from statistics import fmean, pstdev

import pytest

from brightspot.cache import ComputeSettings, Options
from brightspot.cache.computing.early import FLAT_CHANCE, is_due, xfetch_lead
from brightspot.core.errors import SettingsError

ROUNDS = 4000
EULER = 0.5772156649015329


def e1(x):
    """The exponential integral E1(x) = integral of exp(-t)/t from x on, by its power series (x up to about 30)."""
    total, term = -EULER - math.log(x), 1.0
    for k in range(1, 200):
        term *= -x / k
        total -= term / k
    return total


def lead_of_readers(delta, beta, rate, ttl, window, random):
    """Readers come as a Poisson process and each draws: seconds before expiry at which one computes anew, else 0."""
    left = window * ttl
    while True:
        left -= random.expovariate(rate)
        if left <= 0:
            return 0.0
        if is_due(left, ttl, delta, rule="xfetch", window=window, beta=beta, random=random):
            return left


def within_noise(samples, expected):
    return abs(fmean(samples) - expected) < 4 * pstdev(samples) / math.sqrt(len(samples))


@pytest.mark.parametrize(("delta", "beta"), [(1.0, 1.0), (0.25, 2.0), (3.0, 0.5)])
def test_the_lead_of_one_draw_is_exponential_with_mean_delta_beta(delta, beta):
    random = Random(7)
    leads = [xfetch_lead(delta, beta, random) for _ in range(5 * ROUNDS)]
    scale = delta * beta
    assert within_noise(leads, scale)
    for quantile in (0.25, 0.5, 0.9, 0.99):
        share = fmean(each <= -scale * math.log(1 - quantile) for each in leads)
        assert abs(share - quantile) < 0.015


def test_one_reading_computes_anew_with_the_chance_that_the_draw_reaches_its_expiry():
    random, delta, beta, left = Random(7), 2.0, 1.5, 4.0
    done = [is_due(left, 60, delta, rule="xfetch", window=1.0, beta=beta, random=random) for _ in range(5 * ROUNDS)]
    assert abs(fmean(done) - math.exp(-left / (delta * beta))) < 0.015


@pytest.mark.parametrize(
    ("delta", "beta", "rate"), [(1.0, 1.0, 10.0), (1.0, 1.0, 1.0), (2.0, 0.5, 0.3), (0.5, 3.0, 8.0)]
)
def test_the_mean_lead_of_many_readers_is_as_the_closed_form_says(delta, beta, rate):
    """s * Ein(c), with s = delta * beta, c = rate * s, Ein(c) = Euler's constant + ln c + E1(c)."""
    random, scale = Random(11), delta * beta
    leads = [lead_of_readers(delta, beta, rate, 100 * scale, 1.0, random) for _ in range(ROUNDS)]
    spent = rate * scale
    assert within_noise(leads, scale * (EULER + math.log(spent) + e1(spent)))


@pytest.mark.parametrize(
    ("delta", "beta", "rate", "ttl"), [(1.0, 1.0, 4.0, 10.0), (1.0, 2.0, 5.0, 20.0), (0.5, 1.0, 2.0, 60.0)]
)
def test_inside_the_last_fifth_of_the_ttl_too(delta, beta, rate, ttl):
    """W - s * exp(a) * (E1(a) - E1(c)), with the window W = 0.2 * TTL and a = c * exp(-W / s)."""
    random, scale, window = Random(13), delta * beta, 0.2 * ttl
    leads = [lead_of_readers(delta, beta, rate, ttl, 0.2, random) for _ in range(ROUNDS)]
    spent = rate * scale
    least = spent * math.exp(-window / scale)
    assert max(leads) <= window
    assert within_noise(leads, window - scale * math.exp(least) * (e1(least) - e1(spent)))


def test_flat_lets_one_reading_in_ten_do_it_inside_the_window_and_none_before():
    random = Random(17)

    def share(left):
        return fmean(is_due(left, 100, 5, rule="flat", window=0.2, beta=1, random=random) for _ in range(5 * ROUNDS))

    assert abs(share(19.9) - FLAT_CHANCE) < 0.01
    assert abs(share(0.1) - FLAT_CHANCE) < 0.01
    assert share(20.1) == 0


def test_what_has_expired_is_always_computed_anew():
    for rule in ("xfetch", "flat"):
        assert is_due(0.0, 100, 0, rule=rule, window=0.0, beta=0, random=Random(1))


def test_what_took_no_time_to_compute_is_not_computed_early():
    assert not is_due(0.001, 100, 0.0, rule="xfetch", window=1, beta=1, random=Random(1))


def test_a_value_is_renewed_while_it_is_fresh_and_readers_go_on_having_it(computed, source, clock):
    options = Options(ttl=100, beta=1.0)
    source.takes = 5.0
    computed.get("n", "k", source, options)
    seen = []
    for _ in range(2000):
        clock.advance(seconds=0.5)
        found = computed.get("n", "k", source, options)
        seen.append(found)
    assert {each.status for each in seen} == {"fresh", "computed"}
    ages = [after.age_seconds for after in seen if after.status == "fresh"]
    assert 80 < max(ages) < 100
    assert source.calls >= 10


def test_a_rule_that_there_is_not_stops_the_start():
    with pytest.raises(SettingsError, match="xfetch or flat"):
        _ = ComputeSettings(rule="often").early_rule
