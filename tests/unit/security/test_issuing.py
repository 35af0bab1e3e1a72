"""What signs access tokens, and that what it signs is accepted by the keys that go with it and by no others."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core import codec
from brightspot.core.errors import SettingsError
from brightspot.security import (
    KeySettings,
    TokenRefused,
    TokenSettings,
    TokenVerifier,
    configured_keys,
    public_key_set,
    secret_signing_key,
    signed_token,
    signing_key,
    to_base64url,
)
from tests.unit.security.signing import EDDSA, ES256, claims, key_set

SECRET = "a secret of at least thirty-two bytes"


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def jwk(key, kid):
    public = key.public_key()
    if isinstance(key, Ed25519PrivateKey):
        return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": to_base64url(public.public_bytes_raw())}
    at = public.public_numbers()
    x, y = (to_base64url(each.to_bytes(32)) for each in (at.x, at.y))
    return {"kty": "EC", "crv": "P-256", "kid": kid, "x": x, "y": y}


def published(**keys):
    return configured_keys(
        KeySettings(text=codec.dumps({"keys": [jwk(key, kid) for kid, key in keys.items()]}).decode())
    )


def verify(keys, token, clock):
    return TokenVerifier(lambda: keys, TokenSettings(), clock).verify(token)


@pytest.mark.parametrize("make", [Ed25519PrivateKey.generate, lambda: generate_private_key(SECP256R1())])
def test_a_signed_token_is_accepted_under_the_published_id(make, clock):
    key = make()
    keys = published(**{"this-year": key})
    signing = signing_key(pem(key), keys, "file")
    token = signed_token(signing, claims(sid="01ARZ3NDEKTSV4RRFFQ69G5FAV"))
    caller = verify(keys, token, clock)
    assert (signing.kid, caller.subject, caller.session) == ("this-year", "user-1", "01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_a_new_key_signs_only_once_it_is_published_and_the_old_one_is_accepted_meanwhile(clock):
    old, new = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    both = pem(new) + pem(old)
    before = signing_key(both, published(old=old), "file")
    after = signing_key(both, published(old=old, new=new), "file")
    assert (before.kid, after.kid) == ("old", "new")
    overlap = published(old=old, new=new)
    assert all(verify(overlap, signed_token(each, claims()), clock) for each in (before, after))
    with pytest.raises(TokenRefused):
        verify(published(new=new), signed_token(before, claims()), clock)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "send private keys in PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nSECRETTEXT\n-----END PRIVATE KEY-----\n", "cannot be read"),
        (pem(generate_private_key(SECP384R1())), "neither Ed25519 nor P-256"),
        (pem(Ed25519PrivateKey.generate()), "publish it there first"),
    ],
)
def test_what_cannot_sign_is_refused_without_a_word_of_its_content(content, told):
    with pytest.raises(SettingsError, match=told) as refused:
        signing_key(content, published(k=Ed25519PrivateKey.generate()), "KEYS")
    assert "SECRETTEXT" not in str(refused.value)
    assert "SECRETTEXT" not in repr(refused.value.__cause__)


def test_the_published_set_is_what_was_configured_and_never_the_secret():
    settings = KeySettings(text=key_set(EDDSA, ES256), secret=SECRET)
    keys = configured_keys(settings)
    told = public_key_set(keys)
    assert [each["kid"] for each in told["keys"]] == ["ed-1", "ec-1"]
    again = configured_keys(KeySettings(text=codec.dumps(told).decode()))
    assert again == {kid: key for kid, key in keys.items() if key.algorithm != "HS256"}
    assert SECRET not in repr(settings) + repr(keys) + repr(told)


def test_a_secret_signs_where_one_is_set(clock):
    settings = KeySettings(secret=SECRET)
    token = signed_token(secret_signing_key(settings), claims())
    assert verify(configured_keys(settings), token, clock).subject == "user-1"
    with pytest.raises(TokenRefused):
        verify(configured_keys(KeySettings(secret=SECRET + "!")), token, clock)
    assert secret_signing_key(KeySettings()) is None


def test_a_public_key_is_no_secret_even_where_a_secret_is_set(clock):
    keys = configured_keys(KeySettings(text=key_set(EDDSA), secret=SECRET))
    forged = EDDSA.token({"alg": "HS256"})
    with pytest.raises(TokenRefused) as refused:
        verify(keys, forged, clock)
    assert refused.value.reason == "key"


@pytest.mark.parametrize("secret", ["short", "x" * 31])
def test_a_short_secret_stops_the_start_and_is_not_shown(secret):
    with pytest.raises(SettingsError, match="JWT_SECRET: send at least 32 random bytes") as refused:
        configured_keys(KeySettings(secret=secret))
    assert secret not in str(refused.value)


@given(st.text(max_size=40).filter(lambda text: text != "01ARZ3NDEKTSV4RRFFQ69G5FAV"))
def test_a_session_that_is_no_id_is_refused(text):
    from tests.conftest import HandClock

    settings = KeySettings(secret=SECRET)
    token = signed_token(secret_signing_key(settings), claims(sid=text))
    if len(text) == 26:
        return
    with pytest.raises(TokenRefused):
        verify(configured_keys(settings), token, HandClock())
