"""Scores one address: locate, collect, score, remember."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from brightspot.cache import Cache, MemoryCache
from brightspot.core import codec
from brightspot.core.clock import Clock, SystemClock
from brightspot.core.ids import new_id
from brightspot.core.settings import load, setting
from brightspot.locations import assemble
from brightspot.locations.analysis import Analysis, Model, Performance
from brightspot.locations.collectors import Collected, Collector, Site, embedded_collectors, gather
from brightspot.locations.dataset import Dataset, shared_dataset
from brightspot.locations.gazetteer import Gazetteer
from brightspot.locations.history import History, MemoryHistory
from brightspot.locations.place import Place
from brightspot.locations.request import AnalyzeRequest
from brightspot.locations.scoring import Scorecard, score
from brightspot.resilience import Deadline

MODEL_ID = "brightspot-percentile"
MODEL_VERSION = "1"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """How long one analysis may take, and how long its answer is good for."""

    collect_seconds: float = setting(
        "ANALYSIS_COLLECT_SECONDS", 20.0, "seconds all collectors have together", least=0.1, most=25
    )
    cache_hours: float = setting(
        "ANALYSIS_CACHE_TTL_HOURS", 24.0, "hours an analysis is served again", least=0, most=720
    )


class AnalysisService:
    """Analyses addresses. Safe to share between threads."""

    def __init__(
        self,
        *,
        dataset: Dataset,
        gazetteer: Gazetteer,
        collectors: tuple[Collector, ...],
        history: History,
        cache: Cache,
        clock: Clock,
        settings: AnalysisSettings,
    ) -> None:
        self._dataset = dataset
        self._gazetteer = gazetteer
        self._collectors = collectors
        self._history = history
        self._cache = cache
        self._clock = clock
        self._settings = settings

    def analyze(self, request: AnalyzeRequest, deadline: Deadline | None = None) -> Analysis:
        """Score one address; the same question within the cache time gets the first answer, marked as cached.

        Raises AddressError when the address names no US place we know; nothing is stored then.
        """
        place = self._gazetteer.locate(request.address)
        key = self._key(request, place)
        if (kept := self._cache.get(key)) is not None:
            found = msgspec.json.decode(kept.value, type=Analysis)
            age = round(kept.age_seconds, 3)
            return msgspec.structs.replace(
                found, address=request.address.strip(), cached=True, cache_hit=True, cache_age_seconds=age
            )
        analysis = self._compute(
            request, place, deadline or Deadline.after(self._clock, self._settings.collect_seconds)
        )
        self._history.record(analysis)
        if all(timing.status == "ok" for timing in analysis.performance.collectors.values()):
            self._cache.set(key, codec.dumps(analysis), self._settings.cache_hours * 3600)
        return analysis

    def cache_state(self) -> dict[str, Any]:
        """Which cache serves analyses, and what it holds."""
        return {"backend": self._cache.backend, **self._cache.stats()}

    def history_state(self) -> dict[str, Any]:
        """Where analyses are remembered, and how many are."""
        return {"backend": self._history.backend, "analyses": self._history.count()}

    def _compute(self, request: AnalyzeRequest, place: Place, deadline: Deadline) -> Analysis:
        started = self._clock.monotonic()
        allowed = deadline.within(self._settings.collect_seconds)
        collected = gather(self._collectors, Site(place, request.radius_miles), allowed)
        scorecard = score(collected.observations, request.category_weights(), place.precision)
        analysis = self._assemble(request, place, collected, scorecard, started)
        _log.info(
            "analysis_completed",
            extra={
                "analysis_id": analysis.id,
                "execution": "parallel_execution_v3",
                "overall_score": analysis.overall_score,
                "data_points": analysis.data_points_collected,
                "ms": analysis.performance.total_ms,
            },
        )
        return analysis

    def _assemble(
        self, request: AnalyzeRequest, place: Place, collected: Collected, scorecard: Scorecard, started: float
    ) -> Analysis:
        now = self._clock.now()
        sources = self._dataset.sources
        elapsed = self._clock.monotonic() - started
        return Analysis(
            id=new_id(now),
            address=request.address.strip(),
            created_at=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            status="completed",
            persona="custom" if request.weights is not None else request.persona,
            radius_miles=request.radius_miles,
            execution_time_seconds=round(elapsed, 6),
            location=assemble.location(place),
            overall_score=scorecard.overall,
            confidence=scorecard.confidence,
            categories=assemble.categories(scorecard, collected.observations, sources),
            data_points_collected=sum(seen.value is not None for seen in collected.observations.values()),
            missing=assemble.missing(collected, scorecard),
            sources=assemble.sources_used(collected.observations, sources),
            model=Model(MODEL_ID, f"{MODEL_VERSION}+{self._dataset.version}", "reference"),
            performance=Performance(round(elapsed * 1000, 3), assemble.timings(self._collectors, collected)),
            cached=False,
            cache_hit=False,
        )

    def _key(self, request: AnalyzeRequest, place: Place) -> str:
        weights = sorted(request.category_weights().items())
        parts = [
            place.normal_form,
            request.radius_miles,
            request.persona,
            weights,
            MODEL_VERSION,
            self._dataset.version,
        ]
        return "analysis:" + sha256(codec.dumps(parts)).hexdigest()


@lru_cache(maxsize=1)
def service() -> AnalysisService:
    """The service of this process over the embedded dataset, wired from the environment."""
    dataset, clock = shared_dataset(), SystemClock()
    return AnalysisService(
        dataset=dataset,
        gazetteer=Gazetteer(dataset),
        collectors=embedded_collectors(dataset),
        history=MemoryHistory(),
        cache=MemoryCache(clock),
        clock=clock,
        settings=load(AnalysisSettings),
    )
