"""API keys on every route: what they may do, how soon they end, what they cost, and what happens with a store away."""

import botocore.client
import pytest

from brightspot.valkey import Trip
from brightspot_local.services.process import free_port
from tests.integration.http.conftest import forget, forget_handlers
from tests.integration.http.whole import Walker, signed_up

READ, WRITE = "GET /api/v1/circuit-breakers", "POST /api/v2/cache/warm"
ROCHESTER = {"address": "Rochester, MN 55901"}
KEYS_TABLE = "brightspot-local-api-keys"


@pytest.fixture
def walker(call, monkeypatch, world):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    return Walker(call)


@pytest.fixture
def ada(walker):
    """Her access token."""
    return signed_up(walker, "ada@walk.example")[0]


@pytest.fixture
def made(walker, ada):
    """`made("read")`: a new key of hers, as she is told of it."""
    return lambda *scopes: walker.ask("POST /api/auth/keys", ada, body={"name": "nightly", "scopes": list(scopes)}).json


@pytest.fixture
def ask(walker):
    """`ask(route, key)`: what somebody who sends this key is answered."""
    return lambda route, key, **more: walker.ask(route, headers={"x-api-key": key}, **more)


@pytest.fixture
def looked_up(monkeypatch):
    """The ids of keys that the table was asked for, since the test last cleared it; it fails where `down` is set."""
    seen, real = [], botocore.client.BaseClient._make_api_call

    def spy(self, operation, request):
        if operation == "GetItem" and request["TableName"] == KEYS_TABLE:
            seen.append(request["Key"]["id"]["S"])
            if down:
                raise botocore.client.ClientError({"Error": {"Code": "InternalServerError", "Message": ""}}, operation)
        return real(self, operation, request)

    down = []
    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", spy)
    return seen, down


@pytest.fixture
def trips(monkeypatch):
    seen, real = [], Trip.run

    def run(self):
        seen.append(self)
        real(self)

    monkeypatch.setattr(Trip, "run", run)
    return seen


@pytest.fixture
def another_process():
    def begin():
        forget()
        forget_handlers()

    return begin


@pytest.fixture
def valkey_gone(monkeypatch):
    """`valkey_gone()`: from here on nothing answers there."""

    def go():
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
        forget()
        forget_handlers()

    return go


def test_a_key_does_what_it_was_made_for_in_either_header_and_no_more(walker, ask, made):
    reader, writer = made("read")["key"], made("read", "write")["key"]
    assert ask(READ, reader).status == 200
    assert walker.ask(READ, reader).status == 200  # as bearer
    refused = ask(WRITE, reader)
    assert (refused.status, refused.json["error"]) == (403, "Forbidden")
    assert ask(WRITE, writer).status == 200


def test_an_ended_key_is_refused_at_once_by_who_knew_it_and_by_who_did_not(walker, ask, ada, made, another_process):
    key = made("read")
    assert ask(READ, key["key"]).status == 200
    assert walker.ask("DELETE /api/auth/keys/{id}", ada, path=f"/api/auth/keys/{key['id']}").status == 200
    refused = ask(READ, key["key"])
    assert (refused.status, refused.json["error"]) == (401, "Authentication required")
    assert "API key" in refused.json["detail"]
    another_process()
    assert ask(READ, key["key"]).status == 401


def test_an_ended_key_is_given_no_cached_answer(walker, ask, ada, made):
    key = made("read")
    first = ask("POST /api/v1/analyze", key["key"], body=ROCHESTER)
    again = ask("POST /api/v1/analyze", key["key"], body=ROCHESTER)
    assert (first.json["cached"], again.json["cached"]) == (False, True)
    walker.ask("DELETE /api/auth/keys/{id}", ada, path=f"/api/auth/keys/{key['id']}")
    refused = ask("POST /api/v1/analyze", key["key"], body=ROCHESTER)
    assert refused.status == 401
    assert first.json["id"] not in refused.text


def test_a_key_is_looked_up_once_and_takes_one_round_trip_from_then_on_like_a_token(
    walker, ask, ada, made, looked_up, trips
):
    seen, _ = looked_up
    key = made("read")
    seen.clear()
    assert ask(READ, key["key"]).status == 200
    assert seen == [key["id"]]
    trips.clear()
    assert ask(READ, key["key"]).status == 200
    of_key = len(trips)
    trips.clear()
    assert walker.ask(READ, ada).status == 200
    assert of_key == len(trips)
    assert seen == [key["id"]]  # neither the known key nor the token asked the table


@pytest.mark.parametrize("text", ["", "bs_", "bs_x", "hello", "bsr_" + "0" * 90])
def test_what_is_no_key_is_refused_without_asking_anybody(ask, ada, looked_up, text):
    assert ask(READ, text).status == 401
    assert looked_up[0] == []


