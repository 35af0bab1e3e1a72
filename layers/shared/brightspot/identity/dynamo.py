"""Accounts, sessions and API keys in DynamoDB: an address is taken once, a refresh token is rotated once."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from brightspot.core.clock import Clock
from brightspot.identity.model import Account, ApiKey, Session
from brightspot.store import StoreSettings, access_pattern, bind, fetch, insert, insert_all, reaching, remove, update

if TYPE_CHECKING:
    from brightspot.identity.table import AccountRow, ApiKeyRow, SessionRow

_NOBODY = "nobody"


class DynamoAccounts:
    """The table `<prefix>-accounts`. Safe to share between threads."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings

    def prepare(self) -> None:
        """Load what a row takes and make the client, 300 ms; asks no server."""
        _ = self._table

    @access_pattern("accounts: add one")
    def add(self, account: Account) -> bool:
        from brightspot.identity.table import rows_of_account  # noqa: PLC0415

        return insert_all(rows_of_account(self._table, account))

    @access_pattern("accounts: one by its id")
    def by_id(self, account_id: str) -> Account | None:
        from brightspot.identity.table import account_in  # noqa: PLC0415

        row = fetch(self._table, account_id)
        return account_in(row) if row is not None and row.email is not None else None

    @access_pattern("accounts: whose an address is")
    def by_email(self, email: str) -> Account | None:
        from brightspot.identity.table import key_of_email  # noqa: PLC0415

        taken = fetch(self._table, key_of_email(email))
        return self.by_id(_NOBODY if taken is None else str(taken.account))  # a second trip in either case

    @access_pattern("accounts: change a password")
    def set_password(self, account: Account, password: str) -> bool:
        row = self._table(id=account.id)
        unchanged = self._table.password == account.password  # nosemgrep: secret-compared-by-eq  # DynamoDB judges it
        return update(row, [self._table.password.set(password)], unchanged)

    @cached_property
    def _table(self) -> "type[AccountRow]":
        from brightspot.identity.table import ACCOUNTS, AccountRow  # noqa: PLC0415

        return bind(AccountRow, ACCOUNTS, self._settings)


class DynamoSessions:
    """The table `<prefix>-sessions`. Safe to share between threads."""

    def __init__(self, settings: StoreSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def prepare(self) -> None:
        """Load what a row takes and make the client; asks no server."""
        _ = self._table

    @access_pattern("sessions: begin one")
    def add(self, session: Session) -> None:
        from brightspot.identity.table import row_of_session  # noqa: PLC0415

        insert(row_of_session(self._table, session))

    @access_pattern("sessions: one by its id")
    def read(self, session_id: str) -> Session | None:
        from brightspot.identity.table import session_in  # noqa: PLC0415

        row = fetch(self._table, session_id)
        return None if row is None or row.expires_at <= self._clock.now() else session_in(row)

    @access_pattern("sessions: rotate a token")
    def rotate(self, before: Session, after: Session) -> bool:
        table = self._table
        changes = [
            table.current.set(after.current),
            table.previous.set(before.current),
            table.nonce.set(str(after.nonce)),
            table.rotated_at.set(after.last_used_at),
            table.last_used_at.set(after.last_used_at),
        ]
        is_open = (table.current == before.current) & table.ended_at.does_not_exist()
        return update(table(id=before.id), changes, is_open)

    @access_pattern("sessions: end one")
    def end(self, session_id: str, now: float) -> bool:
        table = self._table
        is_open = table.id.exists() & table.ended_at.does_not_exist()
        return update(table(id=session_id), [table.ended_at.set(now)], is_open)

    @access_pattern("sessions: those of an account")
    def of_account(self, account_id: str) -> Sequence[Session]:
        from brightspot.identity.table import session_in  # noqa: PLC0415

        with reaching(self._table):
            rows = list(self._table.by_account.query(account_id, scan_index_forward=False))
        return [session_in(row) for row in rows if row.expires_at > self._clock.now()]

    @cached_property
    def _table(self) -> "type[SessionRow]":
        from brightspot.identity.table import SESSIONS, SessionRow  # noqa: PLC0415

        return bind(SessionRow, SESSIONS, self._settings)


class DynamoApiKeys:
    """The table `<prefix>-api-keys`. Safe to share between threads."""

    def __init__(self, settings: StoreSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def prepare(self) -> None:
        """Load what a row takes and make the client; asks no server."""
        _ = self._table

    @access_pattern("api keys: add one")
    def add(self, key: ApiKey) -> bool:
        from brightspot.identity.table import row_of_key  # noqa: PLC0415

        return insert(row_of_key(self._table, key))

    @access_pattern("api keys: one by its id")
    def read(self, key_id: str) -> ApiKey | None:
        from brightspot.identity.table import key_in  # noqa: PLC0415

        row = fetch(self._table, key_id)
        return None if row is None or row.expires_at <= self._clock.now() else key_in(row)

    @access_pattern("api keys: note a use")
    def used(self, key: ApiKey, now: float) -> None:
        table = self._table
        update(table(id=key.id), [table.last_used_at.set(now)], table.id.exists())

    @access_pattern("api keys: end one")
    def end(self, key_id: str, account_id: str) -> bool:
        table = self._table
        return remove(table(id=key_id), table.account == account_id)

    @access_pattern("api keys: those of an account")
    def of_account(self, account_id: str) -> Sequence[ApiKey]:
        from brightspot.identity.table import key_in  # noqa: PLC0415

        with reaching(self._table):
            rows = list(self._table.by_account.query(account_id, scan_index_forward=False))
        return [key_in(row) for row in rows if row.expires_at > self._clock.now()]

    @cached_property
    def _table(self) -> "type[ApiKeyRow]":
        from brightspot.identity.table import API_KEYS, ApiKeyRow  # noqa: PLC0415

        return bind(ApiKeyRow, API_KEYS, self._settings)
