"""Accounts and sessions in their tables do what they do in memory, whoever else writes at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from brightspot.identity.claims import DynamoClaims
from brightspot.identity.dynamo import DynamoAccounts, DynamoApiKeys, DynamoSessions
from brightspot.identity.model import Account, ApiKey, Claim, Session
from brightspot.identity.seam import MemoryAccounts, MemoryApiKeys, MemoryClaims, MemorySessions
from brightspot.store import SecretUnavailable, TableUnavailable, read_secret

ADA = Account("01ARZ3NDEKTSV4RRFFQ69G5FAA", "ada@example.org", "$argon2id$x", ("read", "write"), "t1", 1_767_225_600.5)
SESSION = Session(
    "01ARZ3NDEKTSV4RRFFQ69G5FAV", ADA.id, "f", "c0", 1_767_225_600.5, 1_767_225_600.5, 1_767_312_000, "test"
)


@pytest.fixture(params=["memory", "dynamodb"])
def accounts(request):
    if request.param == "memory":
        return MemoryAccounts()
    return DynamoAccounts(request.getfixturevalue("aws").settings)


@pytest.fixture(params=["memory", "dynamodb"])
def sessions(request, clock):
    if request.param == "memory":
        return MemorySessions()
    return DynamoSessions(request.getfixturevalue("aws").settings, clock)


def rotated(session, number):
    at = 1.5 + number
    return replace(session, previous=session.current, current=f"c{number}", nonce="n", rotated_at=at, last_used_at=at)


def at_once(kept, write):
    """Eight writes, by four threads where the store is ours: moto does not lock a row while it looks at a condition."""
    if type(kept).__name__.startswith("Dynamo"):
        return [write(number) for number in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(write, range(1, 9)))


def test_an_account_is_found_by_id_and_address(accounts):
    assert accounts.add(ADA)
    assert accounts.by_id(ADA.id) == accounts.by_email(ADA.email) == ADA
    assert accounts.by_id("01ARZ3NDEKTSV4RRFFQ69G5FAB") is accounts.by_email("bob@example.org") is None


def test_an_address_is_no_id(accounts):
    accounts.add(ADA)
    assert accounts.by_id(f"email#{ADA.email}") is None


def test_of_many_who_take_an_address_at_once_one_gets_it(accounts):
    taken = at_once(accounts, lambda at: accounts.add(replace(ADA, id=f"{ADA.id[:-1]}{at}")))
    assert taken.count(True) == 1
    assert accounts.by_email(ADA.email).id == f"{ADA.id[:-1]}{taken.index(True) + 1}"


def test_a_password_is_replaced_once(accounts):
    accounts.add(ADA)
    assert [accounts.set_password(ADA, each) for each in ("new", "newer")] == [True, False]
    assert accounts.by_id(ADA.id) == replace(ADA, password="new")


def test_a_session_is_rotated_once_from_each_token(sessions):
    sessions.add(SESSION)
    done = at_once(sessions, lambda at: sessions.rotate(SESSION, rotated(SESSION, at)))
    assert done.count(True) == 1
    assert sessions.read(SESSION.id) == rotated(SESSION, done.index(True) + 1)


def test_an_ended_session_is_not_rotated_and_ends_once(sessions):
    sessions.add(SESSION)
    assert [sessions.end(SESSION.id, 7.0), sessions.end(SESSION.id, 8.0)] == [True, False]
    assert not sessions.rotate(SESSION, rotated(SESSION, 1))
    assert sessions.read(SESSION.id) == replace(SESSION, ended_at=7.0)
    assert not sessions.end("01ARZ3NDEKTSV4RRFFQ69G5FAB", 9.0)


def test_sessions_are_listed_by_account_newest_first(sessions):
    other = replace(SESSION, id="01BRZ3NDEKTSV4RRFFQ69G5FAV")
    for each in (SESSION, other, replace(SESSION, id="01CRZ3NDEKTSV4RRFFQ69G5FAV", account="b")):
        sessions.add(each)
    assert sessions.of_account(ADA.id) == [other, SESSION]


def test_an_expired_session_that_its_table_still_has_is_not_there(aws, clock):
    sessions = DynamoSessions(aws.settings, clock)
    sessions.add(SESSION)
    clock.advance(seconds=86_400)
    assert sessions.read(SESSION.id) is None
    assert sessions.of_account(ADA.id) == []


@pytest.fixture(params=["memory", "dynamodb"])
def keys(request, clock):
    if request.param == "memory":
        return MemoryApiKeys()
    return DynamoApiKeys(request.getfixturevalue("aws").settings, clock)


def test_a_key_is_kept_used_listed_and_ended_by_its_account(keys):
    key = ApiKey(SESSION.id, ADA.id, ADA.tenant, "nightly", "d", ("read",), 1_767_225_600.5, 1_767_312_000)
    assert keys.add(key)
    assert not keys.add(replace(key, digest="e"))
    keys.used(key, 7.5)
    used = replace(key, last_used_at=7.5)
    assert keys.read(key.id) == used
    assert keys.of_account(ADA.id) == [used]
    assert [keys.end(key.id, each) for each in ("another", ADA.id, ADA.id)] == [False, True, False]
    keys.used(key, 8.5)
    assert keys.read(key.id) is None


@pytest.mark.parametrize("ask", ["add", "by_id", "set_password"])
def test_a_table_that_is_away_is_told(aws, ask):
    aws.dynamodb.delete_table(TableName="tests-accounts")
    given = {"add": (ADA,), "by_id": ("x",), "set_password": (ADA, "x")}[ask]
    with pytest.raises(TableUnavailable, match="tests-accounts"):
        getattr(DynamoAccounts(aws.settings), ask)(*given)


def test_a_secret_is_read_and_one_that_is_not_there_is_told(aws):
    arn = aws.secrets.create_secret(Name="keys", SecretString="PEM")["ARN"]
    assert read_secret(arn, aws.settings) == b"PEM"
    with pytest.raises(SecretUnavailable, match="ResourceNotFoundException"):
        read_secret(arn + "x", aws.settings)


@pytest.fixture(params=["memory", "dynamodb"])
def claims(request, clock):
    if request.param == "memory":
        return MemoryClaims(clock)
    return DynamoClaims(request.getfixturevalue("aws").settings, clock)


def test_an_idempotency_key_is_claimed_once_answered_once_and_free_again_when_it_has_expired(claims, clock):
    now = int(clock.now().timestamp())
    first, second = (Claim("k", f"id-{number}", "00", now + 0.5) for number in (1, 2))
    assert claims.claim(first, now + 60) == first
    assert claims.claim(second, now + 60) == first
    assert claims.answer("k", b"sealed") is None
    assert claims.answer("k", b"another") == b"sealed"
    assert claims.claim(second, now + 60) == replace(first, answer=b"sealed")
    clock.advance(seconds=61)
    assert claims.claim(second, now + 120) == second


def test_a_claim_is_in_no_list_of_sessions(aws, clock):
    DynamoClaims(aws.settings, clock).claim(Claim("k", "id", "00", 1.5), 1_767_312_000)
    sessions = DynamoSessions(aws.settings, clock)
    sessions.add(SESSION)
    assert sessions.of_account(ADA.id) == [SESSION]
