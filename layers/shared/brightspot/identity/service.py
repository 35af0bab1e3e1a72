"""Who somebody is: signing up, logging in, changing a password."""

import logging

from brightspot.core.clock import Clock
from brightspot.core.errors import Conflict, InputRefused, NotFound
from brightspot.core.ids import new_id
from brightspot.identity.emails import normalised
from brightspot.identity.errors import CredentialsRefused, EmailTaken
from brightspot.identity.login import Login
from brightspot.identity.model import Account, AccountView, SessionsEnded, Tokens
from brightspot.identity.passwords import Passwords
from brightspot.identity.seam import Accounts
from brightspot.identity.text import rfc3339
from brightspot.intrusion import IntrusionSettings, Logins, Watch, unknown_account
from brightspot.security import Caller, Permission

_log = logging.getLogger(__name__)
USUAL: tuple[Permission, ...] = ("read", "write")


class AccountService:
    """Every method raises AwsUnavailable when a table cannot be reached."""

    def __init__(
        self, accounts: Accounts, login: Login, passwords: Passwords, clock: Clock, logins: Logins | None = None
    ) -> None:
        self._accounts = accounts
        self._login = login
        self._passwords = passwords
        self._clock = clock
        self._logins = logins or Logins(Watch(None, IntrusionSettings(), clock))

    def sign_up(self, email: str, password: str, client: str | None) -> Tokens:
        """A new account, which may read and write, and its first session.

        Raises InputRefused, EmailTaken, and LoginsNotSetUp before anything is kept.
        """
        self._login.check()
        return self._login.start(self.create(email, password, USUAL), client)

    def create(self, email: str, password: str, scopes: tuple[Permission, ...]) -> Account:
        """A new account with these permissions, a tenant of its own. Raises InputRefused and EmailTaken."""
        address = normalised(email)
        self._passwords.check_new(password, address)
        now = self._clock.now()
        number = new_id(now)
        account = Account(number, address, self._passwords.hashed(password), scopes, number, now.timestamp())
        if not self._accounts.add(account):
            raise EmailTaken
        _log.info("account_created", extra={"account": account.id, "scopes": list(scopes)})
        return account

    def log_in(self, email: str, password: str, client: str | None, origin: str | None = None) -> Tokens:
        """A new session, asked for from the address `origin`. A hash by older figures is replaced.

        Raises CredentialsRefused, LoginDelayed after too many of these, and LoginsNotSetUp.
        """
        self._login.check()
        try:
            address = normalised(email)
        except InputRefused:
            address = ""  # nobody has it; that takes as long as a wrong password
        account = self._accounts.by_email(address)
        name = unknown_account(address) if account is None else account.id
        admission = self._logins.check(origin, name)
        checked = self._passwords.check(password, None if account is None else account.password)
        if account is None or not checked.matches:
            _log.warning("login_refused", extra={"account": None if account is None else account.id})
            raise CredentialsRefused(name)
        self._logins.welcome(origin, name, admission)
        if checked.outdated:
            replaced = self._accounts.set_password(account, self._passwords.hashed(password))
            _log.info("password_rehashed", extra={"account": account.id, "replaced": replaced})
        return self._login.start(account, client)

    def me(self, caller: Caller) -> AccountView:
        """The caller's account. Raises NotFound for a caller who has none, such as a token of an operator's own."""
        account = self._account(caller)
        return AccountView(account.id, account.email, account.scopes, account.tenant, rfc3339(account.created_at))

    def change_password(self, caller: Caller, current: str, new: str, origin: str | None = None) -> SessionsEnded:
        """Another password, and an end to all other sessions.

        Raises CredentialsRefused, LoginDelayed, InputRefused and NotFound.
        """
        account = self._account(caller)
        admission = self._logins.check(origin, account.id)
        if not self._passwords.check(current, account.password).matches:
            _log.warning("password_refused", extra={"account": account.id})
            raise CredentialsRefused(account.id)
        self._logins.welcome(origin, account.id, admission)
        self._passwords.check_new(new, account.email)
        if not self._accounts.set_password(account, self._passwords.hashed(new)):
            raise Conflict("the password was changed by another request just now; log in again")
        _log.info("password_changed", extra={"account": account.id})
        return SessionsEnded(self._login.end_others(account.id, caller.session))

    def _account(self, caller: Caller) -> Account:
        account = self._accounts.by_id(caller.subject or "")
        if account is None:
            raise NotFound("this token belongs to no account here; log in for one that does")
        return account
