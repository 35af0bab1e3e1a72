"""What is sent again under one Idempotency-Key over HTTP: one account, one API key, one answer, and nothing to read."""

import botocore.session
import pytest

from brightspot_local.dev.intrinsics import REGION
from tests.integration.http.conftest import forget, forget_handlers
from tests.integration.http.whole import PASSWORD, Walker, signed_up

KEY = "0b9f5f0e-6f4e-4a57-9d0c-0a5b0c1d2e3f"
SIGNUP, KEYS = "POST /api/auth/signup", "POST /api/auth/keys"
CREDENTIALS = {"email": "ada@walk.example", "password": PASSWORD}


@pytest.fixture
def walker(call, world):
    return Walker(call)


@pytest.fixture
def again(walker):
    """`again(route, body)`: what is answered under one key."""
    return lambda route, body, token=None: walker.ask(route, token, body=body, headers={"idempotency-key": KEY})


def rows(aggregate):
    dynamodb = botocore.session.get_session().create_client("dynamodb", REGION)
    return repr(dynamodb.scan(TableName=f"brightspot-local-{aggregate}")["Items"])


def test_a_signup_that_is_sent_again_is_one_account_and_one_answer_in_any_process(again):
    first = again(SIGNUP, CREDENTIALS)
    forget()
    forget_handlers()
    second = again(SIGNUP, CREDENTIALS)
    assert (first.status, second.status, second.json) == (201, 201, first.json)
    assert rows("accounts").count("argon2id") == 1


def test_another_body_under_the_key_is_refused_and_makes_nothing(again):
    again(SIGNUP, CREDENTIALS)
    for change in ({"password": PASSWORD + "!"}, {"email": "bob@walk.example"}):
        told = again(SIGNUP, {**CREDENTIALS, **change})
        assert (told.status, told.json["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert rows("accounts").count("argon2id") == 1


def test_what_is_kept_of_it_tells_nothing(again):
    told = again(SIGNUP, CREDENTIALS).json
    kept = rows("sessions")
    assert kept.count("stands_for") == 1
    assert not [each for each in (PASSWORD, KEY, told["access_token"], told["refresh_token"]) if each in kept]


def test_an_api_key_that_is_asked_for_again_is_the_same_one(walker, again):
    token, _, _ = signed_up(walker, "ada@walk.example")
    body = {"name": "nightly", "scopes": ["read"]}
    first, second = (again(KEYS, body, token) for _ in range(2))
    assert (first.status, second.status, second.json) == (201, 201, first.json)
    assert len(walker.ask("GET /api/auth/keys", token).json["keys"]) == 1
    assert again(KEYS, {**body, "scopes": ["write"]}, token).status == 422


def test_a_key_that_could_be_guessed_is_refused(walker):
    told = walker.ask(SIGNUP, body=CREDENTIALS, headers={"idempotency-key": "1"})
    assert (told.status, told.json["errors"][0]["field"]) == (422, "Idempotency-Key")
