"""No text but the token itself is that token, and no text does anything worse than be refused."""

import json
import string
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from brightspot.security import TokenRefused, bearer_token, to_base64url
from tests.unit.security.signing import EDDSA, ES256, verifier

TOKENS = {"EdDSA": EDDSA.token(), "ES256": ES256.token()}
IN_TOKENS = string.ascii_letters + string.digits + "-_."
any_token = pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
quick = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
headers = st.fixed_dictionaries(
    {"alg": st.sampled_from(["EdDSA", "ES256"]) | json_values, "kid": st.sampled_from(["ed-1", "ec-1"]) | json_values},
    optional={"typ": json_values, "crit": json_values},
)


def refused(clock, token):
    with pytest.raises(TokenRefused):
        verifier(clock).verify(token)


@any_token
@quick
@given(place=st.integers(0, 10_000), character=st.sampled_from(IN_TOKENS) | st.characters())
def test_any_one_character_changed_is_refused(clock, token, place, character):
    place %= len(token)
    if character != token[place]:
        refused(clock, token[:place] + character + token[place + 1 :])


@any_token
def test_every_other_last_character_of_every_part_is_refused(clock, token):
    ends = [place - 1 for place, character in enumerate(token + ".") if character == "."]
    for place in ends:
        for character in set(IN_TOKENS) - {token[place]}:
            refused(clock, token[:place] + character + token[place + 1 :])


@any_token
@quick
@given(place=st.integers(0, 10_000), character=st.sampled_from(IN_TOKENS) | st.characters())
def test_any_one_character_more_or_less_is_refused(clock, token, place, character):
    place %= len(token)
    refused(clock, token[:place] + character + token[place:])
    refused(clock, token[:place] + token[place + 1 :])


@quick
@given(st.text())
@example("." * 3)
@example("\ud800.\udfff.A")
def test_any_text_is_refused_and_nothing_worse(clock, text):
    refused(clock, text)


@quick
@given(st.text())
def test_any_authorization_is_a_token_or_refused(text):
    with suppress(TokenRefused):
        bearer_token(text)


@quick
@given(parts=st.lists(st.text(IN_TOKENS, min_size=1, max_size=60), min_size=3, max_size=3))
def test_any_three_parts_are_refused(clock, parts):
    refused(clock, ".".join(parts))


@quick
@given(header=headers, payload=st.binary(max_size=200), signature=st.binary(min_size=64, max_size=64))
def test_any_header_with_any_payload_under_any_signature_is_refused(clock, header, payload, signature):
    refused(clock, EDDSA.token(json.dumps(header).encode(), payload, lambda _: signature))


@quick
@given(payload=st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_payload_that_is_rightly_signed_and_makes_no_claims_is_refused(clock, payload):
    refused(clock, EDDSA.token(payload=payload))


@quick
@given(name=st.sampled_from(["iss", "aud", "sub", "jti", "exp", "iat", "nbf", "token_use"]), value=json_values)
def test_any_value_of_any_claim_is_taken_or_refused_and_nothing_worse(clock, name, value):
    try:
        caller = verifier(clock).verify(EDDSA.token(payload={name: value}))
    except TokenRefused:
        return
    assert caller.scopes == {"read", "write"}


@quick
@given(data=st.binary(min_size=1, max_size=64))
def test_bytes_have_one_spelling(data):
    from brightspot.security.strict import from_base64url

    assert from_base64url(to_base64url(data)) == data
