"""The mass runs of this process: what a state of theirs asks for is done over the bucket that the environment names."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.locations.analysis_service import service
from brightspot.locations.mass.batch import BatchScorer
from brightspot.locations.mass.run import RunEnds
from brightspot.locations.mass.settings import MassSettings
from brightspot.locations.mass.shapes import Asked, Batch, Begun
from brightspot.resilience import Deadline
from brightspot.store import Bucket, StoreSettings


class _Begin(msgspec.Struct, frozen=True):
    begin: Asked
    run: str
    started_at: str


class _Details(msgspec.Struct, frozen=True):
    key: str = msgspec.field(name="Key")


class _MapDone(msgspec.Struct, frozen=True):
    """What the map state is left with: where its manifest is."""

    details: _Details = msgspec.field(name="ResultWriterDetails")


class _Finish(msgspec.Struct, frozen=True):
    finish: Begun
    map: _MapDone


def mass_step(event: Mapping[str, Any], deadline: Deadline) -> Any:
    """What one state of a mass run asks for, as plain JSON: `begin`, `finish`, or the `Items` of a batch.

    Raises msgspec.ValidationError for an event of no such shape, and what the three raise.
    """
    if "begin" in event:
        asked = msgspec.convert(event, _Begin)
        done: Any = _ends().begin(asked.begin, asked.run, asked.started_at)
    elif "finish" in event:
        begun = msgspec.convert(event, _Finish)
        done = _ends().finish(begun.finish, begun.map.details.key)
    else:
        done = _scorer().score(msgspec.convert(event, Batch), deadline)
    return msgspec.to_builtins(done)


@before_snapshot
def _prepare() -> None:
    if load(MassSettings).bucket:
        _scorer()


@lru_cache(maxsize=1)
def _ends() -> RunEnds:
    return RunEnds(_bucket(), load(MassSettings))


@lru_cache(maxsize=1)
def _scorer() -> BatchScorer:
    return BatchScorer(service(), _bucket())


@lru_cache(maxsize=1)
def _bucket() -> Bucket:
    name = load(MassSettings).bucket
    if not name:
        raise SettingsError("BULK_BUCKET is not set: there are no mass runs")
    return Bucket(name, load(StoreSettings))
