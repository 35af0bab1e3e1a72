"""Which clients are held back, and which routes are open to them all the same."""

from typing import TYPE_CHECKING, Final

from brightspot.http.problems import Problem
from brightspot.intrusion import FREE, Seen, Standing, Watch
from brightspot.telemetry import BLOCKED_REQUESTS, count
from brightspot.valkey import Answer, Trip

if TYPE_CHECKING:
    from brightspot.http.examining import Suspicion
    from brightspot.http.gate import Passage

# Whoever looks whether the service is well shares an address with whomever; whoever checks our tokens needs the keys.
# Neither tells nor changes anything that would be worth an attack.
_OPEN: Final = frozenset({"GET /health", "GET /.well-known/jwks.json"})


def ask_marks(watch: Watch | None, trip: Trip, method: str, path: str, client: str) -> Answer | None:
    """Put on the trip whether a client is held back; None where that is not asked."""
    return None if watch is None or f"{method} {path}" in _OPEN else watch.ask(trip, client)


def standing_of(watch: Watch | None, marks: Answer | None) -> Standing:
    """What was answered; nobody is held back where nothing was."""
    return FREE if watch is None else watch.standing(marks)


def seen_of(passage: "Passage", suspicion: "Suspicion") -> list[Seen]:
    """What makes a request's client suspicious before the app has seen it."""
    seen = [] if passage.signal is None else [Seen(passage.signal)]
    if suspicion.score:
        seen.append(Seen("suspicious_input", suspicion.score))
    return seen


def blocked(seconds: int) -> Problem:
    """What a blocked client is told: 429 and not 403, since it ends by itself and clients know to wait for that."""
    count(BLOCKED_REQUESTS)
    detail = f"too much of what came from this address looks like an attack; send it again in {seconds} s"
    return Problem(429, "Temporarily blocked", detail, "rate_limit", headers={"Retry-After": str(seconds)})
