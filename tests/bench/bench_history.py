"""`make bench`: what pages of the history cost of 1,000, 10,000 and 100,000 rows, in DynamoDB's own capacity units.

Taken on DynamoDB Local, whose times say nothing of DynamoDB's. A cost that grows with the rows misses its target.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.core.ids import new_id
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.paging import MOST_READ
from brightspot.locations.past.seam import MemoryHistory
from brightspot.locations.past.shapes import Record, record_of
from brightspot.locations.past.table import AnalysisRow, row_of
from brightspot.resilience import Deadline
from brightspot.store import StoreSettings
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT
from tests.bench.dynamodb_local import NotHere, dynamodb_local

SIZES = (1_000, 10_000, 100_000)
DAYS = 60
PLACE = "ROCHESTER, MN 55901"
OFTEN, NEVER = "business", "custom"  # what is asked for at the one place; elsewhere one in ten is custom
COUNTED = ("Query", "PutItem", "BatchWriteItem")
SLACK = 1.2  # a page more or less read ahead is no growth
LEAST_UNITS = 0.5  # what DynamoDB rounds a read to


@dataclass
class Meter:
    """What the calls of a client consumed since it was last emptied."""

    units: list[float] = field(default_factory=list)
    rows: int = 0

    def watch(self, client: Any) -> None:
        events = client.meta.events
        for operation in COUNTED:
            events.register(f"before-parameter-build.dynamodb.{operation}", _ask)
            events.register(f"after-call.dynamodb.{operation}", self._note)

    def _note(self, parsed: dict[str, Any], **_: Any) -> None:
        told = parsed.get("ConsumedCapacity", [])
        self.units += [each["CapacityUnits"] for each in ([told] if isinstance(told, dict) else told)]
        self.rows += parsed.get("ScannedCount", 0)


@dataclass(frozen=True)
class Cost:
    """Of one question."""

    calls: int
    rows: int
    units: float

    def __str__(self) -> str:
        return f"{self.calls:3} {self.rows:5} {self.units:6.1f}"


def _ask(params: dict[str, Any], **_: Any) -> None:
    params["ReturnConsumedCapacity"] = "TOTAL"


def questions(history: DynamoHistory, cursor: str, now: datetime) -> dict[str, Callable[[], Any]]:
    """What is asked, by what it is; the cursor stands after nine pages of ten."""
    since, until = now - timedelta(days=DAYS / 2), now - timedelta(days=DAYS / 2 - 1)
    return {
        "the newest 10": lambda: history.recent(10),
        "the newest 100": lambda: history.recent(100),
        "the tenth page of 10": lambda: history.recent(10, cursor=cursor),
        "10 of one persona": lambda: history.recent(10, OFTEN),
        "10 of one day": lambda: history.recent(10, since=since, until=until),
        "10 of a place": lambda: history.of_place(PLACE, 10),
        "100 of a place": lambda: history.of_place(PLACE, 100),
        "10 of a place, of a persona that it never had": lambda: history.of_place(PLACE, 10, persona=NEVER),
        "a trend: up to 1,000 of a place": lambda: history.of_place(PLACE, MOST_READ),
        "a cleanup that finds nothing": lambda: list(history.made_before(now - timedelta(days=90))),
    }


def measure(ask: Callable[[], Any], meter: Meter) -> Cost:
    meter.units.clear()
    meter.rows = 0
    ask()
    return Cost(len(meter.units), meter.rows, sum(meter.units))


def fill(table: type[AnalysisRow], model: Record, now: datetime, count: int, random: Random) -> None:
    """So many more rows, in no order of time, one in ten of the one place. No list has a body, so theirs are short."""
    with table.batch_write() as batch:
        for number in range(count):
            at = now - timedelta(days=random.uniform(0, DAYS))
            here = number % 10 == 0
            persona = OFTEN if here or random.random() < 0.9 else NEVER
            place = PLACE if here else f"PLACE {random.randrange(5000)}, MN 55901"
            changed = {"id": new_id(at), "created_at": at.isoformat(), "persona": persona, "place": place, "body": b"-"}
            batch.save(row_of(table, msgspec.structs.replace(model, **changed)))


def one_row(history: DynamoHistory, model: Record, meter: Meter) -> tuple[Cost, Cost]:
    """What saving and deleting one real row take."""
    record = msgspec.structs.replace(model, id=new_id(datetime.now(UTC)))
    saved = measure(lambda: history.write(record), meter)
    return saved, measure(lambda: history.forget([record.id], Deadline.after(SystemClock(), 10)), meter)


@contextmanager
def table_of(url: str) -> Iterator[tuple[DynamoHistory, Meter]]:
    """The template's table, empty, and what is consumed there."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    settings = StoreSettings(table_prefix="bench", region="us-east-1", dynamodb_url=url, read_ms=10_000)
    history = DynamoHistory(settings, SystemClock(), retention_days=90, queue_url="")
    client = history._table._get_connection().connection.client
    described = load(ROOT / "infrastructure" / "data.yaml")["Resources"]["AnalysesTable"]["Properties"]
    taken = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    client.create_table(TableName="bench-analyses", **{name: described[name] for name in taken})
    meter = Meter()
    meter.watch(client)
    yield history, meter


def tenth(history: DynamoHistory) -> str:
    cursor = None
    for _ in range(9):
        cursor = history.recent(10, cursor=cursor).next_cursor
    if cursor is None:
        raise ValueError("there are no ten pages")
    return cursor


def grown(costs: Sequence[Cost]) -> bool:
    """From the last size but one: a small table may have fewer rows than a page would hold."""
    return costs[-1].units > SLACK * costs[-2].units + LEAST_UNITS


def main() -> int:
    """Print the tables; 1 when a page costs more of more rows."""
    memory = MemoryHistory()
    analysis = locations.service().analyze(locations.AnalyzeRequest("Rochester, MN 55901"))
    memory.record(analysis, PLACE)
    model, now, random = record_of(analysis, PLACE), datetime.now(UTC), Random(1)
    try:
        with dynamodb_local() as url, table_of(url) as (history, meter):
            rows, costs = 0, dict[str, list[Cost]]()
            for size in SIZES:
                fill(history._table, model, now, size - rows, random)
                rows = size
                for name, ask in questions(history, tenth(history), now).items():
                    costs.setdefault(name, []).append(measure(ask, meter))
            saved, deleted = one_row(history, model, meter)
    except NotHere as reason:
        print(f"history: not measured, DynamoDB Local cannot run here: {reason}")
        return 0
    print(f"{'calls, rows read, capacity units':48} " + "   ".join(f"{size:>16,}" for size in SIZES))
    for name, each in costs.items():
        print(f"{name:48} {'   '.join(map(str, each))}  {'MISSED' if grown(each) else 'met'}")
    size = len(model.body or b"")
    print(f"one row with a body of {size} bytes: saved with {saved.units:g} units, deleted with {deleted.units:g}")
    return 1 if any(map(grown, costs.values())) else 0


if __name__ == "__main__":
    raise SystemExit(main())
