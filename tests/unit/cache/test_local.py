"""The first level forgets by number and by size, what was asked for once before what is asked for again."""

import threading
import tracemalloc
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from brightspot.cache.envelope import Envelope
from brightspot.cache.local import LocalLevel, size_of

ITEMS, BYTES = 4, 2000


def entry(payload=b"x", tags=()):
    return Envelope(0.0, 10.0, 10.0, tags, payload)


def held(level, keys):
    """Which of them are there, without asking for them."""
    return [key for key in keys if level.stats(key)["items"]]


def filled(keys, **bounds):
    level = LocalLevel(**bounds)
    for key in keys:
        level.set(key, entry())
    return level


def test_what_was_asked_for_stays_and_the_oldest_that_was_not_goes():
    level = filled("abc", max_items=3)
    level.get("a")
    level.set("d", entry())
    assert held(level, "abcd") == ["a", "c", "d"]


def test_the_hand_stays_where_it_was_so_that_what_it_has_passed_is_safe_for_a_round():
    level = filled("abcde", max_items=5)
    for key in "abd":
        level.get(key)
    level.set("f", entry())  # passes a and b, puts out c
    level.set("g", entry())  # goes on there: passes d, puts out e
    assert held(level, "abcdefg") == ["a", "b", "d", "f", "g"]
    level.set("h", entry())  # f, not a, whose mark is gone too
    assert held(level, "abdfgh") == ["a", "b", "d", "g", "h"]


def test_a_scan_drives_out_itself_and_not_what_is_asked_for():
    level = filled("abcd", max_items=8)
    for key in "abcd":
        level.get(key)
    for number in range(1000):
        level.set(f"scan-{number}", entry())
    assert held(level, "abcd") == list("abcd")


def test_when_all_were_asked_for_the_oldest_goes():
    level = filled("abc", max_items=3)
    for key in "abc":
        level.get(key)
    level.set("d", entry())
    assert held(level, "abcd") == ["b", "c", "d"]


def test_a_value_larger_than_the_whole_is_not_kept_and_drives_nothing_out():
    level = LocalLevel(max_bytes=2000)
    level.set("small", entry(b"12345"))
    level.set("large", entry(b"x" * 2000))
    assert level.get("small").payload == b"12345"
    assert level.get("large") is None


def test_a_value_that_became_too_large_does_not_leave_the_one_before_it():
    level = LocalLevel(max_bytes=2000)
    level.set("a", entry(b"12345"))
    level.set("a", entry(b"x" * 2000))
    assert level.get("a") is None
    assert level.stats() == {"items": 0, "bytes": 0}


def test_a_value_that_grows_in_its_place_makes_room():
    level = filled("abc", max_bytes=3 * size_of("a", entry()) + 100)
    level.set("b", entry(b"x" * 200))
    assert held(level, "abc") == ["b", "c"]


def test_clearing_a_prefix_counts_what_went():
    level = filled(("a:1", "a:2", "b:1"))
    assert level.clear("a:") == 2
    assert level.stats() == {"items": 1, "bytes": size_of("b:1", entry())}


def test_without_room_nothing_is_kept():
    level = filled("ab", max_items=0)
    assert (level.get("a"), level.stats()) == (None, {"items": 0, "bytes": 0})


@pytest.mark.parametrize("length", [10, 1000, 25_000])
def test_the_bytes_it_counts_are_those_that_it_takes(length):
    random = Random(length)
    level, count = LocalLevel(max_items=5000), 2000
    tracemalloc.start()
    try:
        for number in range(count):
            tags = (f"state:{number:06}", f"zip:{number:06}")
            now = random.random()
            level.set(f"bs:{{analysis}}:{number:064}", Envelope(now, now + 1, now + 2, tags, random.randbytes(length)))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert level.stats()["bytes"] == pytest.approx(taken, rel=0.1)


