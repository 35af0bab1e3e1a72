"""The security score and its reasons."""

from hypothesis import given
from hypothesis import strategies as st

from brightspot.intrusion import security_score
from brightspot.intrusion.score import CAUSES

AMOUNTS = st.dictionaries(st.sampled_from([*CAUSES]), st.integers(0, 10_000))


@given(amounts=AMOUNTS)
def test_the_reasons_add_up_to_what_is_missing_from_100(amounts):
    told = security_score(amounts, 600)
    assert 0 <= told.score <= 100
    assert told.score == max(0, round(100 - sum(each.points for each in told.reasons), 1))
    assert told.alert is (told.score < 70)


@given(amounts=AMOUNTS, cause=st.sampled_from([*CAUSES]))
def test_more_of_anything_never_raises_it(amounts, cause):
    more = {**amounts, cause: amounts.get(cause, 0) + 1}
    assert security_score(more, 600).score <= security_score(amounts, 600).score


@given(cause=st.sampled_from([*CAUSES]))
def test_no_cause_alone_sets_off_the_alarm(cause):
    assert not security_score({cause: 1_000_000}, 600).alert


def test_a_quiet_service_has_100_and_no_reason():
    assert security_score({}, 600) == (100.0, [])


def test_one_blocked_scanner_costs_a_few_points_and_a_guesser_with_many_addresses_sets_off_the_alarm():
    scanner = {"unknown_route": 60, "blocked_addresses": 1}
    assert 90 < security_score(scanner, 600).score < 100
    guesser = {"failed_login": 90, "attacked_accounts": 1}
    assert security_score(guesser, 600) == (
        60.0,
        [
            ("failed_login", 90.0, 30.0, "90 failed logins", CAUSES["failed_login"].advice),
            ("attacked_accounts", 1.0, 10.0, "1 accounts that strangers wait for", CAUSES["attacked_accounts"].advice),
        ],
    )


def test_another_window_is_scaled_to_ten_minutes_and_what_is_blocked_now_is_not():
    assert security_score({"failed_login": 30}, 1200).score == security_score({"failed_login": 15}, 600).score
    assert security_score({"blocked_addresses": 2}, 1200).score == security_score({"blocked_addresses": 2}, 600).score
