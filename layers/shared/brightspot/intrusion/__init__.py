"""Intrusion detection: suspicious clients are scored, slowed and blocked, for all instances at once.

What lists and lifts is loaded when it is first used: requests only record and ask.
"""

from typing import TYPE_CHECKING

from brightspot.core.faces import lazy_face
from brightspot.intrusion.names import unknown_account
from brightspot.intrusion.settings import IntrusionSettings
from brightspot.intrusion.signals import SIGNALS, Seen, Signal
from brightspot.intrusion.watch import FREE, Standing, Watch, shared_watch

if TYPE_CHECKING:
    from brightspot.intrusion.logins import Admission, LoginDelayed, Logins
    from brightspot.intrusion.score import ALERT_BELOW, Reason, SecurityScore, security_score
    from brightspot.intrusion.view import Scene, Suspect, lift, scene

__all__ = [
    "ALERT_BELOW",
    "FREE",
    "SIGNALS",
    "Admission",
    "IntrusionSettings",
    "LoginDelayed",
    "Logins",
    "Reason",
    "Scene",
    "SecurityScore",
    "Seen",
    "Signal",
    "Standing",
    "Suspect",
    "Watch",
    "lift",
    "scene",
    "security_score",
    "shared_watch",
    "unknown_account",
]

_HOMES = {
    "logins": "Admission LoginDelayed Logins",
    "score": "ALERT_BELOW Reason SecurityScore security_score",
    "view": "Scene Suspect lift scene",
}
__getattr__ = lazy_face(__name__, _HOMES)
