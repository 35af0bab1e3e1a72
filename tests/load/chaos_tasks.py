"""`make chaos-tasks`: how many tasks a second a local stack does, and that none is lost or has its effect twice when
workers are killed all the time.

The stack is MiniStack's DynamoDB and SQS with the template's own table and queues, and worker processes that call the
function's own handler. Each task adds 1 to a row of its own in the transaction that ends it: that row is what is
counted. The second run kills each worker, by SIGKILL, within two seconds of its first messages; a tenth of its tasks
stand in graphs of 200 with a fan-in. Exits 1 when a task was lost or counted twice.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import batched
from pathlib import Path
from typing import Any

from brightspot_local.dev.intrinsics import REGION, Intrinsics
from brightspot_local.dev.template import functions, load
from brightspot_local.paths import LAYER, ROOT
from brightspot_local.services import ministack
from brightspot_local.services.aws import ACCESS, client
from brightspot_local.services.resources import create

PARAMETERS = {"Env": "local"}
TARGET_PER_SECOND = 250
LEASE_SECONDS = 5
GRAPH = 200
TOGETHER = 500
MOST_SECONDS = 2.0
LOOKS = 20
PATIENCE_SECONDS = 600
TABLE = "brightspot-local-tasks"
QUEUE = "brightspot-local-tasks-normal"


@dataclass(frozen=True, slots=True)
class Stack:
    """A running one: where it answers, and the environment of the function of tasks in it."""

    endpoint: str
    environment: dict[str, str]


@contextmanager
def stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory() as folder, ministack.running(Path(folder)) as running:
        known = Intrinsics(load(), PARAMETERS, running.endpoint)
        create(known, running.endpoint)
        # Lambda asks for six times the function's timeout; who is killed before his first word would be waited for.
        sqs = client("sqs", running.endpoint)
        sqs.set_queue_attributes(QueueUrl=url_of(sqs), Attributes={"VisibilityTimeout": str(LEASE_SECONDS)})
        forced = {
            **ACCESS,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": running.endpoint,
            "TASK_LEASE_SECONDS": str(LEASE_SECONDS),
            "AWS_READ_TIMEOUT_MS": "5000",  # two cores do everything here
            "REDIS_HOST": "",
            "LOG_LEVEL": "ERROR",
        }
        yield Stack(running.endpoint, {**functions(known)["TaskWorkerFunction"].environment, **forced})


@dataclass(slots=True)
class Worker:
    """One process; `busy` is a file that is there once it has messages, `dies_at` when it is to be killed then."""

    process: subprocess.Popen[bytes]
    busy: Path
    dies_at: float | None = None


class Workers:
    """So many processes, each of which is replaced when it was killed."""

    def __init__(self, of: Stack, number: int, folder: Path) -> None:
        self._of = of
        self._folder = folder
        self._log = (folder / "workers.log").open("ab")
        self._begun = self.killed = 0
        self._running = [self._started() for _ in range(number)]

    def kill_some(self, chance: random.Random) -> None:
        """Those whose time has come; it is drawn when they are first seen at work."""
        for at, each in enumerate(self._running):
            if each.dies_at is None and each.busy.exists():
                each.dies_at = time.monotonic() + chance.uniform(0, MOST_SECONDS)
            elif each.dies_at is not None and time.monotonic() >= each.dies_at:
                os.kill(each.process.pid, signal.SIGKILL)
                each.process.wait()
                self.killed += 1
                self._running[at] = self._started()

    def end(self) -> None:
        for each in self._running:
            each.process.kill()
            each.process.wait()
        self._log.close()

    def check(self) -> None:
        """Raises RuntimeError when one ended by itself."""
        if any(each.process.poll() is not None for each in self._running):
            raise RuntimeError(f"a worker ended by itself:\n{(self._folder / 'workers.log').read_text()[-2000:]}")

    def _started(self) -> Worker:
        self._begun += 1
        busy = self._folder / f"busy-{self._begun}"
        paths = os.pathsep.join(map(str, [ROOT, LAYER, ROOT / "infrastructure"]))
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.load.tasks_worker", self._of.endpoint, QUEUE, str(busy)],
            env={**os.environ, **self._of.environment, "PYTHONPATH": paths},
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
        )
        return Worker(process, busy)


def submitted(number: int, counter: str | None, *, graphs: int = 0) -> list[str]:
    """Submit so many tasks, some of them in graphs of 200: one first, 198 after it, one after all of these."""
    from brightspot.tasks import NewTask, TaskConfig, submit_all

    kwargs = {} if counter is None else {"counter": counter}
    patient = TaskConfig(max_retries=20)  # a kill takes one of its tries from each task in hand
    ids: list[str] = []
    for _ in range(graphs):
        middle = [
            NewTask("noop", (), kwargs, replace(patient, depends_on=["first"]), f"m{at}") for at in range(GRAPH - 2)
        ]
        last = NewTask("noop", (), kwargs, replace(patient, depends_on=[each.label or "" for each in middle]))
        ids += submit_all([NewTask("noop", (), kwargs, patient, "first"), *middle, last])
    for some in batched(range(number - graphs * GRAPH), TOGETHER, strict=False):
        ids += submit_all([NewTask("noop", (), kwargs, patient) for _ in some])
    return ids


def url_of(sqs: Any) -> str:
    return str(sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"])


def waiting(of: Stack) -> int:
    """Messages that are not done with."""
    sqs = client("sqs", of.endpoint)
    names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    ]
    return sum(
        int(each)
        for each in sqs.get_queue_attributes(QueueUrl=url_of(sqs), AttributeNames=names)["Attributes"].values()
    )


def effects(of: Stack, counter: str) -> dict[str, int]:
    """By task, how often its effect was had."""
    pages = (
        client("dynamodb", of.endpoint)
        .get_paginator("query")
        .paginate(
            TableName=TABLE,
            KeyConditionExpression="id = :id",
            ExpressionAttributeValues={":id": {"S": f"counter#{counter}"}},
            ConsistentRead=True,
        )
    )
    return {row["part"]["S"]: int(row["n"]["N"]) for page in pages for row in page["Items"]}


def states(of: Stack, ids: list[str]) -> Counter[str]:
    """How many of the tasks are in which state, as their rows have it."""
    dynamodb, found = client("dynamodb", of.endpoint), Counter[str]()
    for some in batched(ids, 100, strict=False):
        keys = [{"id": {"S": each}, "part": {"S": "head"}} for each in some]
        rows = dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": keys}})["Responses"][TABLE]
        found.update(row["state"]["S"] for row in rows)
        found.update({"gone": len(some) - len(rows)})
    return +found


def drained(of: Stack, workers: Workers, what: str, chance: random.Random | None = None) -> None:
    """Wait until nothing waits, and kill workers at work meanwhile, where there is a `chance`. Raises TimeoutError."""
    until, told = time.monotonic() + PATIENCE_SECONDS, 0.0
    while (left := waiting(of)) > 0:
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: {left} messages wait after {PATIENCE_SECONDS} s")
        if time.monotonic() - told > 5:
            told = time.monotonic()
            print(f"  {what}: {left:,} wait, {workers.killed} workers killed", flush=True)
        workers.check()
        for _ in range(LOOKS):
            time.sleep(0.05)
            if chance is not None:
                workers.kill_some(chance)


def run(asked: argparse.Namespace) -> int:
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder, stack() as of:
        os.environ.update(of.environment)
        workers = Workers(of, asked.workers, Path(folder))
        try:
            submitted(20, None)
            drained(of, workers, "starting")
            rate = throughput(of, workers, asked.tasks)
            lost, double = chaos(of, workers, asked.tasks, chance)
        finally:
            workers.end()
    met = "met" if rate >= TARGET_PER_SECOND else "missed"
    print(f"{rate:,.0f} tasks/s, target {TARGET_PER_SECOND}: {met}; {lost} lost, {double} with their effect twice")
    return 1 if lost or double else 0


def throughput(of: Stack, workers: Workers, number: int) -> float:
    began = time.monotonic()
    ids = submitted(number, None)
    sent = time.monotonic() - began
    drained(of, workers, "no-op tasks")
    seconds = time.monotonic() - began
    found = states(of, ids)
    print(f"{number:,} no-op tasks: submitted in {sent:.1f} s, done in {seconds:.1f} s; {dict(found)}")
    if found != {"done": number}:
        raise RuntimeError(f"not all are done: {found}")
    return number / seconds


def chaos(of: Stack, workers: Workers, number: int, chance: random.Random) -> tuple[int, int]:
    began = time.monotonic()
    ids = submitted(number, "chaos", graphs=number // (GRAPH * 10))
    drained(of, workers, "tasks under fire", chance)
    seconds, had = time.monotonic() - began, effects(of, "chaos")
    lost, double = [each for each in ids if each not in had], [each for each, times in had.items() if times != 1]
    told: Any = dict(states(of, ids))
    print(f"{number:,} tasks, {workers.killed} workers killed, {seconds:.1f} s; {told}; {sum(had.values()):,} effects")
    return len(lost), len(double)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000, help="of each run (default 10,000)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="of who is killed when")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
