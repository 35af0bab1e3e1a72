"""Where accounts and sessions are kept: the seams, and their in-memory forms for a process that has no table."""

import threading
from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from brightspot.core.clock import Clock
from brightspot.identity.model import Account, ApiKey, Claim, Session


class Accounts(Protocol):
    """Accounts by id and by address. Every method raises TableUnavailable."""

    def add(self, account: Account) -> bool:
        """Keep a new account; False when one with its address is there."""
        ...

    def by_id(self, account_id: str) -> Account | None: ...

    def by_email(self, email: str) -> Account | None:
        """The account of an address in its one spelling; found or not, it takes as long."""
        ...

    def set_password(self, account: Account, password: str) -> bool:
        """Replace the hash that `account` has; False when it has another one by now."""
        ...


class Sessions(Protocol):
    """Sessions until they expire. Every method raises TableUnavailable."""

    def add(self, session: Session) -> None: ...

    def read(self, session_id: str) -> Session | None:
        """As of now, not of a moment ago."""
        ...

    def rotate(self, before: Session, after: Session) -> bool:
        """Write a session's new token; False, and nothing is written, when it is not open with the one before."""
        ...

    def end(self, session_id: str, now: float) -> bool:
        """End a session; False when there is none that is open."""
        ...

    def of_account(self, account_id: str) -> Sequence[Session]:
        """All that have not expired, as of a moment ago, newest first."""
        ...


class ApiKeys(Protocol):
    """API keys until they expire. Every method raises TableUnavailable."""

    def add(self, key: ApiKey) -> bool:
        """Keep a new key; False when one of its id is there."""
        ...

    def read(self, key_id: str) -> ApiKey | None:
        """As of now, not of a moment ago."""
        ...

    def used(self, key: ApiKey, now: float) -> None:
        """Note when a key was used, unless it has been ended."""
        ...

    def end(self, key_id: str, account_id: str) -> bool:
        """Forget a key; False when the account has none of this id."""
        ...

    def of_account(self, account_id: str) -> Sequence[ApiKey]:
        """All that have not expired, as of a moment ago, newest first."""
        ...


class Claims(Protocol):
    """Idempotency keys until they expire. Every method raises TableUnavailable."""

    def claim(self, claim: Claim, expires_at: int) -> Claim:
        """Take a key; the claim that holds it: this one, or the one that was before it and has not expired."""
        ...

    def answer(self, key: str, answer: bytes) -> bytes | None:
        """Keep the answer of a claim, unless it has one: that is returned, else None."""
        ...


class MemoryAccounts:
    """The accounts of this process. Safe to share between threads."""

    def __init__(self) -> None:
        self._by_id: dict[str, Account] = {}
        self._by_email: dict[str, str] = {}
        self._lock = threading.Lock()

    def add(self, account: Account) -> bool:
        with self._lock:
            if account.email in self._by_email:
                return False
            self._by_email[account.email] = account.id
            self._by_id[account.id] = account
            return True

    def by_id(self, account_id: str) -> Account | None:
        return self._by_id.get(account_id)

    def by_email(self, email: str) -> Account | None:
        return self._by_id.get(self._by_email.get(email, ""))

    def set_password(self, account: Account, password: str) -> bool:
        with self._lock:
            held = self._by_id.get(account.id)
            if held is None or held.password != account.password:  # nosemgrep: secret-compared-by-eq  # none was sent
                return False
            self._by_id[account.id] = replace(held, password=password)
            return True


class MemorySessions:
    """The sessions of this process. Safe to share between threads."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def add(self, session: Session) -> None:
        with self._lock:
            self._sessions[session.id] = session

    def read(self, session_id: str) -> Session | None:
        return self._sessions.get(session_id)

    def rotate(self, before: Session, after: Session) -> bool:
        with self._lock:
            held = self._sessions.get(before.id)
            if held is None or held.ended_at is not None or held.current != before.current:
                return False
            self._sessions[before.id] = after
            return True

    def end(self, session_id: str, now: float) -> bool:
        with self._lock:
            held = self._sessions.get(session_id)
            if held is None or held.ended_at is not None:
                return False
            self._sessions[session_id] = replace(held, ended_at=now)
            return True

    def of_account(self, account_id: str) -> Sequence[Session]:
        with self._lock:
            found = [each for each in self._sessions.values() if each.account == account_id]
        return sorted(found, key=lambda each: each.id, reverse=True)


class MemoryApiKeys:
    """The API keys of this process. Safe to share between threads."""

    def __init__(self) -> None:
        self._keys: dict[str, ApiKey] = {}
        self._lock = threading.Lock()

    def add(self, key: ApiKey) -> bool:
        with self._lock:
            return self._keys.setdefault(key.id, key) is key

    def read(self, key_id: str) -> ApiKey | None:
        return self._keys.get(key_id)

    def used(self, key: ApiKey, now: float) -> None:
        with self._lock:
            if key.id in self._keys:
                self._keys[key.id] = replace(self._keys[key.id], last_used_at=now)

    def end(self, key_id: str, account_id: str) -> bool:
        with self._lock:
            held = self._keys.get(key_id)
            if held is None or held.account != account_id:
                return False
            del self._keys[key_id]
            return True

    def of_account(self, account_id: str) -> Sequence[ApiKey]:
        with self._lock:
            found = [each for each in self._keys.values() if each.account == account_id]
        return sorted(found, key=lambda each: each.id, reverse=True)


class MemoryClaims:
    """The idempotency keys of this process. Safe to share between threads."""

    def __init__(self, clock: Clock) -> None:
        self._claims: dict[str, tuple[Claim, int]] = {}
        self._clock = clock
        self._lock = threading.Lock()

    def claim(self, claim: Claim, expires_at: int) -> Claim:
        now = self._clock.now().timestamp()
        with self._lock:
            self._claims = {key: each for key, each in self._claims.items() if each[1] > now}
            return self._claims.setdefault(claim.key, (claim, expires_at))[0]

    def answer(self, key: str, answer: bytes) -> bytes | None:
        with self._lock:
            claim, expires_at = self._claims[key]
            if claim.answer is None:
                self._claims[key] = (replace(claim, answer=answer), expires_at)
            return claim.answer
