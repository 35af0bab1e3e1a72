"""How the tables are used lately, access pattern by access pattern: times, capacity, what was slow, what to mend."""

from typing import Final, Literal

import msgspec

from brightspot.core.clock import rfc3339_ms
from brightspot.core.settings import load
from brightspot.operations.performance import DEFAULT_SUMMARY_MINUTES
from brightspot.operations.queries.findings import Finding, findings
from brightspot.operations.queries.use import PatternUse, Use, named, uses
from brightspot.store import StoreSettings
from brightspot.store.access.recording import SLOW_QUERIES, SLOW_QUERY_MS
from brightspot.telemetry import METRICS, Ledger, shared_ledger

MOST_DATABASE_MINUTES: Final = 120


class SlowQuery(msgspec.Struct, frozen=True):
    """One call that took 100 ms or longer; `request_id` is that of the request that made it, null outside of any."""

    pattern: str
    table: str
    index: str | None
    operation: str
    milliseconds: float
    at: str
    items_scanned: int
    items_returned: int
    request_id: str | None


class DatabasePerformance(msgspec.Struct, frozen=True):
    """Of all instances, or of the process that answers when there is no shared store (`scope`).

    `capacity_source` says whose the capacity figures are; where there are none it is null and `capacity_missing` says
    why. `slow` are the last 100 slow calls, whenever they were. `recommendations` are the findings' advice.
    """

    scope: Literal["all instances", "this process"]
    minutes: int
    patterns: list[PatternUse]
    capacity_source: Literal["DynamoDB"] | None
    capacity_missing: str | None
    slow_threshold_ms: int
    slow: list[SlowQuery]
    findings: list[Finding]
    recommendations: list[str]


def database_performance(minutes: int = DEFAULT_SUMMARY_MINUTES, ledger: Ledger | None = None) -> DatabasePerformance:
    """The last minutes, the running one included. Raises StoreUnavailable."""
    ledger = ledger or shared_ledger()
    used = uses(ledger.lately(METRICS, minutes), minutes)
    found = findings(used)
    missing = _capacity_missing(used)
    return DatabasePerformance(
        scope="all instances" if ledger.shared else "this process",
        minutes=minutes,
        patterns=[each.told for each in used],
        capacity_source=None if missing else "DynamoDB",
        capacity_missing=missing,
        slow_threshold_ms=SLOW_QUERY_MS,
        slow=[_slow(*each) for each in ledger.slowest(SLOW_QUERIES)],
        findings=found,
        recommendations=[each.advice for each in found],
    )


def _capacity_missing(used: list[Use]) -> str | None:
    """Why no capacity is known; None when some is."""
    if any(each.told.capacity is not None for each in used):
        return None
    settings = load(StoreSettings)
    if not settings.table_prefix:
        return "there are no tables"
    if settings.dynamodb_url or settings.endpoint_url:
        return "the tables are an emulator's, which invents what calls consume"
    return "no call that consumes capacity was made in these minutes"


def _slow(told: str, milliseconds: float, at: float) -> SlowQuery:
    table, index, operation, pattern, scanned, returned, request_id = told.split("\x1f")
    when = rfc3339_ms(at)
    read = (int(scanned), int(returned))
    return SlowQuery(pattern, table, named(index), operation, milliseconds, when, *read, request_id or None)
