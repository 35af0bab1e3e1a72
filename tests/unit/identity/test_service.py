"""Signing up, logging in, changing a password."""

import bcrypt
import pytest
from msgspec.structs import replace

from brightspot.core.errors import InputRefused, NotFound, SettingsError
from brightspot.identity.errors import CredentialsRefused, EmailTaken, LoginsNotSetUp, SessionRefused
from brightspot.identity.settings import IdentitySettings
from brightspot.identity.tokens import SigningKeys
from brightspot.security import Caller, KeySettings

EMAIL, PASSWORD, OTHER = "ada@example.org", "correct horse battery", "another horse entirely"


@pytest.fixture
def signed_up(world):
    return world.service.sign_up(EMAIL, PASSWORD, "a browser")


def test_a_new_account_may_read_and_write_and_has_a_tenant_of_its_own(world, signed_up):
    caller = world.caller(signed_up)
    assert (caller.level, caller.session, caller.tenant) == ("write", signed_up.session, caller.subject)
    assert world.service.me(caller).email == EMAIL
    assert signed_up.expires_in == 900


def test_an_address_is_taken_once_however_it_is_written(world, signed_up):
    with pytest.raises(EmailTaken):
        world.service.sign_up(" ADA@example.org", OTHER, "b")
    assert world.service.log_in(EMAIL, PASSWORD, "b")


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, OTHER), ("bob@example.org", PASSWORD), ("no address", PASSWORD)]
)
def test_unknown_user_and_wrong_password_are_told_the_same(world, signed_up, email, password):
    with pytest.raises(CredentialsRefused, match="no account has this email and password"):
        world.service.log_in(email, password, "b")


def test_a_login_replaces_a_bcrypt_hash(world, signed_up):
    account = world.accounts.by_email(EMAIL)
    brought = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    assert world.accounts.set_password(account, brought)
    assert world.service.log_in(EMAIL, PASSWORD, "b")
    assert world.accounts.by_email(EMAIL).password.startswith("$argon2id$")
    assert world.service.log_in(EMAIL, PASSWORD, "b")


def test_a_refused_login_replaces_nothing(world, signed_up):
    account = world.accounts.by_email(EMAIL)
    brought = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    world.accounts.set_password(account, brought)
    with pytest.raises(CredentialsRefused):
        world.service.log_in(EMAIL, OTHER, "b")
    assert world.accounts.by_email(EMAIL).password == brought


def test_another_password_ends_all_other_sessions(world, signed_up):
    here = world.service.log_in(EMAIL, PASSWORD, "b")
    assert world.service.change_password(world.caller(here), PASSWORD, OTHER).ended == 1
    assert world.revoked == [signed_up.session]
    with pytest.raises(SessionRefused):
        world.login.refresh(signed_up.refresh_token)
    assert world.login.refresh(here.refresh_token)
    with pytest.raises(CredentialsRefused):
        world.service.log_in(EMAIL, PASSWORD, "b")


def test_the_password_is_asked_before_it_is_changed(world, signed_up):
    with pytest.raises(CredentialsRefused):
        world.service.change_password(world.caller(signed_up), OTHER, "yet another horse")
    with pytest.raises(InputRefused):
        world.service.change_password(world.caller(signed_up), PASSWORD, "short")
    assert world.service.log_in(EMAIL, PASSWORD, "b")


def test_sessions_are_listed_and_ended_by_their_holder_only(world, signed_up):
    world.clock.advance(seconds=60)
    here = world.service.log_in(EMAIL, PASSWORD, "Firefox\r\nX: y" + "z" * 300)
    bob = world.service.sign_up("bob@example.org", PASSWORD, "c")
    listed = world.login.sessions(world.caller(here)).sessions
    assert [(each.id, each.current) for each in listed] == [(here.session, True), (signed_up.session, False)]
    assert listed[0].client == ("FirefoxX: y" + "z" * 300)[:200]
    with pytest.raises(NotFound):
        world.login.end(world.caller(bob), here.session)
    assert world.login.end(world.caller(here), signed_up.session).ended == 1
    with pytest.raises(NotFound):
        world.login.end(world.caller(here), signed_up.session)


def test_an_operators_own_token_has_no_account(world):
    with pytest.raises(NotFound, match="belongs to no account"):
        world.service.me(Caller("local-admin", frozenset({"admin"}), token_id="t"))


def test_nothing_is_kept_where_nobody_can_be_given_a_token(world, clock, monkeypatch):
    empty = SigningKeys(IdentitySettings(), KeySettings(), clock, lambda arn: b"")
    monkeypatch.setattr(world.login._tokens, "_keys", empty)
    with pytest.raises(LoginsNotSetUp):
        world.service.sign_up(EMAIL, PASSWORD, "b")
    assert world.accounts.by_email(EMAIL) is None


def test_a_key_file_that_others_can_read_is_refused(clock, tmp_path):
    file = tmp_path / "keys.pem"
    file.write_text("-----BEGIN PRIVATE KEY-----")
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="others can read it"):
        SigningKeys(IdentitySettings(keys_file=str(file)), KeySettings(), clock, lambda arn: b"").current()


def test_an_account_and_a_session_show_nothing_in_logs(world, signed_up):
    account = world.accounts.by_email(EMAIL)
    assert repr(account) == f"Account({account.id})"
    assert repr(world.sessions.read(signed_up.session)) == f"Session({signed_up.session})"
    assert replace(account, email="x").email == "x"
