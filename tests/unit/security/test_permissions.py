"""Who may do what, in either mode: every need, every caller."""

import pytest

from brightspot.core.settings import load
from brightspot.security import (
    ANONYMOUS,
    NEEDS,
    PERMISSIONS,
    AccessRefused,
    AccessSettings,
    AuthenticationRequired,
    Caller,
    Forbidden,
    authorize,
)
from brightspot.security.matrix import Access, table

USER, READER, WRITER, ADMIN = (
    Caller(name, frozenset(scopes))
    for name, scopes in [("user", ()), ("reader", ("read",)), ("writer", ("write",)), ("admin", ("admin",))]
)
CALLERS = {"nobody": None, "anonymous": ANONYMOUS, "user": USER, "reader": READER, "writer": WRITER, "admin": ADMIN}

# In the order of CALLERS: y passes, 1 is 401, 3 is 403.
EXPECTED = {
    ("public", "closed"): "yyyyyy",
    ("read", "closed"): "113yyy",
    ("write", "closed"): "1133yy",
    ("admin", "closed"): "11333y",
    ("user", "closed"): "11yyyy",
    ("public", "open"): "yyyyyy",
    ("read", "open"): "yyyyyy",
    ("write", "open"): "yyyyyy",
    ("admin", "open"): "11333y",
    ("user", "open"): "11yyyy",
}
CELLS = [
    (need, mode, name, outcome)
    for (need, mode), row in EXPECTED.items()
    for name, outcome in zip(CALLERS, row, strict=True)
]


def test_the_expectation_covers_every_need_in_both_modes():
    assert {need for need, _ in EXPECTED} == set(NEEDS)
    assert len(CELLS) == len(NEEDS) * 2 * len(CALLERS)


@pytest.mark.parametrize(("need", "mode", "name", "outcome"), CELLS)
def test_every_caller_gets_what_the_matrix_says(need, mode, name, outcome):
    settings, caller = AccessSettings(required=mode == "closed"), CALLERS[name]
    if outcome == "y":
        assert authorize(need, caller, settings) == (caller or ANONYMOUS)
        return
    with pytest.raises(AccessRefused) as refused:
        authorize(need, caller, settings)
    assert type(refused.value) is {"1": AuthenticationRequired, "3": Forbidden}[outcome]
    assert refused.value.status == {"1": 401, "3": 403}[outcome]
    assert refused.value.challenge.startswith("Bearer ")


def test_refusals_tell_what_to_send():
    with pytest.raises(AuthenticationRequired, match="Authorization: Bearer"):
        authorize("read", None, AccessSettings())
    with pytest.raises(Forbidden, match="needs the permission write") as refused:
        authorize("write", READER, AccessSettings())
    assert refused.value.challenge == 'Bearer realm="brightspot", error="insufficient_scope", scope="write"'


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("need", ["reed", "", "ADMIN", None])
def test_a_need_that_is_none_lets_nobody_pass(need, required):
    with pytest.raises(ValueError, match="no such need"):
        authorize(need, ADMIN, AccessSettings(required=required))


def test_nobody_gains_by_scopes_without_a_subject():
    with pytest.raises(AuthenticationRequired):
        authorize("admin", Caller(None, frozenset({"admin"})), AccessSettings(required=False))


def test_tokens_are_required_unless_the_setting_says_otherwise():
    assert load(AccessSettings, {}).required
    assert not load(AccessSettings, {"AUTH_REQUIRED": "false"}).required


def test_admin_includes_write_and_write_includes_read():
    granted = [[each for each in PERMISSIONS if caller.may(each)] for caller in (USER, READER, WRITER, ADMIN)]
    assert granted == [[], ["read"], ["read", "write"], ["read", "write", "admin"]]


def test_the_level_is_the_highest_permission():
    assert [each.level for each in (ANONYMOUS, USER, READER, WRITER, ADMIN)] == [None, None, "read", "write", "admin"]
    assert Caller("x", frozenset(PERMISSIONS)).level == "admin"


def test_the_table_shows_each_route_with_what_everybody_gets():
    routes = [
        Access("/api/v1/history", "GET", "read"),
        Access("/api/v1/cache/clear", "POST", "admin"),
        Access("/health", "GET", "public"),
    ]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table(routes).splitlines()]
    callers = ["nobody", "user", "read token", "write token", "admin token"]
    assert lines[0] == ["route", "needs", *callers, *(f"open: {each}" for each in callers)]
    assert lines[2:] == [
        ["POST /api/v1/cache/clear", "admin", *["401", "403", "403", "403", "yes"] * 2],
        ["GET /api/v1/history", "read", "401", "403", "yes", "yes", "yes", *["yes"] * 5],
        ["GET /health", "public", *["yes"] * 10],
    ]


def test_a_route_is_declared_once_and_with_a_need_that_exists():
    with pytest.raises(ValueError, match="GET /a is declared twice"):
        table([Access("/a", "GET", "read"), Access("/b", "GET", "read"), Access("/a", "GET", "admin")])
    with pytest.raises(ValueError, match="GET /a: no such need: 'reed'"):
        Access("/a", "GET", "reed")  # type: ignore[arg-type]
