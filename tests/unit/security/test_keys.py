"""Public keys come from configuration, and only such as can be used are taken."""

import json

import pytest

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.security import KeySettings, TokenSettings, VerifyingKey, configured_keys, to_base64url
from brightspot.security.curves import usable_ed25519, usable_p256
from brightspot.security.strict import from_base64url
from tests.unit.security.signing import EDDSA, ES256, ed25519, key_set, p256

P = 2**255 - 19
ORDER_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
SMALL_ORDER = {
    "the neutral point": (1).to_bytes(32, "little"),
    "order 2": (P - 1).to_bytes(32, "little"),
    "order 4": bytes(32),
    "order 4, other sign": (2**255).to_bytes(32, "little"),
    "order 8": bytes.fromhex(ORDER_8),
    "order 8, other sign": bytes.fromhex(ORDER_8[:-2] + "85"),
    "order 8, negative": (P - int.from_bytes(bytes.fromhex(ORDER_8), "little")).to_bytes(32, "little"),
}
ONE = "AQ"  # base64url of a single byte
WRONG = {
    "a number": (7, "is not a JSON object"),
    "a private key": ({**EDDSA.jwk, "d": to_base64url(b"\1" * 32)}, "private or symmetric"),
    "a secret": ({"kty": "oct", "kid": "s", "k": to_base64url(bytes(32))}, "private or symmetric"),
    "RSA": ({"kty": "RSA", "kid": "r", "n": ONE, "e": "AQAB"}, "kty OKP and crv Ed25519"),
    "another curve": ({**ES256.jwk, "crv": "P-384"}, "crv P-256"),
    "an exchange key": ({**EDDSA.jwk, "crv": "X25519"}, "crv Ed25519"),
    "curve and type crossed": ({**ES256.jwk, "kty": "OKP"}, "kty OKP and crv Ed25519"),
    "a curve that is a list": ({**ES256.jwk, "crv": ["P-256"]}, "crv P-256"),
    "no kid": ({**EDDSA.jwk, "kid": None}, "needs a kid"),
    "a kid too long": ({**EDDSA.jwk, "kid": "k" * 129}, "needs a kid"),
    "an algorithm of another key": ({**EDDSA.jwk, "alg": "ES256"}, "alg of such a key must be EdDSA"),
    "an algorithm for secrets": ({**EDDSA.jwk, "alg": "HS256"}, "alg of such a key must be EdDSA"),
    "a key to encrypt with": ({**ES256.jwk, "use": "enc"}, "use must be sig"),
    "operations without verify": ({**ES256.jwk, "key_ops": ["deriveKey"]}, "key_ops must include verify"),
    "operations that are text": ({**ES256.jwk, "key_ops": "verify"}, "key_ops must include verify"),
    "x with padding": ({**EDDSA.jwk, "x": EDDSA.jwk["x"] + "="}, "x must be 32 bytes"),
    "x too short": ({**EDDSA.jwk, "x": ONE}, "x must be 32 bytes"),
    "x a number": ({**EDDSA.jwk, "x": 1}, "x must be 32 bytes"),
    "no y": ({**ES256.jwk, "y": None}, "y must be 32 bytes"),
    "a point off the curve": ({**ES256.jwk, "y": ES256.jwk["x"]}, "is not a usable point of P-256"),
    "a point of small order": ({**EDDSA.jwk, "x": to_base64url(bytes(32))}, "is not a usable point of Ed25519"),
}


def test_without_configuration_there_are_no_keys():
    assert configured_keys(load(KeySettings, {})) == {}


def test_keys_are_read_from_the_variable():
    keys = configured_keys(load(KeySettings, {"JWT_PUBLIC_KEYS": key_set(EDDSA, ES256)}))
    assert [(each.kid, each.algorithm, len(each.material)) for each in keys.values()] == [
        ("ed-1", "EdDSA", 32),
        ("ec-1", "ES256", 64),
    ]
    assert keys["ed-1"] == VerifyingKey("ed-1", "EdDSA", from_base64url(EDDSA.jwk["x"]))


def test_keys_are_read_from_the_file(tmp_path):
    file = tmp_path / "jwks.json"
    file.write_text(key_set(EDDSA))
    assert list(configured_keys(load(KeySettings, {"JWT_PUBLIC_KEYS_FILE": str(file)}))) == ["ed-1"]


