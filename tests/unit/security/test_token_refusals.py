"""Whatever is wrong with a token, it is refused, with a reason for us and one constant message for everybody else."""

import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from brightspot.security import TokenRefused, to_base64url
from brightspot.security.strict import from_base64url
from tests.unit.security.signing import EDDSA, ES256, NOW, claims, der_signature, ed25519, key_set, p256, verifier

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GOOD = EDDSA.token()
HEADER, PAYLOAD, SIGNATURE = GOOD.split(".")


def hs256(secret: bytes):
    return lambda data: hmac.new(secret, data, hashlib.sha256).digest()


def next_character(text: str) -> str:
    """`text` with a last character that differs in slack bits only."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def again(member: str, name: str, document: dict) -> bytes:
    """`document` with the member `name` given twice, `member` first."""
    return f'{{"{name}":{member},{json.dumps(document)[1:]}'.encode()


FORMS = {
    "nothing": "",
    "one part": HEADER,
    "two parts": f"{HEADER}.{PAYLOAD}",
    "no signature": f"{HEADER}.{PAYLOAD}.",
    "no payload": f"{HEADER}..{SIGNATURE}",
    "no header": f".{PAYLOAD}.{SIGNATURE}",
    "a dot after": f"{GOOD}.",
    "a dot before": f".{GOOD}",
    "a fourth part": f"{GOOD}.{SIGNATURE}",
    "five parts, as encrypted tokens have": f"{GOOD}.{HEADER}.{PAYLOAD}",
    "only dots": "..",
    "a space before": f" {GOOD}",
    "a space after": f"{GOOD} ",
    "a line end after": f"{GOOD}\n",
    "a space within": f"{HEADER}. {PAYLOAD}.{SIGNATURE}",
    "padding": f"{GOOD}==",
    "padding of the payload": f"{HEADER}.{PAYLOAD}=.{SIGNATURE}",
    "the other base64 alphabet": f"{HEADER}.{PAYLOAD}.{'+/' + SIGNATURE[2:]}",
    "slack bits in the signature": f"{HEADER}.{PAYLOAD}.{next_character(SIGNATURE)}",
    "a part of impossible length": f"{HEADER}.{PAYLOAD}.{SIGNATURE}AAA",
    "a character beyond ASCII": f"{HEADER}.{PAYLOAD}é.{SIGNATURE}",
    "a half of a surrogate pair": f"{GOOD}\ud800",
    "a digit of another script": f"{HEADER}.{PAYLOAD}\u0661.{SIGNATURE}",
    "a zero byte": f"{GOOD}\0",
    "two tokens, as joined headers are": f"{GOOD},{GOOD}",
}
HEADERS = {
    "alg none": ({"alg": "none"}, "algorithm"),
    "alg None": ({"alg": "None"}, "algorithm"),
    "alg absent": ({"alg": None}, "header"),
    "alg empty": ({"alg": ""}, "algorithm"),
    "alg a list": ({"alg": ["EdDSA"]}, "header"),
    "alg in another case": ({"alg": "eddsa"}, "algorithm"),
    "alg HS256": ({"alg": "HS256"}, "algorithm"),
    "alg RS256": ({"alg": "RS256"}, "algorithm"),
    "alg of another kind of key": ({"alg": "ES256"}, "key"),
    "kid absent": ({"kid": None}, "header"),
    "kid unknown": ({"kid": "ed-2"}, "key"),
    "kid of another key": ({"kid": "ec-1"}, "key"),
    "kid empty": ({"kid": ""}, "key"),
    "kid a number": ({"kid": 1}, "header"),
    "kid a list": ({"kid": ["ed-1"]}, "header"),
    "kid a path": ({"kid": "../../dev/null"}, "key"),
    "typ of a refresh token": ({"typ": "rt+jwt"}, "type"),
    "typ of an identity token": ({"typ": "id+jwt"}, "type"),
    "typ in another case": ({"typ": "AT+JWT"}, "type"),
    "typ a number": ({"typ": 1}, "type"),
    "crit": ({"crit": ["exp"]}, "header"),
    "crit empty": ({"crit": []}, "header"),
    "b64": ({"b64": False, "crit": ["b64"]}, "header"),
    "zip": ({"zip": "DEF"}, "header"),
    "a key of its own": ({"jwk": ed25519("ed-1", seed=9).jwk}, "header"),
    "the right key of its own": ({"jwk": EDDSA.jwk}, "header"),
    "an address of keys": ({"jku": "https://evil.example/keys"}, "header"),
    "a certificate": ({"x5c": ["MIIB"]}, "header"),
    "an address of certificates": ({"x5u": "https://evil.example/cert"}, "header"),
    "not an object": (b'["EdDSA"]', "header"),
    "not JSON": (b"{", "header"),
    "not UTF-8": (b'{"alg":"EdDSA","kid":"ed-1","typ":"\xff"}', "header"),
    "nested too deeply": (b"[" * 2500, "header"),
    "NaN": (b'{"alg":"EdDSA","kid":"ed-1","typ":NaN}', "header"),
    "a member twice": (again('"none"', "alg", {"alg": "EdDSA", "kid": "ed-1"}), "header"),
}
PAYLOADS = {
    **{f"{name} absent": ({name: None}, "claims") for name in ("iss", "aud", "sub", "exp", "iat", "jti")},
    **{f"{name} a number": ({name: 1}, "claims") for name in ("iss", "aud", "sub", "jti")},
    **{f"{name} empty": ({name: ""}, "claims") for name in ("iss", "sub", "jti", "tenant")},
    **{
        f"{name} {value!r}": ({name: value}, "claims")
        for name in ("exp", "iat", "nbf")
        for value in (str(NOW + 60), NOW + 60.5, True, -1, 10**12, [NOW])
    },
    "issuer wrong": ({"iss": "brightspot "}, "issuer"),
    "audience wrong": ({"aud": "brightspot-web"}, "audience"),
    "audience longer than ours": ({"aud": "brightspot-api-2"}, "audience"),
    "audience empty": ({"aud": ""}, "audience"),
    "audiences none": ({"aud": []}, "claims"),
    "audiences wrong": ({"aud": ["a", "b"]}, "audience"),
    "audiences not text": ({"aud": ["brightspot-api", 1]}, "claims"),
    "expired": ({"iat": NOW - 900, "nbf": None, "exp": NOW - 30}, "expired"),
    "not yet valid": ({"nbf": NOW + 31}, "not_yet_valid"),
    "issued in the future, whatever nbf says": ({"iat": NOW + 31, "nbf": NOW}, "not_yet_valid"),
    "issued in the future": ({"iat": NOW + 31, "nbf": None}, "not_yet_valid"),
    "over before it starts": ({"nbf": NOW + 900}, "claims"),
    "for refreshing": ({"token_use": "refresh"}, "type"),
    "for refreshing, by its other claim": ({"type": "refresh"}, "type"),
    "for an identity": ({"token_use": "id"}, "type"),
    "for something unhashable": ({"token_use": ["access"]}, "type"),
    "scope an object": ({"scope": {"admin": True}}, "scope"),
    "scope true": ({"scope": True}, "scope"),
    "scope zero": ({"scope": 0}, "scope"),
    "scope with a list in it": ({"scope": [["admin"]]}, "scope"),
    "scope with two words in one": ({"scope": ["read admin"]}, "scope"),
    "scope with an empty word": ({"scope": "read  admin"}, "scope"),
    "scope with a space at the end": ({"scope": "read "}, "scope"),
    "subject with a hash tag": ({"sub": "a}:{b"}, "claims"),
    "subject with a line end": ({"sub": "user-1\n"}, "claims"),
    "subject too long": ({"sub": "u" * 129}, "claims"),
    "tenant a number": ({"tenant": 7}, "claims"),
    "tenant with a colon": ({"tenant": "acme:other"}, "claims"),
    "infinite": (json.dumps(claims()).replace(str(NOW + 900), "1e400").encode(), "claims"),
    "not an object": (b'"admin"', "claims"),
    "not JSON": (b"admin", "claims"),
    "not UTF-8": (b'{"sub":"\xff"}', "claims"),
    "a claim twice": (again('"admin"', "scope", claims()), "claims"),
}
PRIVATE = ec.derive_private_key(0xB5, ec.SECP256R1())


def halves(change):
    return lambda data: b"".join(n.to_bytes(32) for n in change(*(int.from_bytes(h) for h in split(ES256.sign(data)))))


def split(signature: bytes):
    return signature[:32], signature[32:]


SIGNATURES = {
    "another Ed25519 key": (EDDSA, ed25519("ed-1", seed=2).sign),
    "another P-256 key": (ES256, p256("ec-1", secret=3).sign),
    "a P-256 key for an Ed25519 one": (EDDSA, ES256.sign),
    "zeros, Ed25519": (EDDSA, lambda _: bytes(64)),
    "zeros, P-256": (ES256, lambda _: bytes(64)),
    "r zero": (ES256, halves(lambda _, s: (0, s))),
    "s zero": (ES256, halves(lambda r, _: (r, 0))),
    "r the order": (ES256, halves(lambda _, s: (ORDER, s))),
    "s the order": (ES256, halves(lambda r, _: (r, ORDER))),
    "r and s swapped": (ES256, halves(lambda r, s: (s, r))),
    "DER": (ES256, lambda data: der_signature(PRIVATE, data)),
    "a byte short": (ES256, lambda data: ES256.sign(data)[:-1]),
    "a byte long": (ES256, lambda data: ES256.sign(data) + b"\0"),
    "a byte long, Ed25519": (EDDSA, lambda data: EDDSA.sign(data) + b"\0"),
    "a zero before s": (ES256, lambda data: b"\0".join(split(ES256.sign(data)))),
    "one byte": (EDDSA, lambda _: b"\0"),
    "of something else": (EDDSA, lambda _: EDDSA.sign(b"something else")),
    "of the payload only": (EDDSA, lambda data: EDDSA.sign(data.split(b".")[1])),
}


@pytest.fixture
def reason(clock):
    """Why a token is refused; the message is checked to be the constant one, and nothing to hang on it."""
    ours = verifier(clock)

    def ask(token: str) -> str:
        with pytest.raises(TokenRefused) as refused:
            ours.verify(token)
        assert str(refused.value) == "the access token is not accepted; get a new one"
        assert (refused.value.status, refused.value.__cause__) == (401, None)
        assert refused.value.challenge == 'Bearer realm="brightspot", error="invalid_token"'
        return refused.value.reason

    return ask


@pytest.mark.parametrize("token", FORMS.values(), ids=FORMS)
def test_a_token_of_another_form_is_refused(reason, token):
    assert reason(token) == "form"


@pytest.mark.parametrize(("header", "why"), HEADERS.values(), ids=HEADERS)
def test_a_header_that_says_anything_else_is_refused_even_when_signed(reason, header, why):
    assert reason(EDDSA.token(header=header)) == why


@pytest.mark.parametrize(("payload", "why"), PAYLOADS.values(), ids=PAYLOADS)
def test_claims_that_are_missing_ill_formed_or_not_for_us_are_refused(reason, payload, why):
    assert reason(EDDSA.token(payload=payload)) == why


@pytest.mark.parametrize(("issuer", "sign"), SIGNATURES.values(), ids=SIGNATURES)
def test_any_other_signature_is_refused(reason, issuer, sign):
    assert reason(issuer.token(sign=sign)) == "signature"


@pytest.mark.parametrize("typ", ["JWT", None])
def test_a_token_that_says_nowhere_that_it_is_for_access_is_refused(reason, typ):
    assert reason(EDDSA.token({"typ": typ}, {"token_use": None})) == "type"


@pytest.mark.parametrize(
    "secret",
    [EDDSA.jwk["x"].encode(), from_base64url(EDDSA.jwk["x"]), key_set(EDDSA).encode(), b""],
    ids=["its text", "its bytes", "the key set", "nothing"],
)
def test_the_public_key_is_no_secret_to_sign_with(reason, secret):
    assert reason(EDDSA.token({"alg": "HS256"}, sign=hs256(secret))) == "algorithm"
    assert reason(EDDSA.token(sign=hs256(secret))) == "signature"


def test_parts_of_two_good_tokens_make_no_third_one(reason):
    other = EDDSA.token({"typ": "JWT"}, {"scope": "admin", "sub": "user-2"}).split(".")
    mixed = {f"{h}.{p}.{s}" for h in (HEADER, other[0]) for p in (PAYLOAD, other[1]) for s in (SIGNATURE, other[2])}
    assert {reason(token) for token in mixed - {GOOD, ".".join(other)}} == {"signature"}


def test_a_scope_written_into_a_good_token_is_refused(reason):
    assert reason(f"{HEADER}.{to_base64url(json.dumps(claims(scope='admin')).encode())}.{SIGNATURE}") == "signature"


def test_a_huge_token_is_refused_by_its_size_alone(reason):
    assert reason("A" * 4097) == "size"
    assert reason(EDDSA.token(payload={"pad": "x" * 3000})) == "size"
    assert reason("." * 4096) == "form"


def test_without_any_key_every_token_is_refused(clock):
    from brightspot.security import TokenSettings, TokenVerifier

    with pytest.raises(TokenRefused):
        TokenVerifier(dict, TokenSettings(), clock).verify(GOOD)
