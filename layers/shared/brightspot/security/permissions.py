"""What a route needs and whether this caller has it."""

from dataclasses import dataclass
from typing import Literal, get_args

from brightspot.core.settings import setting
from brightspot.security.caller import ANONYMOUS, Caller
from brightspot.security.errors import AuthenticationRequired, Forbidden

# public: anybody, always. read, write: that permission, or anybody in open mode. admin: that permission, always.
# user: anybody with a good token, always, for what is personal.
Need = Literal["public", "read", "write", "admin", "user"]
NEEDS: tuple[Need, ...] = get_args(Need)


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Whether reads and writes need a token; `make dev` sets false, which opens them to anybody ("open mode")."""

    required: bool = setting("AUTH_REQUIRED", True, "whether reads and writes need a token; admin routes always do")


def authorize(need: Need, caller: Caller | None, settings: AccessSettings) -> Caller:
    """The caller, who may pass; ANONYMOUS when nobody in particular may. `caller` is None when no token was sent.

    Raises AuthenticationRequired when a token is needed and none was sent, Forbidden when the caller's permissions do
    not suffice, and ValueError for a need that is none.
    """
    known = caller if caller is not None and caller.subject is not None else None
    if need == "public" or (need in {"read", "write"} and not settings.required):
        return known or ANONYMOUS
    if need not in NEEDS:
        raise ValueError(f"no such need: {need!r}")
    if known is None:
        raise AuthenticationRequired
    if need != "user" and not known.may(need):
        raise Forbidden(need)
    return known
