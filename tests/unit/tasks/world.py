"""A world of tasks: queues that repeat, reorder and delay what they deliver, workers that are killed at any call."""

from contextlib import nullcontext
from random import Random

from brightspot.resilience import Deadline
from brightspot.store import AwsUnavailable
from brightspot.tasks.backend import wired
from brightspot.tasks.errors import PermanentTaskError
from brightspot.tasks.event import Delivery
from brightspot.tasks.memory import MemoryTable
from brightspot.tasks.registry import background_task
from brightspot.tasks.rows import Effect
from brightspot.tasks.running import current_task
from brightspot.tasks.settings import TaskSettings
from tests.conftest import HandClock

SETTINGS = TaskSettings(retries=2, lease_seconds=60)
LEASE = 61
CALLS = []


def counted():
    task = current_task()
    CALLS.append(task.id)
    task.effect(Effect({"id": "counter#world", "part": task.id}, adds={"n": 1}))


@background_task("world.node")
def node():
    counted()


@background_task("world.broken")
def broken():
    counted()
    raise PermanentTaskError("it is broken")


@background_task("world.flaky")
def flaky(times):
    counted()
    if current_task().attempt <= times:
        raise ValueError(f"attempt {current_task().attempt}")


@background_task("world.asking")
def asking():
    current_task().check()
    current_task().progress(1, 2)
    counted()


class Killed(BaseException):
    """What SIGKILL is to the code that runs."""


class Faults:
    """Counts calls to whatever is watched; one of them fails, before or after it has done what it does."""

    def __init__(self):
        self.calls = 0
        self.at = None
        self.error = Killed
        self.after = False

    def watch(self, target):
        return _Watched(target, self)

    def fail(self, at, error, *, after):
        self.calls, self.at, self.error, self.after = 0, at, error, after

    def around(self, call):
        self.calls += 1
        dies = self.calls == self.at
        if dies and not self.after:
            raise self.error("as the test asks")
        value = call()
        if dies:
            raise self.error("as the test asks")
        return value


class _Watched:
    def __init__(self, target, faults):
        self._target, self._faults = target, faults

    def __getattr__(self, name):
        method = getattr(self._target, name)
        return lambda *args, **kwargs: self._faults.around(lambda: method(*args, **kwargs))


class Queue:
    """SQS, as bad as it may be: `messages` are lists of a task's id and when it may be seen."""

    def __init__(self, clock):
        self._clock = clock
        self.messages = []
        self.letters = []
        self.sent = 0

    def send(self, heads):
        for head in heads:
            self.sent += 1
            late = max(0.0, head.due / 1000 - self._clock.now().timestamp()) if head.due else 0.0
            self.messages.append([head.id, self._clock.monotonic() + min(late, 900)])

    def bury(self, head, failure):
        self.letters.append((head.id, head.run, failure.error))

    def forget(self, head):
        pass


class World:
    def __init__(self, seed=0, table=None, clock=None):
        self.clock = clock or HandClock()
        self.random = Random(seed)
        self.faults = Faults()
        self.rows = table or MemoryTable()
        self.queue = Queue(self.clock)
        self.tasks = wired(
            self.faults.watch(self.rows), self.faults.watch(self.queue), SETTINGS, self.clock, random=self.random
        )
        CALLS.clear()

    def submit(self, *tasks):
        return self.tasks.submitter.submit(tasks)

    def run(self, *, repeats=0.0, rounds=10_000):
        """Deliver until nothing is left; how often a worker failed."""
        killed = 0
        for _ in range(rounds):
            if not self.queue.messages:
                return killed
            killed += self.deliver(repeats=repeats)
        raise AssertionError(f"{len(self.queue.messages)} messages are never done")

    def deliver(self, *, repeats=0.0):
        """One event of up to ten messages, in any order; whether the worker failed."""
        seen = [each for each in self.queue.messages if each[1] <= self.clock.monotonic()]
        if not seen:
            self.clock.advance(seconds=min(each[1] for each in self.queue.messages) - self.clock.monotonic() + 0.001)
            return 0
        taken = self.random.sample(seen, min(len(seen), self.random.randint(1, 10)))
        deliveries = [Delivery(str(at), each[0], nullcontext) for at, each in enumerate(taken)]
        try:
            again = self.tasks.worker.handle(deliveries, self.deadline())
        except (Killed, AwsUnavailable):
            for each in taken:
                each[1] = self.clock.monotonic() + LEASE
            return 1
        for at, each in enumerate(taken):
            if str(at) in again:
                each[1] = self.clock.monotonic() + again[str(at)]
            elif self.random.random() >= repeats:  # else it is delivered once more, although it was deleted
                self.queue.messages.remove(each)
        return 0

    def deadline(self):
        return Deadline.after(self.clock, 900)

    def states(self, ids):
        return [self.tasks.statuses.one(each).state for each in ids]

    def effects(self):
        """How often each task's effect was had."""
        return {row["part"]: row["n"] for row in self.rows.parts("counter#world", "")}
