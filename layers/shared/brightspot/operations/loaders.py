"""What can be loaded into the cache ahead of its readers, by the pattern of a key: `<tenant>:<kind>:<of what>`."""

from typing import Any, Final

import msgspec

from brightspot import locations
from brightspot.cache import Adaptive, Options, Warming
from brightspot.core.codec import dumps

_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR
_AGES: Final = ("cached", "cache_hit", "cache_age_seconds")  # of the answer that was loaded, not of this value
# A value that is found unchanged lives twice as long the next time, one that changed half as long.
_LEARNING: Final = Adaptive(least=_HOUR, most=7 * _DAY)
LOADERS: Final = {
    "analysis": "`analysis:<address>`, the analysis of an address by the defaults; its next analysis is a cached one",
    "best": "`best:<state>`, the ten best ZIPs of a state by the defaults",
}


def register(warming: Warming, l1_seconds: float) -> None:
    """Register every loader. Values of theirs are good for a day at first; where one fails, for a day more."""
    options = Options(ttl=_DAY, stale_if_error=_DAY, jitter=0.1, adaptive=_LEARNING, l1_seconds=l1_seconds)
    warming.register("*:analysis:*", _analysis, options)
    warming.register("*:best:*", _best, options)


def _analysis(place: str) -> Any:
    tenant, _, address = place.split(":", 2)
    answer = locations.shared_answers().answer(locations.AnalyzeRequest(address), tenant=tenant)
    told = msgspec.json.decode(answer)
    return {name: value for name, value in told.items() if name not in _AGES}


def _best(place: str) -> Any:
    _, _, state = place.split(":", 2)
    return msgspec.json.decode(dumps(locations.search_zips(locations.SearchRequest(state=state))))
