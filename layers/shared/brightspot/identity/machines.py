"""API keys: made and ended by an account's holder; machines show them, or change them for access tokens."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from brightspot.core.clock import Clock, rfc3339
from brightspot.core.errors import InputRefused, NotFound
from brightspot.core.ids import new_id
from brightspot.identity.model import AccessToken, Account, ApiKey, Claim, KeyList, KeysEnded, KeyView, NewKey
from brightspot.identity.once import BeingDone, Once
from brightspot.identity.seam import Accounts, ApiKeys
from brightspot.identity.tokens import AccessTokens
from brightspot.security import PERMISSIONS, Caller, Forbidden, KeyRefused, Permission, ShownKey, new_key, read_key

MOST_DAYS: Final = 365
_DAY: Final = 86_400
_MOST_NAME: Final = 100
_MOST_KEYS: Final = 50
_USED_AGAIN_SECONDS: Final = 60  # how exact `last_used_at` is: a write for each use would cost more than it tells
_log = logging.getLogger(__name__)


class Machines:
    """Every method raises AwsUnavailable when a table cannot be reached.

    A token says the key's id as its session: ending the key ends its tokens as an ended session ends its own. `uses`
    tells when keys were shown to other functions, in Unix seconds, as far as that is known.
    """

    def __init__(
        self,
        accounts: Accounts,
        keys: ApiKeys,
        *,
        tokens: AccessTokens,
        clock: Clock,
        revoke: Callable[[str], None],
        uses: Callable[[Sequence[str]], Mapping[str, int]],
        once: Once,
    ) -> None:
        self._accounts = accounts
        self._keys = keys
        self._tokens = tokens
        self._clock = clock
        self._revoke = revoke
        self._uses = uses
        self._once = once

    def create(
        self, caller: Caller, name: str, scopes: tuple[Permission, ...], days: int, once: str | None = None
    ) -> NewKey:
        """A new key of the caller's account, which may do no more than the caller; it is shown this once.

        Under one idempotency key, `once`, it is one API key, and shown again to who sends the same for a day. Raises
        InputRefused, NotFound for a caller without an account, Forbidden for one that came by a key, and BeingDone.
        """
        account = self._accounts.by_id(caller.subject or "")
        if account is None:
            raise NotFound("this token belongs to no account here; log in for one that does")
        if caller.session is not None and self._keys.read(caller.session) is not None:
            raise Forbidden("login")
        _check(caller, name, scopes)
        asked = _Asked(account, name.strip(), tuple(each for each in PERMISSIONS if each in scopes), days)
        if once is None:
            return self._made(asked, None)
        whose = ["key", account.tenant, account.id, once]
        request = [asked.name, asked.scopes, days]
        return self._once.do(whose, once, request, lambda claim: self._made(asked, claim), NewKey)

    def token(self, text: str) -> AccessToken:
        """An access token for a key. Raises KeyRefused and LoginsNotSetUp."""
        self._tokens.check()
        shown = read_key(text)
        key, now = self._keys.read(shown.id), self._clock.now().timestamp()
        account = self._accounts.by_id(key.account) if key is not None and _is_good(key, shown, now) else None
        if key is None or account is None:
            _log.warning("api_key_refused", extra={"key": shown.id})
            raise KeyRefused(made_up=key is not None and not shown.opens(key.digest))
        if now - (key.last_used_at or 0) >= _USED_AGAIN_SECONDS:
            self._keys.used(key, now)
        scopes = tuple(each for each in key.scopes if Caller(account.id, frozenset(account.scopes)).may(each))
        seconds = min(self._tokens.seconds, int(key.expires_at - now))
        return AccessToken(
            access_token=self._tokens.issue(account, key.id, scopes=scopes, seconds=seconds),
            token_type="Bearer",  # noqa: S106  # nosec B106  # RFC 6750's word
            expires_in=seconds,
            scope=" ".join(scopes),
        )

    def listed(self, caller: Caller) -> KeyList:
        """The caller's keys, newest first."""
        keys = self._keys.of_account(caller.subject or "")
        uses = self._uses([each.id for each in keys])
        return KeyList([_view(self._noted(each, uses.get(each.id))) for each in keys])

    def end(self, caller: Caller, key_id: str) -> KeysEnded:
        """End one of the caller's keys. Raises NotFound for any other."""
        if not self._keys.end(key_id, caller.subject or ""):
            raise NotFound("you have no key of this id; GET /api/auth/keys lists them")
        self._revoke(key_id)
        _log.info("api_key_ended", extra={"account": caller.subject, "key": key_id})
        return KeysEnded(1)

    def _made(self, asked: "_Asked", claim: Claim | None) -> NewKey:
        account, now = asked.account, self._clock.now()
        if len(self._keys.of_account(account.id)) >= _MOST_KEYS:
            raise InputRefused("name", f"the account has {_MOST_KEYS} keys, which is the most; end one first")
        shown = new_key(new_id(now) if claim is None else claim.stands_for)
        key = ApiKey(
            id=shown.id,
            account=account.id,
            tenant=account.tenant,
            name=asked.name,
            digest=shown.digest,
            scopes=asked.scopes,
            created_at=now.timestamp(),
            expires_at=int(now.timestamp()) + asked.days * _DAY,
        )
        if not self._keys.add(key):
            if claim is None or not self._once.has_ended(claim):
                raise BeingDone
            self._keys.end(key.id, account.id)  # nobody was ever told its secret
            self._keys.add(key)
        _log.info("api_key_created", extra={"account": account.id, "key": key.id, "scopes": list(key.scopes)})
        return NewKey(key=shown.text, id=key.id, expires_at=rfc3339(key.expires_at), scopes=key.scopes)

    def _noted(self, key: ApiKey, used: int | None) -> ApiKey:
        """The key with when it was last used. What is told is kept: where it comes from is no place for good."""
        if used is None or used <= (key.last_used_at or 0):
            return key
        self._keys.used(key, used)
        return replace(key, last_used_at=used)


class _Asked(NamedTuple):
    account: Account
    name: str
    scopes: tuple[Permission, ...]
    days: int


def _check(caller: Caller, name: str, scopes: tuple[Permission, ...]) -> None:
    if not (0 < len(name.strip()) <= _MOST_NAME and name.isprintable()):
        raise InputRefused("name", f"send 1 to {_MOST_NAME} printable characters that say what the key is for")
    if not scopes or not all(caller.may(each) for each in scopes):
        raise InputRefused("scopes", f"send some of: {', '.join(each for each in PERMISSIONS if caller.may(each))}")


def _is_good(key: ApiKey, shown: ShownKey, now: float) -> bool:
    return shown.opens(key.digest) and now < key.expires_at


def _view(key: ApiKey) -> KeyView:
    used = None if key.last_used_at is None else rfc3339(key.last_used_at)
    return KeyView(key.id, key.name, key.scopes, rfc3339(key.created_at), rfc3339(key.expires_at), used)
