"""Sessions: begun by a login, carried on by refreshes, ended by their holder or by a token that is used twice."""

import logging
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from brightspot.core.clock import Clock, rfc3339
from brightspot.core.errors import NotFound
from brightspot.core.ids import new_id
from brightspot.identity.errors import SessionRefused
from brightspot.identity.model import Account, Session, SessionList, SessionsEnded, SessionView, Tokens
from brightspot.identity.refresh import RefreshToken, first_token, judge, new_nonce, read_token
from brightspot.identity.seam import Accounts, Sessions
from brightspot.identity.settings import IdentitySettings
from brightspot.identity.text import client_name
from brightspot.identity.tokens import AccessTokens
from brightspot.security import Caller

_log = logging.getLogger(__name__)
_TRIES: Final = 3


class Login:
    """Every method raises AwsUnavailable when a table cannot be reached.

    `revoke` has the access tokens of a session refused from now on, everywhere, as far as there is a shared store.
    """

    def __init__(
        self,
        accounts: Accounts,
        sessions: Sessions,
        *,
        tokens: AccessTokens,
        settings: IdentitySettings,
        clock: Clock,
        revoke: Callable[[str], None],
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._tokens = tokens
        self._settings = settings
        self._clock = clock
        self._revoke = revoke

    def check(self) -> None:
        """Raises LoginsNotSetUp, before anything is done that would come to nothing."""
        self._tokens.check()

    def start(self, account: Account, client: str | None) -> Tokens:
        """A new session of an account; `client` is the User-Agent that asked for it."""
        now = self._clock.now()
        token = first_token(new_id(now))
        at = now.timestamp()
        session = Session(
            id=token.session,
            account=account.id,
            family=token.family,
            current=token.digest,
            created_at=at,
            last_used_at=at,
            expires_at=int(at) + self._settings.refresh,
            client=client_name(client),
        )
        self._sessions.add(session)
        _log.info("session_started", extra={"account": account.id, "session": session.id})
        return self._pair(account, session, token)

    def refresh(self, text: str) -> Tokens:
        """The next pair of tokens. Raises SessionRefused; a token that was used before ends its session as well."""
        self.check()
        shown = read_token(text)
        for _ in range(_TRIES):  # whoever else rotates it meanwhile, the second look tells
            now = self._clock.now().timestamp()
            session = self._sessions.read(shown.session)
            verdict = judge(session, shown, now, self._settings.grace)
            if session is None or verdict == "refused":
                break
            if verdict == "reused":
                self._end(session, "refresh_token_reused", logging.WARNING)
                raise SessionRefused(session.account)
            if verdict == "same" and session.nonce is not None:
                return self._pair(self._holder(session), session, shown.successor(session.nonce))
            nonce = new_nonce()
            following = shown.successor(nonce)
            rotated = replace(
                session,
                current=following.digest,
                previous=shown.digest,
                nonce=nonce,
                rotated_at=now,
                last_used_at=now,
            )
            account = self._holder(session)
            if self._sessions.rotate(session, rotated):
                return self._pair(account, rotated, following)
        raise SessionRefused

    def log_out(self, text: str) -> SessionsEnded:
        """End the session of a refresh token, a used one too; a token that is not accepted ends none (RFC 7009)."""
        try:
            shown = read_token(text)
        except SessionRefused:
            return SessionsEnded(0)
        session = self._sessions.read(shown.session)
        now = self._clock.now().timestamp()
        if session is None or judge(session, shown, now, self._settings.grace) == "refused":
            return SessionsEnded(0)
        return SessionsEnded(int(self._end(session, "session_ended")))

    def sessions(self, caller: Caller) -> SessionList:
        """The caller's open sessions."""
        return SessionList([self._view(each, caller.session) for each in self._open(caller.subject or "")])

    def end(self, caller: Caller, session_id: str) -> SessionsEnded:
        """End one session of the caller's. Raises NotFound for any other."""
        session = self._sessions.read(session_id)
        if session is None or session.account != caller.subject or not session.is_open(self._now()):
            raise NotFound("you have no open session of this id; GET /api/auth/sessions lists them")
        return SessionsEnded(int(self._end(session, "session_ended")))

    def end_others(self, account_id: str, but: str | None) -> int:
        """End all sessions of an account but one; how many."""
        return sum(self._end(each, "session_ended") for each in self._open(account_id) if each.id != but)

    def _open(self, account_id: str) -> list[Session]:
        return [each for each in self._sessions.of_account(account_id) if each.is_open(self._now())]

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _end(self, session: Session, event: str, level: int = logging.INFO) -> bool:
        ended = self._sessions.end(session.id, self._now())
        if ended:
            self._revoke(session.id)
            _log.log(level, event, extra={"account": session.account, "session": session.id})
        return ended

    def _holder(self, session: Session) -> Account:
        account = self._accounts.by_id(session.account)
        if account is None:
            raise SessionRefused
        return account

    def _pair(self, account: Account, session: Session, token: RefreshToken) -> Tokens:
        return Tokens(
            access_token=self._tokens.issue(account, session.id),
            token_type="Bearer",  # noqa: S106  # nosec B106  # RFC 6750's word
            expires_in=self._tokens.seconds,
            refresh_token=token.text,
            refresh_expires_in=max(0, int(session.expires_at - self._now())),
            scope=" ".join(account.scopes),
            session=session.id,
        )

    @staticmethod
    def _view(session: Session, current: str | None) -> SessionView:
        return SessionView(
            session.id,
            rfc3339(session.created_at),
            rfc3339(session.last_used_at),
            rfc3339(session.expires_at),
            session.client,
            session.id == current,
        )
