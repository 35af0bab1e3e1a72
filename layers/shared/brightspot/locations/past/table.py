"""The table of analyses: key `id`, and three indexes in order of time that hold the summary only.

An index's sort key is `id`, which sorts by time and is unique. Lists that every write would go to are spread over
fixed shards by a hash of the id, since one partition takes 1,000 writes a second; 8 shards take about 8,000.
Each list is one tenant's: its key begins with the tenant, so nobody reads past another's rows. A fourth index has only
the ids of what belongs to tenants, for the cleanup, which knows none of them.
Loads pynamodb: imported when the table is first used.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from zlib import crc32

import msgspec
from pynamodb.attributes import BinaryAttribute, MapAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from brightspot.locations.past.paging import Stretch
from brightspot.locations.past.shapes import Listed, PastAnalysis, Record, Scores
from brightspot.security import SHARED_TENANT

AGGREGATE: Final = "analyses"
SHARDS: Final = 8
_IDS_A_QUERY: Final = 500  # about 200 kB of the index: one answer comes well within a call's time
SUMMARY: Final = [
    "address", "persona", "status", "created_at", "lat", "lon", "scores", "data_points_collected",
    "execution_time_seconds", "expires_at",
]  # fmt: skip


class _ByPlace(GlobalSecondaryIndex["AnalysisRow"]):
    class Meta:
        index_name = "by-place"
        projection = IncludeProjection(SUMMARY)

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class _Recent(GlobalSecondaryIndex["AnalysisRow"]):
    class Meta:
        index_name = "recent"
        projection = IncludeProjection(SUMMARY)

    recent_shard = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class _ByPersona(GlobalSecondaryIndex["AnalysisRow"]):
    class Meta:
        index_name = "by-persona"
        projection = IncludeProjection(SUMMARY)

    persona_shard = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class _OfTenants(GlobalSecondaryIndex["AnalysisRow"]):
    class Meta:
        index_name = "of-tenants"
        projection = KeysOnlyProjection()

    tenants_shard = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class AnalysisRow(Model):
    """One analysis. `place`, `recent_shard` and `persona_shard` are as `partition` makes them."""

    id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute()
    address = UnicodeAttribute()
    persona = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = UnicodeAttribute()
    lat = NumberAttribute()
    lon = NumberAttribute()
    scores: MapAttribute[str, float] = MapAttribute()
    data_points_collected = NumberAttribute()
    execution_time_seconds = NumberAttribute()
    expires_at = TTLAttribute()
    recent_shard = UnicodeAttribute()
    persona_shard = UnicodeAttribute()
    body = BinaryAttribute(legacy_encoding=False, null=True)
    reason = UnicodeAttribute(null=True)
    tenant = UnicodeAttribute(null=True)
    tenants_shard = UnicodeAttribute(null=True)

    by_place = _ByPlace()
    recent = _Recent()
    by_persona = _ByPersona()
    of_tenants = _OfTenants()


def partition(tenant: str, key: str) -> str:
    """Under which key an index has a list of a tenant's. No list of the shared tenant begins with a small `tenant/`."""
    return key if tenant == SHARED_TENANT else f"tenant/{tenant}/{key}"


def row_of(table: type[AnalysisRow], record: Record) -> AnalysisRow:
    """A record as a row of the bound table."""
    shard = crc32(record.id.encode()) % SHARDS
    given = msgspec.structs.asdict(record)
    given |= {
        "scores": msgspec.structs.asdict(record.scores),
        "expires_at": datetime.fromtimestamp(record.expires_at, UTC),
        "place": partition(record.tenant, record.place),
        "recent_shard": partition(record.tenant, f"recent#{shard}"),
        "persona_shard": partition(record.tenant, f"{record.persona}#{shard}"),
    }
    if record.tenant == SHARED_TENANT:
        del given["tenant"]
    else:
        given["tenants_shard"] = f"tenants#{shard}"
    return table(**given)


def streams(
    table: type[AnalysisRow], within: Stretch, *, tenant: str, place: str | None, persona: str | None, read_ahead: int
) -> dict[str, Iterator[Listed]]:
    """A tenant's lists that hold the wanted rows, each newest first, by its key: one per place, else one per shard.

    None is read before its first row is taken; one query of a list reads `read_ahead` rows.
    """
    if place is not None:
        index, keys = "by-place", [place]
    elif persona is not None:
        index, keys = "by-persona", [f"{persona}#{shard}" for shard in range(SHARDS)]
    else:
        index, keys = "recent", [f"recent#{shard}" for shard in range(SHARDS)]
    keys = [partition(tenant, key) for key in keys]
    condition = _condition(table, within)
    return {
        key: map(
            _listed,
            table.query(key, condition, index_name=index, scan_index_forward=False, page_size=read_ahead),
        )
        for key in keys
    }


def ids_before(table: type[AnalysisRow], end: str) -> Iterator[str]:
    """The ids below `end` of all tenants, shard by shard, the oldest of each first. Reads on while they are taken."""
    for index, name in (("recent", "recent"), ("of-tenants", "tenants")):
        for shard in range(SHARDS):
            rows = table.query(
                f"{name}#{shard}",
                table.id < end,
                index_name=index,
                attributes_to_get=["id"],
                page_size=_IDS_A_QUERY,
            )
            yield from (row.id for row in rows)


def _condition(table: type[AnalysisRow], within: Stretch) -> Condition | None:
    """`between` includes its upper end, which pages leave out."""
    if within.first is not None and within.end is not None:
        return table.id.between(within.first, within.end)
    if within.end is not None:
        return table.id < within.end
    return None if within.first is None else table.id >= within.first


def _listed(row: AnalysisRow) -> Listed:
    status: Any = row.status  # one of the two that were written
    past = PastAnalysis(row.id, row.address, Scores(**row.scores.as_dict()), row.persona, row.created_at, status)
    return Listed(past, int(row.expires_at.timestamp()))
