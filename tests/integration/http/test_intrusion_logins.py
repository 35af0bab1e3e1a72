"""Guesses at passwords and tokens over the real entries: guessers are kept off, holders are not."""

import pytest

from tests.integration.http.suspicious import ADA, ANALYZE, ASKED, SCANNER, admin, keys, told  # noqa: F401  # fixtures


@pytest.mark.usefixtures("shared")
def test_guesses_at_the_login_lead_to_a_block(call, told, keys, monkeypatch):  # noqa: F811
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "1000/60")
    monkeypatch.setenv("INTRUSION_PAIR_FAILURES", "1000")
    monkeypatch.setenv("INTRUSION_ACCOUNT_TRIES", "1000")
    login = ("auth", "POST", "/api/auth/login")
    statuses = [call(*login, {**ADA, "password": f"wrong {number}"}, client=SCANNER).status for number in range(25)]
    assert statuses == [401] * 23 + [429] * 2
    seen = told()
    assert (seen["failed_logins"]["count"], seen["signals"]["failed_login"]) == (23, 23)
    assert [*seen["failed_logins"]["accounts"].values()] == [23]
    (address,) = seen["addresses"]
    assert (address["client"], address["score"], address["points"]) == (SCANNER, 100, {"failed_login": 100})
    assert (seen["security_score"], seen["alert"]) == (90.3, False)
    assert [each["cause"] for each in seen["reasons"]] == ["failed_login", "blocked_addresses"]


@pytest.mark.usefixtures("shared", "keys")
def test_strangers_do_not_lock_a_holder_out(call, told, monkeypatch):  # noqa: F811
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "1000/60")
    monkeypatch.setenv("INTRUSION_ACCOUNT_TRIES", "10")
    home, login = "192.0.2.1", ("auth", "POST", "/api/auth/login")
    assert call("auth", "POST", "/api/auth/signup", ADA, client=home).status == 201
    assert call(*login, ADA, client=home).status == 200
    wrong = {**ADA, "password": "not the right horse"}
    statuses = [call(*login, wrong, client=f"198.51.100.{number}").status for number in range(11)]
    assert statuses == [401] * 10 + [429]
    waiting = call(*login, ADA, client="203.0.113.9")
    assert (waiting.status, 1 <= int(waiting.headers["retry-after"]) <= 360) == (429, True)
    assert "too many logins have failed" in waiting.json["detail"]
    assert call(*login, ADA, client=home).status == 200
    (attacked,) = told()["failed_logins"]["attacked"]
    assert told()["failed_logins"]["accounts"] == {attacked: 10}
    nobody = {"email": "nobody@example.org", "password": "whatever it may be"}
    statuses = [call(*login, nobody, client=f"198.51.101.{number}").status for number in range(11)]
    assert statuses == [401] * 10 + [429]  # so that nobody learns who has an account


@pytest.mark.usefixtures("shared", "keys")
def test_an_address_that_keeps_failing_is_kept_off_that_account(call, told, monkeypatch):  # noqa: F811
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "1000/60")
    monkeypatch.setenv("INTRUSION_BLOCK_SCORE", "1000")
    login = ("auth", "POST", "/api/auth/login")
    statuses = [call(*login, ADA, client=SCANNER).status for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert call(*login, {**ADA, "email": "eve@example.org"}, client=SCANNER).status == 401
    assert [each["kind"] for each in told("blocks")["blocks"]] == ["pair"]


@pytest.mark.usefixtures("shared", "keys")
def test_a_refresh_token_that_is_used_twice_is_a_signal(call, told):  # noqa: F811
    first = call("auth", "POST", "/api/auth/signup", ADA, client=SCANNER).json["refresh_token"]
    refresh = ("auth", "POST", "/api/auth/refresh", {"refresh_token": first})
    second = call(*refresh, client=SCANNER).json["refresh_token"]
    call("auth", "POST", "/api/auth/refresh", {"refresh_token": second}, client=SCANNER)
    assert call(*refresh, client=SCANNER).status == 401
    assert told()["signals"]["refresh_reuse"] == 1


@pytest.mark.usefixtures("shared")
def test_forged_tokens_are_a_signal_and_expired_ones_are_not(call, told, keys):  # noqa: F811
    header, claims, signature = keys.admin_token.split(".")
    forged = {"authorization": f"Bearer {header}.{claims}.{signature[::-1]}"}
    for _ in range(5):
        assert call(*ANALYZE, ASKED, headers=forged, client=SCANNER).status == 401
    assert told()["signals"]["bad_token"] == 5
    (address,) = told()["addresses"]
    assert (address["client"], address["score"]) == (SCANNER, 4)
