"""optimize_database: how tables are used and what they hold, and what of that is to be changed.

It changes nothing by itself. Rows that expired are deleted by the cleanups, and bodies are compressed when they are
written. What is left is a change of code or of the template, which somebody has to decide.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from brightspot.core.settings import load
from brightspot.operations.queries.findings import findings
from brightspot.operations.queries.use import Use, uses
from brightspot.operations.rollups import shared_rollups
from brightspot.operations.timings import by_labels
from brightspot.operations.upkeep.prices import ListPrices, Units, on_demand, provisioned
from brightspot.operations.upkeep.work import Step, Work
from brightspot.store import StoreSettings, TableUnavailable
from brightspot.store.described import Described, Descriptions
from brightspot.telemetry import DATABASE_CAPACITY, Figures

TABLES: Final = (
    "accounts", "alerts", "analyses", "api-keys", "audit", "batches", "cache", "figures", "health",
    "jobs", "maintenance-runs", "sessions", "tasks",
)  # fmt: skip
_HOURS: Final = 7 * 24
_WRITES: Final = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_WORTH: Final = Decimal(1)  # dollars a month, below which another way of billing is not worth a change


class Proposal(msgspec.Struct, frozen=True):
    """What to change about a table, why, and by what evidence."""

    table: str
    kind: str
    advice: str
    evidence: dict[str, Any]


def _used(work: Work, _: str) -> str | None:
    """Propose what follows from the use of a week, as far as it is known; of each table the items, bytes and costs."""
    settings, tally, changed = load(StoreSettings), work.tally("tables"), work.tally("changes")
    if not settings.table_prefix:
        work.notes.append("there are no tables (TABLE_PREFIX)")
        return None
    this_hour = int(work.now.timestamp()) // 3600
    hours = shared_rollups().hours(this_hour - _HOURS, this_hour - 1)
    used = uses(Figures.together(hours.values()), max(1, 60 * len(hours)))
    described = _described(work, settings)
    tally.looked_at = len(described)
    units = {hour: _units(figures) for hour, figures in hours.items()}
    emulated = bool(settings.dynamodb_url or settings.endpoint_url)
    if not hours:
        work.notes.append("no figures of the last seven days are kept: of use, and so of costs, nothing is known")
    elif emulated:
        work.notes.append("the tables are an emulator's, which invents what calls consume: costs are not known")
    costs = {} if emulated or not hours else {each: _costs(each, units) for each in described}
    proposals = [
        *(_of_finding(each) for each in findings(used)),
        *(each for name, told in described.items() for each in _unused(name, told, used)),
        *_billing(described, costs),
    ]
    work.notes.append(
        f"{len(proposals)} proposals; changed: {changed.changed}, since each is a change of code or template"
    )
    work.facts |= {
        "hours_known": len(hours),
        "tables": {name: {**told._asdict(), "dollars_a_month": costs.get(name)} for name, told in described.items()},
        "prices": ListPrices().source,
        "proposals": [msgspec.structs.asdict(each) for each in proposals],
    }
    return None


def _described(work: Work, settings: StoreSettings) -> dict[str, Described]:
    """Every table that can be described; of another one the run says why not, and counts it as failed."""
    told: dict[str, Described] = {}
    descriptions = Descriptions(settings)
    for name in TABLES:
        if work.late():
            work.tally("tables").left = len(TABLES) - len(told)
            break
        try:
            told[name] = descriptions.of(name)
        except TableUnavailable as error:
            work.tally("tables").failed += 1
            work.notes.append(str(error))
    return told


def _of_finding(found: Any) -> Proposal:
    return Proposal(found.table, found.kind, found.advice, found.evidence)


def _unused(table: str, told: Described, used: Iterable[Use]) -> Iterator[Proposal]:
    """Indexes that nobody asked in a time in which the table was asked."""
    asked = [each.told for each in used if each.told.table == table]
    for index, size in told.indexes.items() if asked else ():
        if all(each.index != index for each in asked):
            advice = f"index {index} of {table} was not asked in the hours that are known; every write pays for it"
            yield Proposal(table, "unused_index", advice, {"index": index, "bytes": size})


def _units(figures: Figures) -> dict[str, Units]:
    """Capacity consumed in an hour by table; that of an index is among its table's."""
    told: dict[str, Units] = {}
    for (table, _, operation, _), sketch in by_labels(figures.sketches, DATABASE_CAPACITY.name):
        before = told.get(table, Units())
        writes = operation in _WRITES
        told[table] = Units(
            before.reads + (0 if writes else sketch.total), before.writes + (sketch.total if writes else 0)
        )
    return told


def _costs(table: str, units: Mapping[int, Mapping[str, Units]]) -> dict[str, Decimal]:
    hours = {hour: each.get(table, Units()) for hour, each in units.items()}
    prices = ListPrices()
    return {"on_demand": on_demand(hours, prices), "provisioned": provisioned(hours, prices)}


def _billing(described: Mapping[str, Described], costs: Mapping[str, Mapping[str, Decimal]]) -> Iterator[Proposal]:
    for table, told in costs.items():
        now, other = ("on_demand", "provisioned")
        if described[table].billing != "PAY_PER_REQUEST":
            now, other = other, now
        if told[now] - told[other] >= _WORTH:
            advice = (
                f"{table}: {other.replace('_', '-')} would cost {told[other]} instead of {told[now]} dollars a month"
            )
            yield Proposal(table, "billing", advice, dict(told))


STEPS: Final[Mapping[str, Step]] = {"tables": _used}