def test_a_key_may_say_what_it_is_for():
    said = {**EDDSA.jwk, "alg": "EdDSA", "use": "sig", "key_ops": ["verify"], "ext": True}
    assert list(configured_keys(KeySettings(text=json.dumps({"keys": [said], "more": 1})))) == ["ed-1"]


def test_variable_and_file_may_not_disagree(tmp_path):
    file = tmp_path / "jwks.json"
    file.write_text(key_set(EDDSA))
    assert list(configured_keys(KeySettings(key_set(EDDSA), str(file)))) == ["ed-1"]
    with pytest.raises(SettingsError, match="JWT_PUBLIC_KEYS and JWT_PUBLIC_KEYS_FILE hold different keys"):
        configured_keys(KeySettings(key_set(ES256), str(file)))


@pytest.mark.parametrize(("key", "told"), WRONG.values(), ids=WRONG)
def test_a_key_that_cannot_be_used_is_refused_by_its_place_without_its_content(key, told):
    with pytest.raises(SettingsError) as refused:
        configured_keys(KeySettings(text=json.dumps({"keys": [EDDSA.jwk | {"kid": "first"}, key]})))
    assert str(refused.value).startswith("JWT_PUBLIC_KEYS: keys[1]")
    assert told in str(refused.value)
    assert EDDSA.jwk["x"] not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----",
        "[]",
        "{}",
        '{"keys": {}}',
        '{"keys": []}',
        '{"keys": [], "keys": []}',
        json.dumps({"keys": [EDDSA.jwk] * 33}),
        "[" * 60_000,
        " " * 70_000,
        "\udcff",
    ],
    ids=lambda text: text[:12].encode("ascii", "replace").decode(),
)
def test_what_is_no_key_set_is_refused_by_the_variables_name(text):
    with pytest.raises(SettingsError, match=r"^JWT_PUBLIC_KEYS: ") as refused:
        configured_keys(KeySettings(text=text))
    assert "PRIVATE" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_two_keys_of_one_id_are_refused():
    with pytest.raises(SettingsError, match=r"keys\[1\] has the kid of a key before it"):
        configured_keys(KeySettings(text=key_set(EDDSA, ed25519("ed-1", seed=2))))


@pytest.mark.parametrize("path", ["nowhere/jwks.json", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_refused_by_the_variables_name(path):
    with pytest.raises(SettingsError, match=r"^JWT_PUBLIC_KEYS_FILE=.*: cannot be read"):
        configured_keys(KeySettings(file=path))


def test_an_empty_file_is_no_key_set(tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(SettingsError, match=r"^JWT_PUBLIC_KEYS_FILE: send a JSON Web Key Set"):
        configured_keys(KeySettings(file=str(tmp_path / "empty")))


def test_issuer_audience_and_leeway_have_defaults():
    assert load(TokenSettings, {}) == TokenSettings("brightspot", "brightspot-api", 30)
    with pytest.raises(SettingsError, match="JWT_LEEWAY_SECONDS"):
        load(TokenSettings, {"JWT_LEEWAY_SECONDS": "301"})


@pytest.mark.parametrize("material", SMALL_ORDER.values(), ids=SMALL_ORDER)
def test_points_of_small_order_are_not_usable(material):
    assert not usable_ed25519(material)


def test_other_spellings_of_a_point_and_points_off_the_curve_are_not_usable():
    off = [number for number in range(2, 40) if not usable_ed25519(number.to_bytes(32, "little"))]
    assert 10 < len(off) < 30  # about half of all numbers are no point
    assert not any(usable_ed25519((P + number).to_bytes(32, "little")) for number in range(19))


def test_real_keys_are_usable():
    for seed in range(1, 40):
        assert usable_ed25519(from_base64url(ed25519("k", seed).jwk["x"]))
        jwk = p256("k", seed).jwk
        point = from_base64url(jwk["x"]) + from_base64url(jwk["y"])
        assert usable_p256(point)
        assert not usable_p256(point[:-1] + bytes([point[-1] ^ 1]))
    assert not usable_p256(bytes(64))
    assert not usable_p256(b"\xff" * 64)
