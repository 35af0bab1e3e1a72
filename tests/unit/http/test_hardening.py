"""Security headers go onto an answer once, beside what it says itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.http.hardening import Hardening, HardeningSettings

PLAIN = Hardening(HardeningSettings())
NAMES = [name for name, _ in PLAIN.fields]


def added(hardening, *fields):
    answer = list(fields)
    hardening.add(answer)
    return answer


@given(st.lists(st.sampled_from([*NAMES, b"content-type", b"x-request-id"]), unique=True))
def test_what_an_answer_sets_itself_stays_and_every_header_is_there_once(names):
    own = [(name, b"its own") for name in names]
    answer = added(PLAIN, *own)
    assert answer[: len(own)] == own
    assert sorted(name for name, _ in answer) == sorted({*names, *NAMES})


def test_answers_do_not_share_their_list():
    first = added(PLAIN)
    first.append((b"x", b"y"))
    assert added(PLAIN) == list(PLAIN.fields)


@pytest.mark.parametrize(
    ("environ", "value"),
    [
        ({}, b"max-age=63072000; includeSubDomains"),
        ({"HSTS_MAX_AGE_SECONDS": "0", "HSTS_SUBDOMAINS": "false"}, b"max-age=0"),
        ({"HSTS_PRELOAD": "true"}, b"max-age=63072000; includeSubDomains; preload"),
    ],
)
def test_how_long_browsers_insist_on_https_is_a_setting(environ, value):
    assert dict(Hardening(load(HardeningSettings, environ)).fields)[b"strict-transport-security"] == value


@pytest.mark.parametrize("environ", [{"HSTS_MAX_AGE_SECONDS": "-1"}, {"CROSS_ORIGIN_RESOURCE_POLICY": "anybody"}])
def test_a_setting_that_cannot_be_used_is_named(environ):
    with pytest.raises(SettingsError, match=next(iter(environ))):
        Hardening(load(HardeningSettings, environ))
