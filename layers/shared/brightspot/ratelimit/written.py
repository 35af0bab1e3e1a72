"""A limit as operators write it: `100/60` or `30 per 1 minute`, with `gcra` or `log` behind it where that matters."""

import re

from brightspot.ratelimit.limit import Algorithm, Limit

MOST_UNITS = 100_000  # the exact log keeps a time for each of them
LEAST_SECONDS, MOST_SECONDS = 0.001, 31 * 86400
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
# Compiled when a setting is read, which most cold starts do not.
_WRITTEN = (
    r"(\d{1,9})\s*(?:/\s*(\d{1,9}(?:\.\d{1,3})?)(?:\s*s)?|\s+per\s+(\d{1,9}(?:\.\d{1,3})?\s+)?(second|minute|hour|day)s?)"
    r"(?:\s+(gcra|log))?"
)
HOW = f"like 100/60 (seconds) or 30 per 1 minute, gcra behind it to smooth; 1 to {MOST_UNITS} in 1 ms to 31 days"


def parsed_limit(text: str) -> Limit:
    """The limit that `text` names; `log` counts when no algorithm is named, and case does not matter.

    Raises ValueError, which says what to write, for anything else.
    """
    found = re.fullmatch(_WRITTEN, text.strip().lower())
    if found is None:
        raise ValueError(HOW)
    count, plain, multiple, unit, algorithm = found.groups()
    seconds = float(plain) if plain is not None else float(multiple or 1) * _SECONDS[unit]
    if not (1 <= int(count) <= MOST_UNITS and LEAST_SECONDS <= seconds <= MOST_SECONDS):
        raise ValueError(HOW)
    named: Algorithm = "gcra" if algorithm == "gcra" else "log"
    return Limit(int(count), seconds, named)
