"""The script against a simple model: scores, marks and blocks, at times of our own."""

from itertools import count
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.intrusion import IntrusionSettings, Seen
from brightspot.intrusion.names import BLOCKED, SCORED, address
from brightspot.intrusion.rules import HOUR_SECONDS, Rules
from brightspot.intrusion.signals import BUCKETS, amounts_in, points

MICRO = 1_000_000
NUMBERS = count()
RULE = Rules(IntrusionSettings(base=60, longest=400, forget=1000)).of("address")
SIGNAL = st.sampled_from([*RULE.weights])
STEPS = st.lists(
    st.tuples(SIGNAL, st.integers(1, 40), st.one_of(st.integers(0, 90), st.integers(0, 4000))), min_size=1, max_size=25
)


class Model:
    """What the script should say: all that ever happened, looked through anew each time."""

    def __init__(self):
        self.happened, self.blocks, self.over = [], 0, 0

    def score(self, bucket):
        amounts = {}
        for number, signal, amount in self.happened:
            if number > bucket - BUCKETS:
                amounts[signal] = amounts.get(signal, 0) + amount
        return sum(points(amounts, RULE.weights).values())

    def record(self, seen, now):
        bucket = now // RULE.width
        self.happened.append((bucket, seen.signal, seen.amount))
        score, length = self.score(bucket), 0
        if score >= RULE.block and now >= self.over:
            self.blocks = max(0, self.blocks - max(0, now - self.over) // (RULE.forget * MICRO))
            length = min(RULE.base * 2**self.blocks, RULE.longest) * MICRO
            self.blocks, self.over = self.blocks + 1, now + length
        return score, length

    def lasts(self, limit, now):
        """Microseconds until the score is below a limit, if nothing else comes."""
        bucket = now // RULE.width
        later = next(each for each in range(bucket, bucket + BUCKETS + 1) if self.score(each) < limit)
        return max(0, later * RULE.width - now) if later > bucket else 0


@pytest.fixture
def record(valkey, told_the_time, monkeypatch):
    """`record(name, seen, now)`: what the script says at a time."""
    from brightspot.intrusion import rules

    script = told_the_time(rules._RECORD)

    def ask(name, seen, now):
        return valkey.run(script, [*name.keys, SCORED, BLOCKED], [*RULE.arguments(seen, name.text), now])

    return ask


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_it_scores_marks_and_blocks_as_the_model_does(record, valkey, epoch, steps):
    name, model, now = address(f"198.51.{next(NUMBERS)}.0"), Model(), epoch
    _, block, half, quarter = name.keys
    for signal, amount, later in steps:
        now += later * MICRO
        valkey.call("DEL", block, half, quarter)  # their time is the server's, which does not leap
        score, blocks, length = record(name, Seen(signal, amount), now)
        assert (score, length) == model.record(Seen(signal, amount), now)
        assert not length or blocks == model.blocks
        assert left(valkey, block) == pytest.approx(length / 1000, abs=1000)
        for key, limit in ((half, RULE.half), (quarter, RULE.quarter)):
            assert left(valkey, key) == pytest.approx(ceil(model.lasts(limit, now) / 1000), abs=1000)
    window = valkey.call("HMGET", name.keys[0], "window")[0]
    assert sum(points(amounts_in(window, now // RULE.width), RULE.weights).values()) == score


def left(valkey, key):
    return max(0, valkey.call("PTTL", key))


def test_each_block_is_twice_as_long_up_to_the_longest_and_past_ones_are_forgotten(record, epoch):
    name, now, lengths = address("192.0.2.1"), epoch, []
    for _ in range(5):
        _, blocks, length = record(name, Seen("suspicious_input", 60), now)
        lengths.append((blocks, length // MICRO))
        now += length
    assert lengths == [(1, 60), (2, 120), (3, 240), (4, 400), (5, 400)]
    now += 3 * RULE.forget * MICRO
    assert record(name, Seen("suspicious_input", 60), now)[1:] == [3, 240 * MICRO]


def test_what_comes_during_a_block_does_not_lengthen_it(record, epoch):
    name = address("192.0.2.1")
    assert record(name, Seen("suspicious_input", 60), epoch)[2] == 60 * MICRO
    assert record(name, Seen("suspicious_input", 60), epoch + 59 * MICRO)[2] == 0


def test_a_clock_that_steps_back_neither_forgets_nor_locks_out(record, epoch):
    name = address("192.0.2.1")
    assert record(name, Seen("unknown_route", 15), epoch)[0] == 10
    assert record(name, Seen("unknown_route", 5), epoch - 300 * MICRO)[0] == 20
    assert record(name, Seen("unknown_route", 1), epoch - 300 * MICRO + RULE.window * MICRO)[0] == 0


def test_every_key_expires(record, valkey):
    now = int(valkey.call("TIME")[0]) * MICRO
    name = address("192.0.2.1")
    record(name, Seen("suspicious_input", 60), now)
    keys = [*name.keys, SCORED, BLOCKED]
    assert [valkey.call("EXISTS", key) for key in keys] == [1] * 6
    assert min(left(valkey, key) for key in keys) > 0
    longest = max(left(valkey, key) for key in keys) / 1000
    assert longest <= HOUR_SECONDS
