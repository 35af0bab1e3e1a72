"""Copies of what a source told: served while fresh, and kept longer for when the source fails."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from brightspot.cache import Since, TieredCache
from brightspot.core import codec
from brightspot.locations.collectors.live.settings import SourceSettings
from brightspot.locations.collectors.live.source import LiveSource, Request

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Copy:
    """What was told `age_seconds` ago."""

    value: Any
    age_seconds: float
    fresh: bool


class Copies:
    """The copies of one source, in its own namespace. An outage of the store is a miss."""

    def __init__(self, source: LiveSource[Any], settings: SourceSettings, cache: TieredCache) -> None:
        self._source = source
        self._settings = settings
        self._cache = cache
        self._namespace = source.facts.namespace

    def key_of(self, request: Request) -> str:
        """The same for every site that asks the same of the same service."""
        asked = [self._settings.url, request.method, request.path, request.query, request.form, request.json]
        return sha256(codec.dumps(asked)).hexdigest()

    def find(self, key: str) -> tuple[Copy | None, Since | None]:
        """A copy, fresh or stale, and what keeping a new one must tell."""
        hit, since = self._cache.get(self._namespace, key)
        if hit is None:
            return None, since
        try:
            value = msgspec.json.decode(hit.value, type=self._source.kept)
        except msgspec.MsgspecError:  # written by a version that kept something else
            return None, since
        return Copy(value, hit.age_seconds, hit.age_seconds <= self._settings.fresh_hours * _HOUR), since

    def keep(self, key: str, value: Any, since: Since | None) -> None:
        """Keep what the source told just now."""
        hours = self._settings.fresh_hours + self._source.facts.stale_hours
        if self._settings.fresh_hours > 0:
            self._cache.put(self._namespace, key, codec.dumps(value), hours * _HOUR, since=since)
