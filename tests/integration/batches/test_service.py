"""Batches over time, by a clock of the test's own: expiry, tenants, waiting, what is too late."""

from datetime import timedelta

import pytest

from brightspot.core.codec import dumps, loads
from brightspot.core.errors import NotFound
from brightspot.locations import Asker, BatchRequest, BatchService
from brightspot.locations.batches import backend
from brightspot.locations.batches.dynamo import DynamoBatches
from brightspot.locations.batches.seam import MemoryBatches
from brightspot.locations.batches.settings import BatchSettings
from brightspot.locations.batches.worker import BatchWorker
from brightspot.resilience import Deadline
from brightspot.store import TableUnavailable
from brightspot.telemetry import BATCH_ITEMS, BATCH_JOBS, shared_ledger
from tests.integration.batches.machine import Answers, Sent, key_of


def test_a_key_can_be_used_anew_when_its_batch_has_expired(aws, clock):
    batches = service_over(DynamoBatches(aws.settings, clock), clock)
    first = submitted(batches, clock, "a", key="mine")
    clock.advance(seconds=timedelta(days=7, seconds=1).total_seconds())
    assert submitted(batches, clock, "b", key="mine") != first


def test_another_tenant_has_neither_the_batch_nor_the_key(aws, clock):
    batches = service_over(DynamoBatches(aws.settings, clock), clock)
    mine = submitted(batches, clock, "a", key="one")
    yours = submitted(batches, clock, "b", key="one", tenant="other")
    assert mine != yours
    with pytest.raises(NotFound, match="no such batch"):
        batches.look(mine, "other")


def test_a_batch_is_forgotten_after_its_time_and_before_dynamodb_deletes_it(aws, clock):
    batches = service_over(DynamoBatches(aws.settings, clock), clock)
    batch_id = submitted(batches, clock, "a")
    clock.advance(seconds=timedelta(days=7).total_seconds() - 1)
    assert loads(batches.look(batch_id, "shared").body)["failed"] == 1  # nobody answered
    clock.advance(seconds=1)
    with pytest.raises(NotFound, match="no such batch"):
        batches.look(batch_id, "shared")
    assert all(int(row["expires_at"]["N"]) <= clock.now().timestamp() for row in aws.rows())


def test_what_was_cached_is_remembered_with_the_batch_in_few_rows(aws, clock):
    big = dumps({"id": "x", "pad": "y" * 250_000})
    store = DynamoBatches(aws.settings, clock)
    batches = service_over(store, clock, kept=lambda keys: [None if key == "shared A" else big for key in keys])
    batch_id = submitted(batches, clock, "a", "b", "c", "d", "e", "f", "g")
    told = loads(batches.look(batch_id, "shared").body)
    assert [each["index"] for each in told["results"]] == [1, 2, 3, 4, 5, 6]
    assert store.answered(batch_id) == {1, 2, 3, 4, 5, 6}
    assert sorted(row["part"]["S"] for row in aws.rows()) == ["head", "kept#0", "kept#1"]


def test_batches_and_what_comes_of_their_addresses_are_counted(clock):
    before, store, queue = told(), MemoryBatches(clock), Sent()
    batches = service_over(store, clock, dispatch=queue)
    for _ in range(2):
        submitted(batches, clock, "a", "b", key="mine")
    worker = BatchWorker(store, lambda: Answers(clock), clock, 3)
    first, second = queue.messages[:2]
    for each in (first, first, second):
        worker.handle(each)
    kept = service_over(store, clock, kept=lambda keys: [dumps({"id": "x"})] * len(keys))
    kept.submit(BatchRequest(("c",)), Asker("shared"), wait_seconds=0, deadline=Deadline.after(clock, 25))
    clock.advance(seconds=1000)
    worker.handle(second)
    assert {name: number - before.get(name, 0) for name, number in told().items() if number > before.get(name, 0)} == {
        (BATCH_JOBS.name, "taken_in"): 1,
        (BATCH_JOBS.name, "repeated"): 1,
        (BATCH_JOBS.name, "answered"): 1,
        (BATCH_ITEMS.name, "done"): 2,
        (BATCH_ITEMS.name, "repeated"): 1,
        (BATCH_ITEMS.name, "late"): 1,
    }


def told():
    return shared_ledger().totals((BATCH_JOBS, BATCH_ITEMS)).counters


def test_an_answer_that_comes_after_the_time_limit_is_left(clock):
    store, queue = MemoryBatches(clock), Sent()
    batches = service_over(store, clock, dispatch=queue)
    batch_id = submitted(batches, clock, "slow")
    clock.advance(seconds=895)
    BatchWorker(store, lambda: Answers(clock), clock, 3).handle(queue.messages[0])  # takes until after the limit
    assert store.read(batch_id)[1] == {}
    clock.advance(seconds=10)
    (error,) = loads(batches.look(batch_id, "shared").body)["errors"]
    assert error["error"] == "Not answered in time"


def test_waiting_asks_at_growing_intervals_and_ends_in_time(clock):
    pauses = []

    def sleep(seconds):
        pauses.append(round(seconds, 3))
        clock.advance(seconds=seconds)

    batches = service_over(MemoryBatches(clock), clock, dispatch=Sent(), sleep=sleep)
    deadline = Deadline.after(clock, 25)
    reply = batches.submit(BatchRequest(("a",)), Asker("shared"), wait_seconds=5, deadline=deadline)
    assert (reply.is_finished, loads(reply.body)["status"]) == (False, "running")
    assert pauses == [0.2, 0.3, 0.45, 0.675, 1.0, 1.0, 1.0, 0.375]
    late = Deadline.after(clock, 0.5)
    batches.submit(BatchRequest(("a",)), Asker("shared"), wait_seconds=20, deadline=late)
    assert sum(pauses[8:]) == pytest.approx(0.5)


def test_a_table_that_cannot_be_read_in_the_end_leaves_where_to_ask(clock, monkeypatch):
    store = MemoryBatches(clock)

    def away(batch_id):
        raise TableUnavailable("as the test asks")

    monkeypatch.setattr(store, "answered", lambda batch_id: frozenset({0}))
    monkeypatch.setattr(store, "read", away)
    batches = service_over(store, clock, dispatch=Sent())
    deadline = Deadline.after(clock, 25)
    reply = batches.submit(BatchRequest(("a",)), Asker("shared"), wait_seconds=5, deadline=deadline)
    assert (reply.is_finished, loads(reply.body)["id"]) == (False, reply.batch_id)


def test_every_try_is_over_before_the_time_limit():
    assert sum(backend._AGAIN_AFTER_SECONDS) < BatchSettings().answer_seconds / 2


def service_over(store, clock, *, dispatch=None, kept=None, sleep=None):
    return BatchService(
        store=store,
        dispatch=dispatch or Sent(),
        kept=kept or (lambda keys: [None for _ in keys]),
        key_of=key_of,
        clock=clock,
        sleep=sleep or (lambda seconds: clock.advance(seconds=seconds)),
        settings=BatchSettings(),
    )


def submitted(batches, clock, *addresses, key=None, tenant="shared"):
    """The id of a new batch."""
    deadline = Deadline.after(clock, 25)
    reply = batches.submit(BatchRequest(addresses), Asker(tenant), wait_seconds=0, deadline=deadline, key=key)
    return reply.batch_id
