"""Good tokens are accepted, for as long as they hold and no longer."""

import pytest

from brightspot.security import SHARED_TENANT, Caller, TokenRefused, VerifyingKey
from brightspot.security.signatures import holds
from brightspot.security.strict import from_base64url
from tests.unit.security.signing import EDDSA, ES256, NOW, claims, ed25519, raw, verifier


@pytest.mark.parametrize("issuer", [EDDSA, ES256], ids=["EdDSA", "ES256"])
def test_a_good_token_says_who_calls_and_what_that_caller_may_do(clock, issuer):
    caller = verifier(clock).verify(issuer.token())
    assert caller == Caller("user-1", frozenset({"read", "write"}), SHARED_TENANT, "token-1")


def test_the_example_of_rfc_8037_holds():
    signed, _, signature = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
        ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    ).rpartition(".")
    key = VerifyingKey("k", "EdDSA", from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
    assert holds(key, from_base64url(signature), signed.encode())


def test_the_example_of_rfc_7515_a_3_holds():
    signed, _, signature = (
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        "cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    ).rpartition(".")
    x, y = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    key = VerifyingKey("k", "ES256", from_base64url(x) + from_base64url(y))
    assert holds(key, from_base64url(signature), signed.encode())


@pytest.mark.parametrize("high", [False, True], ids=["low s", "high s"])
def test_either_s_of_an_es256_signature_holds(clock, high):
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

    def sign(data):
        signature = ES256.sign(data)
        s = int.from_bytes(signature[32:])
        return signature[:32] + (max if high else min)(s, order - s).to_bytes(32)

    assert verifier(clock).verify(ES256.token(sign=sign)).subject == "user-1"


@pytest.mark.parametrize(
    ("typ", "said"),
    [
        ("at+jwt", {"token_use": None}),
        ("at+jwt", {"type": "access"}),
        ("JWT", {}),
        ("JWT", {"token_use": None, "type": "access"}),
        (None, {}),
    ],
)
def test_a_token_says_by_its_type_or_by_a_claim_that_it_is_for_access(clock, typ, said):
    assert verifier(clock).verify(EDDSA.token({"typ": typ}, said)).subject == "user-1"


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        ("read", {"read"}),
        (["write", "read"], {"read", "write"}),
        ("admin", {"admin"}),
        ("openid read profile", {"read"}),
        ("READ ADMIN admin,write administrator", set()),
        ("", set()),
        ([], set()),
        (None, set()),
    ],
)
def test_a_scope_grants_exactly_the_permissions_it_names(clock, scope, granted):
    assert verifier(clock).verify(EDDSA.token(payload={"scope": scope})).scopes == granted


def test_a_token_for_several_audiences_and_of_a_tenant_is_accepted(clock):
    token = EDDSA.token(payload={"aud": ["elsewhere", "brightspot-api"], "tenant": "acme-1"})
    assert verifier(clock).verify(token).tenant == "acme-1"


def test_issuer_and_audience_are_settings(clock):
    ours = verifier(clock, issuer="https://id.example", audience="there")
    assert ours.verify(EDDSA.token(payload={"iss": "https://id.example", "aud": "there"})).subject == "user-1"
    with pytest.raises(TokenRefused):
        ours.verify(EDDSA.token())


@pytest.mark.parametrize(("seconds", "reason"), [(-31, "not_yet_valid"), (-30, None), (929, None), (930, "expired")])
def test_a_token_holds_from_its_start_to_its_end_give_or_take_the_leeway(clock, seconds, reason):
    clock.advance(seconds=seconds)
    assert refusal(verifier(clock), EDDSA.token()) == reason


@pytest.mark.parametrize(("seconds", "reason"), [(-1, "not_yet_valid"), (0, None), (899, None), (900, "expired")])
def test_without_leeway_a_token_holds_to_the_second(clock, seconds, reason):
    clock.advance(seconds=seconds)
    assert refusal(verifier(clock, leeway_seconds=0), EDDSA.token(payload={"nbf": None})) == reason


def test_a_remembered_token_ends_when_it_expires(clock):
    ours = verifier(clock)
    assert [refusal(ours, EDDSA.token()) for _ in range(2)] == [None, None]
    clock.advance(seconds=930)
    assert refusal(ours, EDDSA.token()) == "expired"


def test_a_remembered_token_is_not_checked_again_and_its_twin_is(clock, monkeypatch):
    ours, token = verifier(clock), ES256.token()
    ours.verify(token)
    monkeypatch.setattr("brightspot.security.tokens.holds", lambda *_: False)
    assert refusal(ours, token) is None
    assert refusal(ours, ES256.token(payload={"jti": "token-2"})) == "signature"


def test_a_remembered_token_ends_at_once_when_its_key_goes_or_changes(clock):
    from brightspot.security import KeySettings, TokenSettings, TokenVerifier, configured_keys
    from tests.unit.security.signing import key_set

    now = {"text": key_set(EDDSA, ES256)}
    ours = TokenVerifier(lambda: configured_keys(KeySettings(**now)), TokenSettings(), clock)
    token = EDDSA.token()
    told = [refusal(ours, token)]
    for keys in (key_set(ES256), key_set(ed25519("ed-1", seed=2)), key_set(ed25519("ed-2", seed=2), EDDSA)):
        now["text"] = keys
        told.append(refusal(ours, token))
    assert told == [None, "key", "signature", None]


def test_only_so_many_tokens_are_remembered_and_no_refused_one(clock):
    ours = verifier(clock)
    for number in range(300):
        ours.verify(EDDSA.token(payload={"jti": f"token-{number}"}))
    assert len(ours._good) == 256
    late = verifier(clock)
    assert refusal(late, EDDSA.token(payload={"exp": NOW - 31, "iat": NOW - 60, "nbf": None})) == "expired"
    assert refusal(late, EDDSA.token(sign=lambda _: bytes(64))) == "signature"
    assert late._good == {}


def test_helpers_of_these_tests_make_what_they_say():
    assert claims(nbf=None).keys() == {"iss", "aud", "sub", "jti", "iat", "exp", "scope", "token_use"}
    assert len(raw(bytes.fromhex("3006020101020102"))) == 64


def refusal(ours, token):
    try:
        ours.verify(token)
    except TokenRefused as refused:
        return refused.reason
    return None
