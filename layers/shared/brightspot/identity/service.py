"""Who somebody is: signing up, logging in, changing a password."""

import logging

from brightspot.core.clock import Clock, rfc3339
from brightspot.core.errors import Conflict, InputRefused, NotFound
from brightspot.core.ids import new_id
from brightspot.identity.emails import normalised
from brightspot.identity.errors import CredentialsRefused, EmailTaken
from brightspot.identity.login import Login
from brightspot.identity.model import Account, AccountView, Claim, SessionsEnded, Tokens
from brightspot.identity.once import BeingDone, KeyOfAnother, Once
from brightspot.identity.passwords import Passwords
from brightspot.identity.seam import Accounts
from brightspot.intrusion import IntrusionSettings, Logins, Watch, unknown_account
from brightspot.security import Caller, Permission

_log = logging.getLogger(__name__)
USUAL: tuple[Permission, ...] = ("read", "write")


class AccountService:
    """Every method raises AwsUnavailable when a table cannot be reached."""

    def __init__(
        self,
        accounts: Accounts,
        login: Login,
        passwords: Passwords,
        once: Once,
        clock: Clock,
        *,
        logins: Logins | None = None,
    ) -> None:
        self._accounts = accounts
        self._login = login
        self._passwords = passwords
        self._once = once
        self._clock = clock
        self._logins = logins or Logins(Watch(None, IntrusionSettings(), clock))

    def sign_up(self, email: str, password: str, client: str | None, key: str | None = None) -> Tokens:
        """A new account, which may read and write, and its first session; under one idempotency `key` one of them.

        Raises InputRefused (also for a key that stands for another request), EmailTaken, BeingDone, and LoginsNotSetUp
        before anything is kept.
        """
        self._login.check()
        if key is None:
            return self._login.start(self.create(email, password, USUAL), client)
        address = self._checked(email, password)
        return self._once.do(
            ["signup", key],
            f"{key}\n{password}",
            [address],
            lambda claim: self._login.start(self._claimed(claim, address, password), client),
            Tokens,
        )

    def create(self, email: str, password: str, scopes: tuple[Permission, ...]) -> Account:
        """A new account with these permissions, a tenant of its own. Raises InputRefused and EmailTaken."""
        return self._add(self._checked(email, password), password, scopes, new_id(self._clock.now()))

    def _checked(self, email: str, password: str) -> str:
        """The address in its one spelling. Raises InputRefused for what no account can have."""
        address = normalised(email)
        self._passwords.check_new(password, address)
        return address

    def _claimed(self, claim: Claim, address: str, password: str) -> Account:
        """The account that a claim stands for: a new one, or that of a request which ended before its answer."""
        account = self._accounts.by_id(claim.stands_for)
        if account is None:
            try:
                return self._add(address, password, USUAL, claim.stands_for)
            except EmailTaken:
                if self._accounts.by_id(claim.stands_for) is None:
                    raise
                raise BeingDone from None
        if not self._once.has_ended(claim):
            raise BeingDone
        if account.email != address or not self._passwords.check(password, account.password).matches:
            raise KeyOfAnother
        return account

    def _add(self, address: str, password: str, scopes: tuple[Permission, ...], number: str) -> Account:
        now = self._clock.now()
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
