"""Pages of a batch: whole, in the order of the request, each address once, and late ones given up."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import InputRefused
from brightspot.locations.batches.pages import progress, recorded, unrecorded
from brightspot.locations.batches.shapes import Batch, Fault, Plan, Slot
from brightspot.store import encode_cursor

AT = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
ID = "01M834A9KFZZ1434Y8FPGZG2TE"
BAD = Fault("Address not found", "send another", "address", {"city": "Atlantis"})
PLENTY = 4_000_000


def batch_of(places):
    slots = [Slot(f"{number}", ID) for number in range(max([0, *(1 + p for p in places if isinstance(p, int))]))]
    plan = Plan([f"address {number}" for number in range(len(places))], places, slots, 3.0, "business", None)
    return Batch(
        id=ID, tenant="shared", created_at=AT, answer_by=AT + 900, expires_at=int(AT) + 7 * 86400, plan=plan,
    )  # fmt: skip


def analysis(slot, size=40):
    return b'{"id":"%d","pad":"%b"}' % (slot, b"x" * size)


def page(batch, found, *, at=1.0, cursor=None, most=PLENTY):
    return json.loads(recorded(batch, found, AT + at, cursor, most).body)


def every_page(batch, found, most):
    pages, cursor = [], None
    while not pages or cursor is not None:
        pages.append(page(batch, found, cursor=cursor, most=most))
        cursor = pages[-1]["next_cursor"]
    return pages


def test_duplicates_and_errors_stand_where_their_addresses_do():
    told = page(batch_of([0, BAD, 1, 0]), {0: analysis(0), 1: Fault("Analysis failed", "send it again")})
    assert [(each["index"], each["id"]) for each in told["results"]] == [(0, "0"), (3, "0")]
    assert told["errors"] == [
        {"index": 1, "address": "address 1", "error": "Address not found", "reason": "send another",
         "field": "address", "understood": {"city": "Atlantis"}},
        {"index": 2, "address": "address 2", "error": "Analysis failed", "reason": "send it again"},
    ]  # fmt: skip
    figures = {name: told[name] for name in ("total", "done", "successful", "failed", "status", "next_cursor")}
    assert figures == {
        "total": 4, "done": 4, "successful": 2, "failed": 2, "status": "completed", "next_cursor": None,
    }  # fmt: skip


def test_what_is_not_answered_yet_is_on_no_page():
    told = page(batch_of([0, 1, 0]), {1: analysis(1)}, at=60)
    assert (told["status"], told["done"], [each["index"] for each in told["results"]]) == ("running", 1, [1])
    assert (told["created_at"], told["age_seconds"]) == ("2026-11-01T00:00:00.000Z", 60)


def test_after_its_time_limit_what_is_missing_is_an_error():
    batch, found = batch_of([0, 1]), {1: analysis(1)}
    assert page(batch, found, at=904.9)["status"] == "running"  # a worker's clock may be behind
    told = page(batch, found, at=905)
    assert (told["status"], told["successful"], told["failed"]) == ("completed", 1, 1)
    assert (told["errors"][0]["index"], told["errors"][0]["error"]) == (0, "Not answered in time")


@given(
    places=st.lists(st.one_of(st.just(BAD), st.integers(0, 9)), min_size=1, max_size=50),
    sizes=st.lists(st.integers(0, 400), min_size=10, max_size=10),
    missing=st.sets(st.integers(0, 9)),
    most=st.integers(1, 3000),
)
def test_pages_together_are_the_whole_answer_and_none_is_too_large(places, sizes, missing, most):
    batch = batch_of(places)
    found = {slot: analysis(slot, size) for slot, size in enumerate(sizes) if slot not in missing}
    whole, pages = page(batch, found), every_page(batch, found, most)
    for part in ("results", "errors"):
        assert [each for told in pages for each in told[part]] == whole[part]
    for told in pages:
        bodies = [len(found[places[each["index"]]]) for each in told["results"]]
        assert sum(bodies) <= most or len(bodies) == 1
        assert {**told, "results": 0, "errors": 0, "next_cursor": 0} == {
            **whole, "results": 0, "errors": 0, "next_cursor": 0,
        }  # fmt: skip


def test_an_answer_that_needs_no_second_page_is_whole_at_once():
    plan = batch_of([0, BAD, 0]).plan
    told = json.loads(unrecorded(plan, {0: analysis(0)}, PLENTY))
    assert (told["total"], told["successful"], "id" in told, told["next_cursor"]) == (3, 2, False, None)
    assert unrecorded(plan, {0: analysis(0)}, 60) is None
    assert unrecorded(plan, {}, PLENTY) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense", "", encode_cursor(f"batch {ID}", "0"), encode_cursor(f"batch {ID}", "3"),
        encode_cursor(f"batch {ID}", "-1"), encode_cursor(f"batch {ID}", "²"), encode_cursor("batch other", "1"),
        encode_cursor("history", ID),
    ],
)  # fmt: skip
def test_a_cursor_of_something_else_is_refused(cursor):
    with pytest.raises(InputRefused, match="next_cursor"):
        page(batch_of([0, 0, 0]), {}, cursor=cursor)


def test_progress_counts_addresses_and_not_slots():
    batch = batch_of([0, BAD, 0, 1])
    told = progress(batch, frozenset({0}))
    assert msgspec.structs.asdict(told) == {
        "id": ID, "status": "running", "total": 4, "done": 2, "created_at": "2026-11-01T00:00:00.000Z",
    }  # fmt: skip
    assert progress(batch, frozenset()).status == "completed"
