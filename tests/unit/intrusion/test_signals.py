"""What a client did, as points."""

from hypothesis import given
from hypothesis import strategies as st

from brightspot.intrusion import SIGNALS, IntrusionSettings
from brightspot.intrusion.signals import Weight, address_weights, amounts_in, points

USUAL = address_weights(IntrusionSettings())
AMOUNTS = st.dictionaries(st.sampled_from(SIGNALS), st.integers(0, 500))


@given(amounts=AMOUNTS, signal=st.sampled_from(SIGNALS))
def test_more_of_anything_never_lowers_a_score(amounts, signal):
    more = {**amounts, signal: amounts.get(signal, 0) + 1}
    assert sum(points(more, USUAL).values()) >= sum(points(amounts, USUAL).values())


@given(rate=st.floats(0, 1))
def test_what_is_free_scores_nothing(rate):
    amounts = {name: int(weight.free * rate) for name, weight in USUAL.items()}
    assert points(amounts, USUAL) == {}


@given(times=st.integers(0, 100_000))
def test_limit_hits_alone_never_block(times):
    settings = IntrusionSettings()
    assert sum(points({"rate_limited": times}, USUAL).values()) < settings.block


def test_a_few_mistyped_passwords_score_nothing_and_a_guesser_is_blocked_after_some_twenty():
    assert points({"failed_login": 3}, USUAL) == {}
    assert points({"failed_login": 4}, USUAL) == {"failed_login": 5}
    assert points({"failed_login": 23}, USUAL) == {"failed_login": 100}


def test_points_are_bounded_by_signal_and_added_up_over_all():
    weights = {"bad_token": Weight(10, 1, 30), "unknown_route": Weight(2)}
    assert points({"bad_token": 3, "unknown_route": 4}, weights) == {"bad_token": 20, "unknown_route": 8}
    assert points({"bad_token": 300}, weights) == {"bad_token": 30}


def test_a_kept_window_counts_what_is_in_it():
    kept = b"90:bad_token=7 91:bad_token=1 100:bad_token=2 100:unknown_route=5"
    assert amounts_in(kept, 100) == {"bad_token": 3, "unknown_route": 5}
    assert amounts_in(kept, 110) == {}
    assert amounts_in(b"", 100) == {}
