"""What a batch may ask for, its plan, and its idempotency key."""

from datetime import UTC, datetime

import pytest

from brightspot.locations import AddressError, BatchRequest, RequestRefused
from brightspot.locations.batches.plan import planned
from brightspot.locations.batches.shapes import Fault

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def key_of(request):
    if not request.address:
        raise AddressError("empty", "send an address", {"city": "Nowhere"})
    return request.address.upper()


@pytest.mark.parametrize("count", [0, 51])
def test_fewer_than_one_address_and_more_than_fifty_are_refused(count):
    with pytest.raises(RequestRefused, match=f"send 1 to 50 addresses, not {count}"):
        BatchRequest(("55901",) * count)


@pytest.mark.parametrize(
    ("other", "field"),
    [({"radius_miles": 0.1}, "radius_miles"), ({"persona": "nobody"}, "persona"), ({"weights": {"x": 1}}, "weights")],
)
def test_what_cannot_be_asked_of_any_address_is_refused_as_a_whole(other, field):
    with pytest.raises(RequestRefused) as refused:
        BatchRequest(("55901",), **other)
    assert refused.value.field == field


def test_addresses_with_one_key_share_a_slot_and_bad_ones_have_none():
    made = planned(BatchRequest(("b", "a", "", "B", "A", "c")), NOW, key_of)
    assert made.keys == ["B", "A", "C"]
    assert [slot.address for slot in made.plan.slots] == ["b", "a", "c"]
    fault = Fault("Validation failed", "send an address", "address", {"city": "Nowhere"})
    assert made.plan.places == [0, 1, fault, 0, 1, 2]
    assert len({slot.analysis_id for slot in made.plan.slots}) == 3


def test_a_request_is_the_same_whatever_the_order_of_its_weights():
    first = BatchRequest(("a", "b"), weights={"safety": 1, "economic": 2})
    assert first.fingerprint() == BatchRequest(("a", "b"), weights={"economic": 2, "safety": 1}).fingerprint()
    others = [
        BatchRequest(("b", "a"), weights={"safety": 1, "economic": 2}),
        BatchRequest(("a", "b"), weights={"safety": 2, "economic": 2}),
        BatchRequest(("a", "b")),
        BatchRequest(("a", "b"), 4.0, weights={"safety": 1, "economic": 2}),
    ]
    assert len({first.fingerprint(), *(each.fingerprint() for each in others)}) == 5
