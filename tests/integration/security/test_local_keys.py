"""The keys and the admin token of one machine."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from brightspot.core import codec
from brightspot.security import KeySettings, TokenRefused, TokenSettings, TokenVerifier, configured_keys
from brightspot_local.keys import LocalKeysUnusable, local_keys

DAY = 86_400


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def accepted(made, clock, settings=None):
    keys = configured_keys(KeySettings(file=str(made.jwks_file)))
    return TokenVerifier(lambda: keys, settings or TokenSettings(), clock).verify(made.admin_token)


def test_the_admin_token_is_accepted_with_the_key_set_beside_it(tmp_path, clock):
    made = local_keys(tmp_path, clock)
    caller = accepted(made, clock)
    assert (caller.subject, caller.level) == ("local-admin", "admin")
    assert made.admin_token_file == tmp_path / "admin-token"
    assert made.admin_token_file.read_text() == made.admin_token + "\n"


def test_nobody_else_on_the_machine_can_read_the_secrets(tmp_path, clock):
    made = local_keys(tmp_path, clock)
    modes = [mode(each) for each in (tmp_path / "keys", tmp_path / "keys/private.pem", made.admin_token_file)]
    assert modes == [0o700, 0o600, 0o600]
    assert "d" not in codec.loads(made.jwks_file.read_bytes())["keys"][0]
    assert sorted(each.name for each in (tmp_path / "keys").iterdir()) == ["jwks.json", "private.pem"]


def test_modes_that_were_loosened_are_tightened(tmp_path, clock):
    made = local_keys(tmp_path, clock)
    private = tmp_path / "keys" / "private.pem"
    for each in (private, made.admin_token_file):
        each.chmod(0o644)
    private.parent.chmod(0o755)
    local_keys(tmp_path, clock)
    assert [mode(each) for each in (private.parent, private, made.admin_token_file)] == [0o700, 0o600, 0o600]


def test_a_second_start_uses_the_same_key_and_token(tmp_path, clock):
    made = local_keys(tmp_path, clock)
    clock.advance(seconds=26 * DAY)
    assert local_keys(tmp_path, clock) == made


@pytest.mark.parametrize("days", [27.1, 31, 400])
def test_a_token_about_to_expire_is_renewed_under_the_same_key(tmp_path, clock, days):
    made = local_keys(tmp_path, clock)
    keys = made.jwks_file.read_bytes()
    clock.advance(seconds=days * DAY)
    renewed = local_keys(tmp_path, clock)
    assert renewed.admin_token != made.admin_token
    assert renewed.jwks_file.read_bytes() == keys
    clock.advance(seconds=29 * DAY)
    assert accepted(renewed, clock).may("admin")


def test_a_token_of_a_clock_that_ran_ahead_is_renewed(tmp_path, clock):
    clock.advance(seconds=2 * DAY)
    ahead = local_keys(tmp_path, clock)
    clock.advance(seconds=-2 * DAY)
    assert accepted(local_keys(tmp_path, clock), clock).may("admin")
    with pytest.raises(TokenRefused):
        accepted(ahead, clock)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe", b"a.b.c\n"])
def test_a_token_file_that_holds_something_else_is_replaced(tmp_path, clock, content):
    (tmp_path / "admin-token").write_bytes(content)
    assert accepted(local_keys(tmp_path, clock), clock).may("admin")


def test_another_issuer_gets_another_token(tmp_path, clock, monkeypatch):
    made = local_keys(tmp_path, clock)
    monkeypatch.setenv("JWT_ISSUER", "https://id.example")
    other = local_keys(tmp_path, clock)
    assert other.admin_token != made.admin_token
    assert accepted(other, clock, TokenSettings(issuer="https://id.example")).may("admin")


def test_another_key_gets_another_token(tmp_path, clock):
    made = local_keys(tmp_path, clock)
    (tmp_path / "keys" / "private.pem").unlink()
    other = local_keys(tmp_path, clock)
    assert accepted(other, clock).may("admin")
    with pytest.raises(TokenRefused):
        accepted(type(made)(other.jwks_file, made.admin_token, made.admin_token_file), clock)


def other_pem():
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("content", [b"", b"nonsense", other_pem()], ids=["empty", "nonsense", "P-256"])
def test_a_key_file_that_holds_something_else_is_named_and_left_alone(tmp_path, clock, content):
    (tmp_path / "keys").mkdir()
    file = tmp_path / "keys" / "private.pem"
    file.write_bytes(content)
    with pytest.raises(LocalKeysUnusable, match=r"private\.pem holds no Ed25519 private key; delete it"):
        local_keys(tmp_path, clock)
    assert file.read_bytes() == content


def test_starts_at_the_same_time_agree_on_one_key(tmp_path, clock):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: local_keys(tmp_path, clock), range(16)))
    assert all(accepted(each, clock).may("admin") for each in made)
    assert len(list((tmp_path / "keys").iterdir())) == 2
