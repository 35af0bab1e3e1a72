"""When API keys were used: noted in Valkey by whichever function a key came to, and read where keys are listed."""

from collections.abc import Sequence
from typing import Final

from brightspot.valkey import Answer, StoreUnavailable, Trip, Valkey

_USED: Final = "bs:api-key-used:{%s}"
_KEPT_SECONDS: Final = 366 * 86_400  # longer than any key lives


def note_used(trip: Trip, key_id: str, at: int) -> Answer:
    """Put the note on the trip; `at` is in Unix seconds."""
    return trip.add("SET", _USED % key_id, at, "EX", _KEPT_SECONDS)


def last_uses(valkey: Valkey | None, key_ids: Sequence[str]) -> dict[str, int]:
    """When keys were last used, in Unix seconds, as far as that is known; nothing when the store is away."""
    if valkey is None or not key_ids:
        return {}
    trip = valkey.trip()
    asked = {each: trip.add("GET", _USED % each) for each in key_ids}
    try:
        trip.run()
        return {each: int(answer.value) for each, answer in asked.items() if answer.value is not None}
    except StoreUnavailable:
        return {}
