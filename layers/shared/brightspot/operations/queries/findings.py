"""What speaks against the way that tables are used, each found by its own rule; clean use has no findings."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

import msgspec

from brightspot.operations.queries.use import Use

Kind = Literal["scan", "wasteful_filter", "missing_index", "n_plus_one", "hot_key", "oversized_item"]
Severity = Literal["high", "medium"]
Evidence = Mapping[str, int | float | str]

_MUCH_READ: Final = 1000  # items: from here on it costs
_ENOUGH_READ: Final = 100  # items, before a share is judged
_FEW_RETURNED: Final = 0.2
_MANY_QUESTIONS: Final = 50.0  # of one request
_LARGE_BYTES: Final = 200_000
_THROTTLED: Final = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}
_RANKS: Final[Mapping[Severity, int]] = {"high": 0, "medium": 1}


class Finding(msgspec.Struct, frozen=True):
    """One thing to mend: in which access pattern, by what `evidence`, and what to do (`advice`)."""

    kind: Kind
    severity: Severity
    pattern: str
    table: str
    index: str | None
    operation: str
    evidence: dict[str, int | float | str]
    advice: str


def findings(uses: Iterable[Use]) -> list[Finding]:
    """What is found, the grave first."""
    found = [each for use in uses for rule in _RULES for each in rule(use)]
    return sorted(found, key=lambda each: (_RANKS[each.severity], each.table, each.pattern, each.kind))


def _finding(use: Use, kind: Kind, evidence: Evidence, advice: str, *, grave: bool) -> Finding:
    told = use.told
    severity: Severity = "high" if grave else "medium"
    text = f"{told.pattern!r} ({told.operation} of {told.index or told.table}): {advice}"
    return Finding(kind, severity, told.pattern, told.table, told.index, told.operation, {**evidence}, text)


def _scan(use: Use) -> Iterator[Finding]:
    told = use.told
    if told.operation == "Scan":
        evidence = {"calls": told.calls, "items_scanned": told.items_scanned, "items_returned": told.items_returned}
        advice = (
            f"reads the whole table, {told.items_scanned:,} items in {told.calls:,} calls; ask by a key or an index"
        )
        yield _finding(use, "scan", evidence, advice, grave=told.items_scanned >= _MUCH_READ)


def _wasteful_filter(use: Use) -> Iterator[Finding]:
    told = use.told
    if use.filters and _throws_away(use):
        by = ", ".join(sorted(attribute for attribute, _ in use.filters))
        evidence: Evidence = {
            "items_scanned": told.items_scanned,
            "items_returned": told.items_returned,
            "filtered_by": by,
        }
        gone = f"{told.items_scanned - told.items_returned:,} of {told.items_scanned:,} items"
        advice = f"pays for {gone} that its filter by {by} throws away; have them left out by a key"
        yield _finding(use, "wasteful_filter", evidence, advice, grave=told.items_scanned >= _MUCH_READ)


def _missing_index(use: Use) -> Iterator[Finding]:
    told = use.told
    if told.operation != "Scan" and not _throws_away(use):
        return
    for (attribute, indexed), calls in use.filters.items():
        evidence: Evidence = {"calls": calls, "attribute": attribute, "items_scanned": told.items_scanned}
        todo = f"ask the index {indexed}, whose key it is" if indexed else "make an index with it as partition key"
        advice = f"looks for {attribute} among {told.items_scanned:,} items by a filter; {todo}"
        yield _finding(use, "missing_index", evidence, advice, grave=told.items_scanned >= _MUCH_READ)


def _n_plus_one(use: Use) -> Iterator[Finding]:
    requests, calls = use.signs.get("repeating_requests", 0), use.signs.get("repeated_calls", 0)
    if requests:
        each = round(calls / requests, 1)
        evidence = {"requests": requests, "calls": calls, "calls_per_request": each}
        advice = (
            f"{requests:,} requests asked it {each:,g} times each; ask once, by BatchGetItem (100 keys) or one Query"
        )
        yield _finding(use, "n_plus_one", evidence, advice, grave=each >= _MANY_QUESTIONS)


def _hot_key(use: Use) -> Iterator[Finding]:
    calls = use.signs.get("hot_key", 0)
    if calls:
        throttled = sum(number for code, number in use.told.refusals.items() if code in _THROTTLED)
        evidence = {"calls": use.told.calls, "calls_of_hot_keys": calls, "throttled": throttled}
        advice = (
            f"{calls:,} times it asked for a partition key that took a fifth of the table's calls of a minute or more; "
            "answer it from a cache, or spread it over shards; the log names the requests (database_key_hot)"
        )
        yield _finding(use, "hot_key", evidence, advice, grave=throttled > 0)


def _oversized_item(use: Use) -> Iterator[Finding]:
    calls, sizes, capacity = use.signs.get("oversized", 0), use.told.item_sizes, use.told.capacity
    if calls:
        evidence: Evidence = {"calls": calls}
        if sizes is not None:
            evidence = {**evidence, "largest_bytes": sizes.largest_bytes}
        if capacity is not None:
            evidence = {**evidence, "units_per_call": capacity.units_per_call}
        large = f"up to {sizes.largest_bytes:,} bytes" if sizes is not None else "by what they cost"
        advice = (
            f"{calls:,} calls had items larger than is meant, {large}; each 4 KB cost a unit to read, and each KB one "
            "to write: compress them, split them, or keep what is large elsewhere"
        )
        yield _finding(
            use, "oversized_item", evidence, advice, grave=sizes is not None and sizes.largest_bytes > _LARGE_BYTES
        )


def _throws_away(use: Use) -> bool:
    share = use.told.returned_share
    return share is not None and use.told.items_scanned >= _ENOUGH_READ and share < _FEW_RETURNED


_RULES: Final = (_scan, _wasteful_filter, _missing_index, _n_plus_one, _hot_key, _oversized_item)