def test_threads_that_read_write_and_clear_leave_it_whole():
    level = LocalLevel(max_items=50, max_bytes=100_000)
    failures = []

    def work(seed):
        random = Random(seed)
        try:
            for _ in range(3000):
                key = f"{random.choice('ab')}:{random.randrange(120)}"
                done = random.random()
                if done < 0.5:
                    found = level.get(key)
                    assert found is None or found.payload == key.encode() * 20
                elif done < 0.95:
                    level.set(key, entry(key.encode() * 20))
                elif done < 0.99:
                    level.delete(key)
                else:
                    level.clear("a:")
        except Exception as error:  # noqa: BLE001  # whatever it is, the test is to tell it
            failures.append(error)

    threads = [threading.Thread(target=work, args=[seed]) for seed in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    stats = level.stats()
    assert stats["items"] <= 50
    assert stats["bytes"] == level._bytes == sum(node.size for node in level._nodes.values())
    assert sorted(queue(level)) == sorted(level._nodes)


def queue(level):
    """The keys from the oldest to the newest, and the same backwards."""
    there, node = [], level._oldest
    while node is not None:
        there.append(node.key)
        node = node.newer
    back, node = [], level._newest
    while node is not None:
        back.append(node.key)
        node = node.older
    assert there == back[::-1]
    return there


class Model(RuleBasedStateMachine):
    """A plain list as the queue, gone through as the paper's algorithm 1 says, beside the real one."""

    keys = Bundle("keys")

    def __init__(self):
        super().__init__()
        self.level = LocalLevel(max_items=ITEMS, max_bytes=BYTES)
        self.queue = []  # oldest first: [key, entry, visited]
        self.hand = 0

    @rule(target=keys, namespace=st.sampled_from("ab"), number=st.integers(0, 5))
    def name(self, namespace, number):
        return f"{namespace}:{number}"

    @rule(key=keys, size=st.sampled_from([0, 1, 100, 600, 1500, 3000]), tag=st.sampled_from([(), ("t",), ("t", "u")]))
    def set(self, key, size, tag):
        new = entry(b"x" * size, tag)
        self.level.set(key, new)
        if size_of(key, new) > BYTES:
            return self.drop([each for each in self.queue if each[0] == key])
        known = [each for each in self.queue if each[0] == key]
        if known:
            known[0][1:] = [new, True]
            self.evict(0, 0)
        else:
            self.evict(1, size_of(key, new))
            self.queue.append([key, new, False])
        return None

    @rule(key=keys)
    def get(self, key):
        known = [each for each in self.queue if each[0] == key]
        assert self.level.get(key) == (known[0][1] if known else None)
        for each in known:
            each[2] = True

    @rule(key=keys)
    def delete(self, key):
        known = [each for each in self.queue if each[0] == key]
        assert self.level.delete(key) is bool(known)
        self.drop(known)

    @rule(prefix=st.sampled_from(["", "a:", "b:", "a:1"]), tag=st.sampled_from([None, "t", "u", "none"]))
    def clear(self, prefix, tag):
        gone = [each for each in self.queue if each[0].startswith(prefix) and (tag is None or tag in each[1].tags)]
        assert self.level.clear(prefix, tag) == len(gone)
        self.drop(gone)

    @invariant()
    def the_same_and_within_bounds(self):
        assert queue(self.level) == [each[0] for each in self.queue]
        assert [node.visited for node in map(self.level._nodes.get, queue(self.level))] == [x[2] for x in self.queue]
        size = sum(size_of(key, each) for key, each, _ in self.queue)
        assert self.level.stats() == {"items": len(self.queue), "bytes": size}
        assert len(self.queue) <= ITEMS
        assert size <= BYTES

    def evict(self, items, size):
        while self.queue and (
            len(self.queue) + items > ITEMS or sum(size_of(k, e) for k, e, _ in self.queue) + size > BYTES
        ):
            while self.queue[self.hand % len(self.queue)][2]:
                self.queue[self.hand % len(self.queue)][2] = False
                self.hand = (self.hand + 1) % len(self.queue)
            self.drop([self.queue[self.hand % len(self.queue)]])

    def drop(self, gone):
        for each in gone:
            at = self.queue.index(each)
            del self.queue[at]
            if at < self.hand:
                self.hand -= 1
            if self.hand >= len(self.queue):
                self.hand = 0


TestModel = Model.TestCase


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.binary(max_size=8)), max_size=60))
def test_what_is_kept_is_what_was_set_last(writes):
    level, last = LocalLevel(max_items=3), {}
    for key, value in writes:
        level.set(key, entry(value))
        last[key] = value
        assert level.get(key).payload == value
        found = {name: each.payload for name in last if (each := level.get(name))}
        assert found == {name: last[name] for name in found}
