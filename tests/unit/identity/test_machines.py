"""API keys: a machine gets tokens for what its key may do, and for as long as the key is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from brightspot.core.errors import InputRefused, NotFound
from brightspot.security import Caller, Forbidden, KeyRefused, ShownKey, new_key, read_key

ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
DAY = 86_400


@pytest.fixture
def ada(world):
    return world.caller(world.service.sign_up("ada@example.org", "correct horse battery", "a browser"))


@pytest.fixture
def key(world, ada):
    return world.machines.create(ada, "nightly", ("read",), 90)


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_back_as_what_it_was(secret):
    assert read_key(ShownKey(ID, secret).text) == ShownKey(ID, secret)


@given(st.text(max_size=100) | st.from_regex(r"bs_[0-9A-Z]{26}[A-Za-z0-9_-]{43}", fullmatch=True))
def test_any_other_text_is_refused_and_what_is_accepted_has_one_spelling(text):
    try:
        shown = read_key(text)
    except KeyRefused:
        return
    assert shown.text == text


def test_a_key_gives_tokens_of_its_own_permissions(world, ada, key):
    token = world.machines.token(key.key)
    caller = world.caller(token)
    assert (caller.subject, caller.tenant, caller.level, caller.session) == (ada.subject, ada.tenant, "read", key.id)
    assert (token.scope, token.expires_in) == ("read", 900)


def test_only_a_hash_is_kept_and_nothing_is_shown_in_logs(world, key):
    kept = world.keys.read(key.id)
    assert key.key[-43:] not in repr(kept) + kept.digest
    assert repr(kept) == f"ApiKey({key.id})"
    assert key.key[-43:] not in repr(read_key(key.key))


def test_another_secret_for_the_same_key_is_refused(world, key):
    for text in (new_key(key.id).text, new_key(ID).text, key.key[:-1], "", "bs_"):
        with pytest.raises(KeyRefused, match="the API key is not accepted"):
            world.machines.token(text)


def test_a_key_that_was_ended_is_refused_and_its_tokens_with_it(world, ada, key):
    assert world.machines.end(ada, key.id).ended == 1
    with pytest.raises(KeyRefused):
        world.machines.token(key.key)
    with pytest.raises(NotFound):
        world.machines.end(ada, key.id)
    assert world.revoked == [key.id]


def test_a_key_ends_at_its_time_and_no_token_outlives_it(world, key):
    world.clock.advance(seconds=90 * DAY - 60)
    assert world.machines.token(key.key).expires_in == 60
    world.clock.advance(seconds=60)
    with pytest.raises(KeyRefused):
        world.machines.token(key.key)


def test_when_it_was_used_is_told_to_the_minute(world, ada, key):
    assert world.machines.listed(ada).keys[0].last_used_at is None
    for _ in range(3):
        world.machines.token(key.key)
        world.clock.advance(seconds=25)
    assert world.machines.listed(ada).keys[0].last_used_at == "2026-01-01T00:00:00Z"
    world.machines.token(key.key)
    assert world.machines.listed(ada).keys[0].last_used_at == "2026-01-01T00:01:15Z"


def test_nobody_lists_or_ends_keys_of_others(world, key):
    bob = world.caller(world.service.sign_up("bob@example.org", "correct horse battery", "c"))
    assert world.machines.listed(bob).keys == []
    with pytest.raises(NotFound):
        world.machines.end(bob, key.id)
    assert world.machines.token(key.key)


def test_a_key_makes_no_key(world, key):
    with pytest.raises(Forbidden):
        world.machines.create(world.caller(world.machines.token(key.key)), "another", ("read",), 1)


def test_a_key_may_do_no_more_than_its_account_may_by_then(world, ada):
    key = world.machines.create(ada, "writer", ("read", "write"), 1)
    account = world.accounts.by_id(ada.subject)
    world.accounts._by_id[ada.subject] = replace(account, scopes=("read",))
    assert world.machines.token(key.key).scope == "read"


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [("", ("read",), "name"), ("a\nb", ("read",), "name"), ("x", (), "scopes"), ("x", ("admin",), "scopes")],
)
def test_what_will_not_do_is_told(world, ada, name, scopes, field):
    with pytest.raises(InputRefused) as refused:
        world.machines.create(ada, name, scopes, 1)
    assert refused.value.field == field


def test_an_account_has_fifty_keys_at_most(world, ada):
    for number in range(50):
        world.machines.create(ada, f"key {number}", ("read",), 1)
    with pytest.raises(InputRefused, match="end one first"):
        world.machines.create(ada, "one more", ("read",), 1)
    world.clock.advance(seconds=DAY)


def test_an_operators_own_token_makes_no_key(world):
    with pytest.raises(NotFound):
        world.machines.create(Caller("local-admin", frozenset({"admin"}), token_id="t"), "x", ("read",), 1)


def test_a_use_elsewhere_counts_and_is_kept(world, ada, key):
    world.uses[key.id] = 1_767_225_700
    assert world.machines.listed(ada).keys[0].last_used_at == "2026-01-01T00:01:40Z"
    world.uses.clear()
    assert world.machines.listed(ada).keys[0].last_used_at == "2026-01-01T00:01:40Z"
    world.uses[key.id] = 1_767_225_600  # an older one, which came late
    assert world.machines.listed(ada).keys[0].last_used_at == "2026-01-01T00:01:40Z"
