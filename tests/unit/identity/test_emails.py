"""Which addresses are taken, and which are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.durations import Duration
from brightspot.core.errors import InputRefused, SettingsError
from brightspot.core.settings import load
from brightspot.identity.emails import normalised
from brightspot.identity.settings import IdentitySettings


def test_case_and_spaces_round_it_make_no_other_address():
    assert {normalised(each) for each in ("ada@example.org", " Ada@Example.ORG\n")} == {"ada@example.org"}


@pytest.mark.parametrize("email", ["o'brien@example.org", "a.b+c@x-y.example", "1@a.io"])
def test_usual_ones_are_taken(email):
    assert normalised(email) == email


@pytest.mark.parametrize(
    "email",
    [
        "", "ada", "ada@", "@example.org", "ada@example", "a b@example.org", "ada@@example.org", ".ada@example.org",
        "ada.@example.org", "ada@-x.org", "ada@example.org\r\nBcc: x@y.org", "\u0430da@example.org",
        "a" * 65 + "@example.org", "ada@" + "x" * 250 + ".org", '"ada"@example.org', "ada@[127.0.0.1]",
    ],
)  # fmt: skip
def test_others_are_told_what_to_send(email):
    with pytest.raises(InputRefused, match=r"as in ada@example\.org"):
        normalised(email)


@given(st.text(max_size=80))
def test_whatever_is_sent_is_refused_or_has_one_spelling(text):
    try:
        email = normalised(text)
    except InputRefused:
        return
    assert normalised(email) == email
    assert email.isascii()
    assert email.count("@") == 1


def test_lengths_of_time_have_a_unit():
    assert [Duration(each) for each in ("30s", "15m", "24h", "7d", "0s")] == [30, 900, 86_400, 604_800, 0]
    assert load(IdentitySettings, {"JWT_EXPIRES_IN": "24h"}).access == 86_400
    assert load(IdentitySettings, {}).access == 900


@pytest.mark.parametrize("text", ["900", "15", "m", "-1m", "1.5h", "\u0661\u0665m", "25h", "1s", "15 m"])
def test_any_other_length_stops_the_start(text):
    with pytest.raises(SettingsError, match="JWT_EXPIRES_IN"):
        load(IdentitySettings, {"JWT_EXPIRES_IN": text})
