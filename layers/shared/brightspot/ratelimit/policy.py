"""A named limit with all that goes with it, as declared and as the environment changes it."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from brightspot.core.errors import SettingsError
from brightspot.core.settings import read
from brightspot.ratelimit.limit import Limit
from brightspot.ratelimit.written import parsed_limit

Away = Literal["open", "local"]
_MOST_COMPUTED = 1000


class RatePolicy(NamedTuple):
    """`limit` holds for each address, `per_user` for each user that is known: a request must fit into both.

    `away` says what happens while a shared store is configured but cannot be reached: requests pass uncounted (`open`)
    or each process counts for itself (`local`). An answer that had to be computed counts `computed` units, else one.
    """

    name: str
    limit: Limit
    per_user: Limit
    away: Away = "open"
    computed: int = 1


class Declared(NamedTuple):
    """A row of a table of policies. Without a limit of its own it has the default one; `text` says what it is for."""

    name: str
    limit: Limit | None
    text: str
    away: Away = "open"

    @property
    def variable(self) -> str:
        """`RATE_LIMIT_<NAME>`; the other settings of the policy have a word behind that."""
        return f"RATE_LIMIT_{self.name.upper().replace('-', '_')}"


def configured(declared: Declared, default: Limit, environ: Mapping[str, str] | None = None) -> RatePolicy:
    """The policy as the environment has it.

    Raises SettingsError, naming the variable and what it takes, for a value that cannot be used.
    """
    variable, per_user = declared.variable, f"{declared.variable}_PER_USER"
    away, computed = f"{variable}_AWAY", f"{variable}_COMPUTED"
    text = read(str, variable, "", "a limit", environ=environ)
    limit = limit_of(variable, text) if text else declared.limit or default
    text = read(str, per_user, "", "a limit", environ=environ)
    users = limit_of(per_user, text) if text else limit
    weight = read(int, computed, 1, "units of a computed answer", least=1, most=_MOST_COMPUTED, environ=environ)
    if weight > min(limit.count, users.count):
        raise SettingsError(f"{computed}={weight}: a request of {weight} units can never pass {limit} and {users}")
    return RatePolicy(declared.name, limit, users, _away(away, declared.away, environ), weight)


def limit_of(variable: str, text: str) -> Limit:
    """The limit written in a variable. Raises SettingsError."""
    try:
        return parsed_limit(text)
    except ValueError as error:
        raise SettingsError(f"{variable}={text!r}: send a limit {error}") from error


def _away(variable: str, declared: Away, environ: Mapping[str, str] | None) -> Away:
    match read(str, variable, declared, "what to do while the store is away", environ=environ).lower():
        case "open":
            return "open"
        case "local":
            return "local"
        case text:
            raise SettingsError(f"{variable}={text!r}: send open (pass uncounted) or local (each process counts)")
