"""A verdict on one part: it works, it is not switched on, or it fails, and in one sentence why."""

from collections.abc import Callable
from typing import Literal

import msgspec

from brightspot.core.errors import BrightspotError
from brightspot_local.remote import RemoteUnusable


class Verdict(msgspec.Struct, frozen=True):
    """`off` is no failure: the system does without, and `says` what that means."""

    part: str
    status: Literal["ok", "off", "failed"]
    says: str


class Off(Exception):
    """This part is not switched on."""


class NotWell(Exception):
    """This part does not do what it should."""


def judged(part: str, check: Callable[[], str]) -> Verdict:
    """What a check says of a part; what it raises is a failure of that part and never of the others."""
    try:
        return Verdict(part, "ok", check())
    except Off as off:
        return Verdict(part, "off", str(off))
    except (NotWell, RemoteUnusable, BrightspotError) as error:
        return Verdict(part, "failed", str(error))
    except Exception as error:  # noqa: BLE001  # a verdict is what is asked for, whatever is wrong
        return Verdict(part, "failed", f"{type(error).__name__}: {error}")
