"""A batch under every delivery that SQS may make: twice, late, in any order, at once with a repeat of its request.

The store is the real thing; analyses and queue are lists that the machine looks into.
"""

import json
from collections import Counter
from uuid import uuid4

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from brightspot.core.errors import InputRefused
from brightspot.locations import AddressError, BatchRequest
from brightspot.locations.batches.dispatch import messages
from brightspot.locations.batches.service import Asker, BatchService
from brightspot.locations.batches.settings import BatchSettings
from brightspot.locations.batches.shapes import Fault
from brightspot.locations.batches.worker import BatchWorker
from brightspot.resilience import Deadline
from tests.conftest import HandClock

MOST_TRIES = 2
ASKER = Asker("shared", "somebody")
NAMES = ("a", "A", "b", "B", "c", "d", "slow", "poison", "refused later", "bad", "worse", "kept", "KEPT")


def key_of(request, tenant):
    if request.address in {"bad", "worse"}:
        raise AddressError("unknown", "send another address", {"city": request.address})
    return f"{tenant} {request.address.upper()}"


class Answers:
    """Every analysis is another one, so that an answer that was replaced by a second one is seen."""

    def __init__(self, clock):
        self.made = 0
        self.clock = clock

    def answer(self, request, deadline, *, tenant, analysis_id):
        self.made += 1
        if request.address == "slow":
            self.clock.advance(seconds=8)
        if request.address == "poison":
            raise RuntimeError("as the test asks")
        if request.address == "refused later":
            raise InputRefused("address", "the data have changed; send another address")
        return json.dumps({"id": analysis_id, "number": self.made, "address": request.address}).encode()


class Sent:
    """A queue that takes everything but the slots in `refusing`."""

    def __init__(self):
        self.messages = []
        self.refusing = set()

    def hand_out(self, batch, slots, deadline):
        given = messages(batch, slots)
        self.messages += [each for each in given if each.body.slot not in self.refusing]
        return {
            each.body.slot: Fault("Not queued", "send it again") for each in given if each.body.slot in self.refusing
        }


class BatchMachine(RuleBasedStateMachine):
    """`store_of(clock)` gives the store of a run."""

    waiting = Bundle("waiting")
    delivered = Bundle("delivered")

    def __init__(self):
        super().__init__()
        self.clock = HandClock()
        self.store = self.store_of(self.clock)
        self.queue, self.answers = Sent(), Answers(self.clock)
        self.worker = BatchWorker(self.store, lambda: self.answers, self.clock, MOST_TRIES)
        self.service = BatchService(
            store=self.store,
            dispatch=self.queue,
            kept=lambda keys: [b'{"id":"kept"}' if key.endswith("KEPT") else None for key in keys],
            key_of=key_of,
            clock=self.clock,
            sleep=lambda seconds: self.clock.advance(seconds=seconds),
            settings=BatchSettings(answer_seconds=900, page_bytes=150),
        )
        self.key = uuid4().hex  # a table outlives a run
        self.seen = {}
        self.done = 0
        self.tries = Counter()

    @initialize(
        target=waiting,
        names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=8),
        refusing=st.sets(st.integers(0, 5), max_size=2),
    )
    def submit(self, names, refusing):
        self.request = BatchRequest(tuple(names))
        self.queue.refusing = refusing
        reply = self.submitted()
        batch, _ = self.store.read(reply.batch_id)
        assert refusing.isdisjoint(batch.pending(self.store.answered(batch.id)))
        self.id, self.total = reply.batch_id, len(names)
        self.deadline = self.clock.monotonic() + 900
        return multiple(*self.queue.messages)

    def submitted(self):
        deadline = Deadline.after(self.clock, 25)
        return self.service.submit(self.request, ASKER, wait_seconds=0, deadline=deadline, key=self.key)

    @rule(target=delivered, message=consumes(waiting))
    def deliver(self, message):
        return self.handled(message)

    @rule(message=delivered)
    def deliver_again(self, message):
        self.handled(message)

    def handled(self, message):
        self.tries[message.key] += 1
        failing = message.body.address == "poison" and self.clock.monotonic() < self.deadline
        before = self.found()
        try:
            self.worker.handle(msgspec.structs.replace(message, attempt=self.tries[message.key]))
        except RuntimeError:
            assert failing
            assert self.tries[message.key] < MOST_TRIES or message.body.slot in self.found()
        else:
            assert not failing
        if self.clock.monotonic() >= self.deadline:
            assert self.found() == before
        return message

    def found(self):
        return self.store.read(self.id)[1]

    @rule(target=waiting)
    def the_request_comes_again(self):
        before = len(self.queue.messages)
        reply = self.submitted()
        assert reply.batch_id == self.id
        return multiple(*self.queue.messages[before:])

    @rule(seconds=st.sampled_from([100, 895, 906]))
    def time_passes(self, seconds):
        self.clock.advance(seconds=seconds)

    @precondition(lambda self: hasattr(self, "id"))
    @invariant()
    def the_answer_only_grows(self):
        pages = self.pages()
        results = [each for told in pages for each in told["results"]]
        errors = [each for told in pages for each in told["errors"]]
        for part in (results, errors):
            assert [each["index"] for each in part] == sorted({each["index"] for each in part})
        told = {each["index"]: each for each in [*results, *errors]}
        assert len(told) == len(results) + len(errors) == pages[0]["done"] >= self.done
        assert (pages[0]["successful"], pages[0]["failed"]) == (len(results), len(errors))
        assert {index: told[index] for index in self.seen} == self.seen
        assert (pages[0]["status"] == "completed") == (len(told) == self.total)
        if self.clock.monotonic() < self.deadline:
            batch, _ = self.store.read(self.id)
            waiting = {batch.plan.places[at] for at in range(self.total) if at not in told}
            assert waiting == batch.pending(self.store.answered(self.id))
        self.seen, self.done = told, len(told)
        self.each_address_has_its_own(told)

    def pages(self):
        told, cursor = [], None
        while not told or cursor is not None:
            told.append(json.loads(self.service.look(self.id, ASKER.tenant, cursor).body))
            cursor = told[-1]["next_cursor"]
        return told

    def each_address_has_its_own(self, told):
        names = self.request.addresses
        for index, each in told.items():
            same = [told[at] for at in told if names[at].upper() == names[index].upper()]
            assert all({**other, "index": 0, "address": 0} == {**each, "index": 0, "address": 0} for other in same)
            if names[index] in {"bad", "worse"}:
                assert each["understood"] == {"city": names[index]}
            elif names[index].upper() == "KEPT":
                assert each["id"] == "kept"
            elif "number" in each:
                assert each["address"].upper() == names[index].upper()

    def teardown(self):
        """Whatever happened, in the end every address has its answer."""
        if not hasattr(self, "id"):
            return
        self.clock.advance(seconds=906)
        (first, *_) = self.pages()
        assert (first["status"], first["done"]) == ("completed", self.total)


def machine(store_of):
    """The machine over that store."""
    return type("BatchMachine", (BatchMachine,), {"store_of": staticmethod(store_of)})
