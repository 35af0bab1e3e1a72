"""What looks like a secret of a known shape is taken out of text, and nothing else is."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.ids import new_id
from brightspot.core.masking import MASK, masked
from brightspot.identity.refresh import first_token, new_nonce
from brightspot.security import SigningKey, new_key, signed_token
from tests.conftest import HandClock

NOW = HandClock().now()
AROUND = st.text(alphabet=" /?&=\"':{},;.", min_size=1, max_size=8)


def a_token():
    key = Ed25519PrivateKey.generate()
    return signed_token(SigningKey("k1", "EdDSA", key.sign), {"sub": "ada", "exp": 1})


@given(before=AROUND, after=AROUND)
def test_every_secret_that_the_service_makes_is_found_wherever_it_stands(before, after):
    refresh = first_token(new_id(NOW))
    for secret in (new_key(new_id(NOW)).text, refresh.text, refresh.successor(new_nonce()).text, a_token()):
        assert masked(f"{before}{secret}{after}") == f"{before}{MASK}{after}"


def test_a_key_that_was_read_as_an_address_is_found_in_what_is_said_of_it():
    said = f"We understood street {new_key(new_id(NOW)).text.replace('_', ' ').replace('-', ' ')}, but no ZIP"
    assert masked(said) == f"We understood street {MASK}, but no ZIP"


def test_private_keys_are_found_as_they_are_and_as_json_writes_them():
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert masked(f"key: {pem}") == f"key: {MASK}\n"
    assert json.loads(masked(json.dumps({"key": pem}))) == {"key": f"{MASK}\n"}


def test_a_url_keeps_all_but_its_user_and_password():
    assert masked("redis://brightspot:pa:ss@cache:6379/0 is away") == f"redis://{MASK}@cache:6379/0 is away"


@pytest.mark.parametrize(
    "text",
    [
        "Rochester, MN 55901",
        "https://example.org/eyJ?a=b@c",
        "01J9ZQ3V6W0000000000000000",
        "bs_short",
        "eyJhbGciOiJFZERTQSJ9 is only a header",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----",
        "http://127.0.0.1:9025/docs",
    ],
)
def test_other_text_stays_as_it_is(text):
    assert masked(text) == text


@given(st.text(max_size=400))
def test_masking_twice_changes_nothing_more(text):
    assert masked(masked(text)) == masked(text)
