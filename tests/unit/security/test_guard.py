"""From the Authorization header to the caller."""

import subprocess
import sys

import pytest

from brightspot.core.errors import SettingsError
from brightspot.security import (
    ANONYMOUS,
    AccessSettings,
    AuthenticationRequired,
    Forbidden,
    Guard,
    TokenRefused,
    bearer_token,
    new_guard,
)
from tests.unit.security.signing import EDDSA, key_set, verifier

GOOD = f"Bearer {EDDSA.token()}"


@pytest.fixture(params=[True, False], ids=["closed", "open"])
def guard(request, clock):
    return Guard(verifier(clock), AccessSettings(required=request.param))


def test_a_good_token_tells_the_caller(guard):
    assert [guard.admit(need, GOOD).subject for need in ("read", "write", "user")] == ["user-1"] * 3


def test_a_good_token_without_the_permission_is_forbidden(guard):
    with pytest.raises(Forbidden):
        guard.admit("admin", GOOD)


@pytest.mark.parametrize("authorization", [None, "", "Bearer stale.token.here", "Basic dTpw", GOOD])
def test_a_public_route_does_not_look_at_the_token(guard, authorization):
    assert guard.admit("public", authorization) is ANONYMOUS


@pytest.mark.parametrize("need", ["read", "write", "user", "admin"])
def test_a_token_that_is_sent_must_be_good_even_where_none_is_needed(guard, need):
    with pytest.raises(TokenRefused):
        guard.admit(need, GOOD[:-1] + ("A" if GOOD[-1] != "A" else "Q"))


def test_nobody_passes_where_the_mode_is_open_and_nowhere_else(clock):
    ours = verifier(clock)
    assert Guard(ours, AccessSettings(required=False)).admit("write", None) is ANONYMOUS
    for need, required in (("read", True), ("write", True), ("user", False), ("admin", False)):
        with pytest.raises(AuthenticationRequired):
            Guard(ours, AccessSettings(required=required)).admit(need, None)


def test_a_look_tells_who_is_calling_even_where_they_may_not_pass(guard):
    sight = guard.look("admin", GOOD)
    assert (sight.caller.subject, type(sight.refusal)) == ("user-1", Forbidden)
    assert guard.look("read", GOOD).refusal is None


@pytest.mark.parametrize("forged", [GOOD[:-10] + GOOD[-10:][::-1], "Bearer a.b.c", "Basic dTpw", ""])
def test_a_token_that_proves_nothing_names_nobody(guard, forged):
    sight = guard.look("read", forged)
    assert (sight.caller, type(sight.refusal)) == (ANONYMOUS, TokenRefused)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_case_of_the_scheme_is_free(scheme):
    assert bearer_token(f"{scheme} a.b.c") == "a.b.c"


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer\ta.b.c", "a.b.c", "Token a.b.c", " Bearer a"]
)
def test_any_other_authorization_is_refused(authorization):
    with pytest.raises(TokenRefused) as refused:
        bearer_token(authorization)
    assert refused.value.reason == "scheme"


@pytest.mark.parametrize("authorization", [f"Bearer  {GOOD[7:]}", f"{GOOD}, {GOOD}", f"{GOOD} "])
def test_more_than_one_space_or_token_is_refused(guard, authorization):
    with pytest.raises(TokenRefused) as refused:
        guard.admit("read", authorization)
    assert refused.value.reason == "form"


def test_a_guard_is_made_of_the_environment(clock, monkeypatch):
    monkeypatch.setenv("JWT_PUBLIC_KEYS", key_set(EDDSA))
    assert new_guard(clock).admit("write", GOOD).subject == "user-1"
    with pytest.raises(AuthenticationRequired):
        new_guard(clock).admit("read", None)
    monkeypatch.setenv("AUTH_REQUIRED", "false")
    assert new_guard(clock).admit("read", None) is ANONYMOUS
    monkeypatch.setenv("JWT_PUBLIC_KEYS", "{}")
    with pytest.raises(SettingsError, match="JWT_PUBLIC_KEYS"):
        new_guard(clock)


def test_cryptography_loads_with_the_first_well_formed_token_and_not_before():
    code = f"""
import os, sys
os.environ.update(AUTH_REQUIRED="false", JWT_PUBLIC_KEYS={key_set(EDDSA)!r})
from brightspot.core.clock import SystemClock
from brightspot.security import TokenRefused, new_guard
guard = new_guard(SystemClock())
def loaded():
    return any(name.startswith(("cryptography", "jwt", "jose")) for name in sys.modules)
def ask(authorization):
    try:
        guard.admit("read", authorization)
    except TokenRefused:
        pass
    return loaded()
print(ask(None), ask("Bearer a.b.c"), ask({GOOD!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]
