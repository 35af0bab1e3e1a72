"""Scores one address: locate, collect, score, remember."""

import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, Any

from brightspot.core.clock import Clock, SystemClock, rfc3339_ms
from brightspot.core.ids import new_id
from brightspot.core.settings import load, setting
from brightspot.core.snapshots import before_snapshot
from brightspot.locations.analysis import Analysis, Model
from brightspot.locations.collectors.bounds import Bounds
from brightspot.locations.collectors.embedded import embedded_collectors
from brightspot.locations.collectors.evidence import collect
from brightspot.locations.collectors.gather import Collected
from brightspot.locations.collectors.seam import Collector, Site
from brightspot.locations.collectors.states import states_for
from brightspot.locations.dataset.file import Dataset, shared_dataset
from brightspot.locations.gazetteer.locate import Gazetteer, shared_gazetteer
from brightspot.locations.model import MODEL_ID, MODEL_VARIANT, live_sources, model_version
from brightspot.locations.past.backend import history
from brightspot.locations.past.seam import History
from brightspot.locations.past.shapes import FailedAnalysis
from brightspot.locations.place import Place
from brightspot.locations.request import AnalyzeRequest
from brightspot.locations.scoring import assemble
from brightspot.locations.scoring.score import Scorecard, score
from brightspot.resilience import Breakers, Deadline, shared_breakers
from brightspot.security import SHARED_TENANT
from brightspot.telemetry import (
    ANALYSES,
    COLLECTIONS,
    COLLECTOR_SECONDS,
    OVERALL_SCORES,
    count,
    monitor_performance,
    observe,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brightspot.locations.collectors.live.registry import LiveSources
    from brightspot.locations.collectors.live.told import Told

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """How long one analysis may take."""

    collect_seconds: float = setting(
        "ANALYSIS_COLLECT_SECONDS", 20.0, "seconds all collectors have together", least=0.1, most=25
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
        breakers: Breakers,
        clock: Clock,
        settings: AnalysisSettings,
        live: "LiveSources | None" = None,
    ) -> None:
        self._dataset = dataset
        self._gazetteer = gazetteer
        self._collectors = collectors
        self._history = history
        self._breakers = breakers
        self._clock = clock
        self._settings = settings
        self._live = live

    @monitor_performance("analyze")
    def analyze(
        self,
        request: AnalyzeRequest,
        deadline: Deadline | None = None,
        *,
        tenant: str = SHARED_TENANT,
        analysis_id: str | None = None,
        recorded: bool = True,
    ) -> Analysis:
        """Score one address for a tenant, anew: whether an earlier answer will do is for `Answers` to say.

        With an `analysis_id` given, doing it twice is remembered once; not `recorded`, it is not remembered at all.
        Raises AddressError when the address names no US place we know; nothing is stored then.
        """
        place = self._gazetteer.locate(request.address)
        started = self._clock.monotonic()
        try:
            allowed = deadline or Deadline.after(self._clock, self._settings.collect_seconds)
            analysis = self._compute(request, place, allowed, analysis_id)
        except Exception as error:
            count(ANALYSES, outcome="failed")
            if recorded:
                self._history.record_failed(self._failed(request, place, started, error), tenant)
            raise
        count(ANALYSES, outcome="completed")
        if analysis.overall_score is not None:
            observe(OVERALL_SCORES, analysis.overall_score)
        for name, each in analysis.performance.collectors.items():
            observe(COLLECTOR_SECONDS, each.ms / 1000, collector=name)
            count(COLLECTIONS, collector=name, status=each.status)
        if recorded:
            self._history.record(analysis, place.normal_form, tenant)
        return analysis

    def _failed(self, request: AnalyzeRequest, place: Place, started: float, error: Exception) -> FailedAnalysis:
        now = self._clock.now()
        return FailedAnalysis(
            id=new_id(now),
            address=request.address.strip(),
            place=place,
            persona=request.persona_told,
            created_at=now,
            execution_time_seconds=round(self._clock.monotonic() - started, 6),
            reason=type(error).__name__,
        )

    @property
    def model(self) -> Model:
        """The scorer and the data it scores by."""
        return Model(MODEL_ID, model_version(self._dataset.version), MODEL_VARIANT)

    @property
    def fresh_hours(self) -> float:
        """How long an analysis stays as good as anew: as its live sources say, else for ever."""
        return inf if self._live is None else self._live.fresh_hours

    def history_state(self) -> dict[str, Any]:
        """Where analyses are remembered, and how many are."""
        return {"backend": self._history.backend, "analyses": self._history.count()}

    def _compute(self, request: AnalyzeRequest, place: Place, deadline: Deadline, analysis_id: str | None) -> Analysis:
        started = self._clock.monotonic()
        place, collected = self._evidence(place, request.radius_miles, deadline)
        scorecard = score(collected.observations, request.category_weights(), place.precision)
        analysis = self._assemble(request, place, collected, scorecard, started, analysis_id=analysis_id)
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

    def _evidence(self, place: Place, radius_miles: float, deadline: Deadline) -> tuple[Place, Collected]:
        """What is known about the site, and the place as precisely as live sources know it."""
        bounds = Bounds(deadline, self._breakers, states_for(self._breakers))
        geocoded: Mapping[str, Told] = {}
        if self._live is not None:
            from brightspot.locations.pinpoint import pinpointed  # noqa: PLC0415  # only live sources need it

            place, geocoded = pinpointed(place, self._live, self._gazetteer, bounds)
        allowed = bounds.within(self._settings.collect_seconds)
        collected = collect(self._collectors, self._live, Site(place, radius_miles), allowed)
        return place, replace(collected, live={**geocoded, **collected.live})

    def _assemble(
        self,
        request: AnalyzeRequest,
        place: Place,
        collected: Collected,
        scorecard: Scorecard,
        started: float,
        *,
        analysis_id: str | None,
    ) -> Analysis:
        now = self._clock.now()
        sources = self._dataset.sources | (self._live.credits if self._live is not None else {})
        elapsed = self._clock.monotonic() - started
        return Analysis(
            id=analysis_id or new_id(now),
            address=request.address.strip(),
            created_at=rfc3339_ms(now),
            status="completed",
            persona=request.persona_told,
            radius_miles=request.radius_miles,
            execution_time_seconds=round(elapsed, 6),
            location=assemble.location(place),
            overall_score=scorecard.overall,
            confidence=scorecard.confidence,
            categories=assemble.categories(scorecard, collected.observations, sources),
            data_points_collected=sum(seen.value is not None for seen in collected.observations.values()),
            missing=assemble.missing(collected, scorecard),
            sources=assemble.sources_used(collected.observations, sources),
            model=self.model,
            performance=assemble.performance(elapsed, collected),
            cached=False,
            cache_hit=False,
        )


@before_snapshot
@lru_cache(maxsize=1)
def service() -> AnalysisService:
    """The service of this process over the embedded dataset, wired from the environment."""
    dataset, clock = shared_dataset(), SystemClock()
    return AnalysisService(
        dataset=dataset,
        gazetteer=shared_gazetteer(),
        collectors=embedded_collectors(dataset),
        history=history(),
        breakers=shared_breakers(),
        clock=clock,
        settings=load(AnalysisSettings),
        live=_live(dataset),
    )


def _live(dataset: Dataset) -> "LiveSources | None":
    if not live_sources():
        return None
    from brightspot.locations.collectors.live.registry import live  # noqa: PLC0415  # off, it costs nothing

    return live(dataset)
