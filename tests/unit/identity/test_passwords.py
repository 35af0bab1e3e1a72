"""Passwords are kept so that they cannot be read, and asked so that nothing can be learned."""

import bcrypt
import pytest

from brightspot.core.errors import InputRefused
from brightspot.identity import passwords as module
from brightspot.identity.passwords import Passwords, PasswordSettings

GOOD = "correct horse battery"


@pytest.fixture(scope="module")
def passwords():
    return Passwords(PasswordSettings())


def brought(password):
    return bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()


def test_a_hash_is_argon2id_by_owasps_figures_and_new_each_time(passwords):
    first, second = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert GOOD not in first


def test_only_the_password_matches(passwords):
    kept = passwords.hashed(GOOD)
    assert passwords.check(GOOD, kept) == (True, False)
    assert [passwords.check(each, kept).matches for each in ("", GOOD + " ", GOOD.upper())] == [False] * 3


def test_every_character_of_a_long_password_counts(passwords):
    long = "ab1!" * 60
    kept = passwords.hashed(long)
    assert passwords.check(long, kept).matches
    assert not passwords.check(long[:-1] + "?", kept).matches
    assert not passwords.check(long[:72], kept).matches


def test_what_looks_the_same_is_the_same(passwords):
    one, other = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"
    assert passwords.check(one, passwords.hashed(other)).matches


def test_a_bcrypt_hash_is_taken_and_is_outdated(passwords):
    kept = brought(GOOD)
    for prefix in ("$2a$", "$2b$", "$2y$"):
        assert passwords.check(GOOD, prefix + kept[4:]) == (True, True)
    assert passwords.check("wrong", kept) == (False, True)


def test_a_bcrypt_hash_of_a_long_password_was_made_of_72_bytes_and_the_new_one_is_made_of_all(passwords):
    long = "x1y2z3é" * 15
    assert passwords.check(long, brought(long)).matches
    renewed = passwords.hashed(long)
    assert not passwords.check(long.encode()[:72].decode(errors="ignore"), renewed).matches


def test_a_bcrypt_hash_that_would_take_a_minute_is_not_tried(passwords):
    assert passwords.check(GOOD, "$2b$20$" + brought(GOOD)[7:]) == (False, True)


def test_a_hash_by_older_figures_is_outdated():
    kept = Passwords(PasswordSettings()).hashed(GOOD)
    assert Passwords(PasswordSettings(iterations=3)).check(GOOD, kept) == (True, True)


@pytest.mark.parametrize("kept", [None, "real"])
def test_an_unknown_user_costs_the_same_work_as_a_wrong_password(passwords, monkeypatch, kept):
    kept = kept and passwords.hashed(GOOD)
    _ = passwords._nobodys  # made once
    costs = []
    real = module._is_argon2
    monkeypatch.setattr(module, "_is_argon2", lambda text, at: costs.append(at[:31]) or real(text, at))
    assert not passwords.check("wrong", kept).matches
    assert costs == ["$argon2id$v=19$m=19456,t=2,p=1$"]


def test_nobody_has_the_password_of_nobody(passwords):
    assert passwords.check("", None) == (False, False)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", "send 12 to 256 characters"),
        ("x1!" * 100, "send 12 to 256 characters"),
        ("ada@example.org", "not the email"),
        ("ADA@example.org ", "not the email"),
        ("abababababab", "4 different characters"),
    ],
)
def test_a_password_that_will_not_do_is_told_what_to_send(passwords, password, told):
    with pytest.raises(InputRefused, match=told) as refused:
        passwords.check_new(password, "ada@example.org")
    assert refused.value.field == "password"


def test_a_phrase_in_any_script_will_do(passwords):
    passwords.check_new("пароль 合言葉 сигма", "ada@example.org")


def test_bcrypt_hashes_are_taken_up_to_as_many_rounds_as_are_set():
    ours = Passwords(PasswordSettings(bcrypt_rounds=10))
    kept = {rounds: bcrypt.hashpw(GOOD.encode(), bcrypt.gensalt(rounds)).decode() for rounds in (10, 11)}
    assert [ours.check(GOOD, kept[rounds]).matches for rounds in (10, 11)] == [True, False]
