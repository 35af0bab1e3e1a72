"""The tables of accounts, of sessions and of API keys.

An account is two rows, written together: itself, and `email#<address>`, which makes the address unique. Idempotency
keys stand in the table of sessions, as `once#<hash>`. Loads pynamodb: imported when a table is first used.
"""

from datetime import UTC, datetime
from typing import Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from brightspot.identity.model import Account, ApiKey, Claim, Session
from brightspot.security import PERMISSIONS, Permission

ACCOUNTS: Final = "accounts"
SESSIONS: Final = "sessions"
API_KEYS: Final = "api-keys"


class AccountRow(Model):
    """An account, or an address that is taken and by whom."""

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    password = UnicodeAttribute(null=True)
    scopes = UnicodeAttribute(null=True)
    tenant = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)


class _ByAccount(GlobalSecondaryIndex["SessionRow"]):
    class Meta:
        index_name = "by-account"
        projection = AllProjection()

    account = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class SessionRow(Model):
    """One session."""

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    family = UnicodeAttribute()
    current = UnicodeAttribute()
    created_at = NumberAttribute()
    last_used_at = NumberAttribute()
    expires_at = TTLAttribute()
    client = UnicodeAttribute()
    previous = UnicodeAttribute(null=True)
    nonce = UnicodeAttribute(null=True)
    rotated_at = NumberAttribute(null=True)
    ended_at = NumberAttribute(null=True)

    by_account = _ByAccount()


class ClaimRow(Model):
    """One idempotency key, in the table of sessions; without an account it is in no index."""

    id = UnicodeAttribute(hash_key=True)
    stands_for = UnicodeAttribute()
    salt = UnicodeAttribute()
    claimed_at = NumberAttribute()
    expires_at = TTLAttribute()
    answer = BinaryAttribute(legacy_encoding=False, null=True)


class _KeysByAccount(GlobalSecondaryIndex["ApiKeyRow"]):
    class Meta:
        index_name = "by-account"
        projection = AllProjection()

    account = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ApiKeyRow(Model):
    """One API key. It names its tenant, so that who checks a key needs no account."""

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    tenant = UnicodeAttribute()
    name = UnicodeAttribute()
    digest = UnicodeAttribute()
    scopes = UnicodeAttribute()
    created_at = NumberAttribute()
    expires_at = TTLAttribute()
    last_used_at = NumberAttribute(null=True)

    by_account = _KeysByAccount()


def key_of_email(email: str) -> str:
    """The key of the row that makes an address unique."""
    return f"email#{email}"


def rows_of_account(table: type[AccountRow], account: Account) -> tuple[AccountRow, AccountRow]:
    """The row of its address, and its own, of the bound table."""
    own = table(
        id=account.id,
        email=account.email,
        password=account.password,
        scopes=" ".join(account.scopes),
        tenant=account.tenant,
        created_at=account.created_at,
    )
    return table(id=key_of_email(account.email), account=account.id), own


def account_in(row: AccountRow) -> Account:
    """The account that a row holds."""
    return Account(
        id=row.id,
        email=str(row.email),
        password=str(row.password),
        scopes=_scopes(str(row.scopes or "")),
        tenant=str(row.tenant),
        created_at=float(row.created_at or 0),
    )


def row_of_session(table: type[SessionRow], session: Session) -> SessionRow:
    """A session as a row of the bound table."""
    given = {name: getattr(session, name) for name in Session.__struct_fields__}
    return table(**given | {"expires_at": datetime.fromtimestamp(session.expires_at, UTC)})


def session_in(row: SessionRow) -> Session:
    """The session that a row holds."""
    given = {name: getattr(row, name) for name in Session.__struct_fields__}
    return Session(**given | {"expires_at": int(row.expires_at.timestamp())})


def row_of_key(table: type[ApiKeyRow], key: ApiKey) -> ApiKeyRow:
    """An API key as a row of the bound table."""
    given = {name: getattr(key, name) for name in ApiKey.__struct_fields__}
    expires_at = datetime.fromtimestamp(key.expires_at, UTC)
    return table(**given | {"expires_at": expires_at, "scopes": " ".join(key.scopes)})


def key_in(row: ApiKeyRow) -> ApiKey:
    """The API key that a row holds."""
    given = {name: getattr(row, name) for name in ApiKey.__struct_fields__}
    return ApiKey(
        **given
        | {"expires_at": int(row.expires_at.timestamp()), "scopes": _scopes(row.scopes), "tenant": row.tenant or ""}
    )


def row_of_claim(table: type[ClaimRow], claim: Claim, expires_at: int) -> ClaimRow:
    """A claim as a row of the bound table."""
    at = datetime.fromtimestamp(expires_at, UTC)
    made = table(id=key_of_claim(claim.key), stands_for=claim.stands_for, salt=claim.salt, expires_at=at)
    made.claimed_at = claim.claimed_at
    return made


def claim_in(row: ClaimRow, key: str) -> Claim:
    """The claim of a key that a row holds."""
    return Claim(key, row.stands_for, row.salt, float(row.claimed_at), row.answer)


def key_of_claim(key: str) -> str:
    """The key of an idempotency key's row."""
    return f"once#{key}"


def _scopes(text: str) -> tuple[Permission, ...]:
    return tuple(each for each in PERMISSIONS if each in text.split(" "))