def test_another_secret_for_a_known_key_is_refused_without_asking_the_table(ask, made, looked_up):
    seen, _ = looked_up
    key, other = made("read"), made("read")
    assert ask(READ, key["key"]).status == 200
    seen.clear()
    assert ask(READ, key["key"][:29] + other["key"][29:]).status == 401
    assert seen == []


def test_a_token_and_a_key_together_are_refused(walker, ada, made):
    told = walker.ask(READ, ada, headers={"x-api-key": made("read")["key"]})
    assert (told.status, told.json["detail"]) == (401, "send one of Authorization and X-Api-Key, not both")


def test_a_bad_key_is_refused_also_where_none_is_needed(monkeypatch, ask, ada, another_process):
    monkeypatch.setenv("AUTH_REQUIRED", "false")
    another_process()
    assert ask(READ, "bs_x").status == 401
    assert ask("GET /health", "bs_x").status == 200  # public routes look at none


def test_guesses_read_no_more_of_the_table_than_their_addresss_limit(
    monkeypatch, ask, made, looked_up, another_process
):
    seen, _ = looked_up
    monkeypatch.setenv("RATE_LIMIT_ENABLED", "true")
    monkeypatch.setenv("RATE_LIMIT_CIRCUIT_BREAKERS_READS", "5/60")
    keys = [made("read")["key"] for _ in range(2)]
    seen.clear()
    another_process()
    guesses = [f"bs_{number:026}{keys[0][29:]}" for number in range(12)]
    assert [ask(READ, each).status for each in guesses] == [401] * 5 + [429] * 7
    assert len(seen) == 5
    assert ask(READ, keys[0]).status == 429


def test_each_key_has_a_limit_of_its_own_beside_its_addresss(monkeypatch, walker, made, another_process):
    one, other = made("read")["key"], made("read")["key"]
    monkeypatch.setenv("RATE_LIMIT_ENABLED", "true")
    monkeypatch.setenv("RATE_LIMIT_CIRCUIT_BREAKERS_READS_PER_USER", "3/60")
    another_process()

    def status(key, address):
        return walker.ask(READ, headers={"x-api-key": key}, client=address).status

    assert [status(one, f"192.0.2.{at}") for at in range(1, 6)] == [200, 200, 200, 429, 429]
    told = walker.ask(READ, headers={"x-api-key": other}, client="192.0.2.9")
    assert told.status == 200
    assert '"circuit-breakers-reads-key";q=3;w=60' in told.headers["ratelimit-policy"]


def test_when_a_key_was_used_is_told_and_then_kept(walker, ask, ada, made, valkey_gone):
    key = made("read")["key"]
    assert walker.ask("GET /api/auth/keys", ada).json["keys"][0]["last_used_at"] is None
    ask(READ, key)
    used = walker.ask("GET /api/auth/keys", ada).json["keys"][0]["last_used_at"]
    assert used is not None
    valkey_gone()
    assert walker.ask("GET /api/auth/keys", ada).json["keys"][0]["last_used_at"] == used


def test_without_valkey_the_table_is_asked_each_time_and_an_ended_key_ends_at_once(
    walker, ask, ada, made, looked_up, valkey_gone
):
    seen, _ = looked_up
    key = made("read")
    valkey_gone()
    seen.clear()
    assert [ask(READ, key["key"]).status for _ in range(3)] == [200] * 3
    assert seen == [key["id"]] * 3
    walker.ask("DELETE /api/auth/keys/{id}", ada, path=f"/api/auth/keys/{key['id']}")
    assert ask(READ, key["key"]).status == 401


def test_with_valkey_and_the_table_away_no_key_passes_and_is_not_called_bad(
    walker, ask, ada, made, looked_up, valkey_gone
):
    _, down = looked_up
    key = made("read")["key"]
    assert ask(READ, key).status == 200
    valkey_gone()
    down.append(True)
    told = ask(READ, key)
    assert (told.status, told.json["error"], told.headers["retry-after"]) == (503, "Key not checked", "5")
    assert "www-authenticate" not in told.headers
    assert walker.ask(READ, ada).status == 200  # a token asks nobody


def test_with_the_table_away_a_key_that_is_known_goes_on(ask, made, looked_up):
    _, down = looked_up
    known, new = made("read")["key"], made("read")["key"]
    ask(READ, known)
    down.append(True)
    assert [ask(READ, known).status, ask(READ, new).status] == [200, 503]


def test_answers_differ_by_key_for_whoever_keeps_them(ask, made):
    assert "X-Api-Key" in ask(READ, made("read")["key"]).headers["vary"]


def test_no_key_is_written_to_the_log(ask, made, capsys):
    key = made("read")["key"]
    ask(READ, key)
    ask(READ, key[:-1] + ("A" if key[-1] != "A" else "B"))
    said = capsys.readouterr()
    assert "api_key_refused" in said.out + said.err
    assert key[29:40] not in said.out + said.err
