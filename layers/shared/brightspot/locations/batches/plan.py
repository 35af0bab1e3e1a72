"""Makes a plan of a batch: which distinct questions its addresses ask, and which addresses ask none."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from brightspot.core.errors import InputRefused
from brightspot.core.ids import new_id
from brightspot.locations.batches.request import BatchRequest
from brightspot.locations.batches.shapes import Fault, Plan, Slot
from brightspot.locations.request import AnalyzeRequest


class Planned(NamedTuple):
    """A plan, and under which key the answer to each slot may be kept already."""

    plan: Plan
    keys: list[str]


def planned(request: BatchRequest, now: datetime, key_of: Callable[[AnalyzeRequest], str]) -> Planned:
    """Addresses whose questions have one key share a slot; one that `key_of` refuses is a fault."""
    slot_of: dict[str, int] = {}
    places: list[int | Fault] = []
    slots: list[Slot] = []
    for address in request.addresses:
        try:
            key = key_of(request.of(address))
        except InputRefused as refused:
            places.append(Fault.of(refused))
            continue
        if key not in slot_of:
            slot_of[key] = len(slots)
            slots.append(Slot(address, new_id(now)))
        places.append(slot_of[key])
    weights = None if request.weights is None else dict(request.weights)
    plan = Plan(list(request.addresses), places, slots, request.radius_miles, request.persona, weights)
    return Planned(plan, list(slot_of))
