"""Scores one address: locate, collect, score, remember."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.ids import new_id
from brightspot.core.settings import load, setting
from brightspot.locations import assemble
from brightspot.locations.analysis import Analysis, Model, Performance
from brightspot.locations.collectors import Collected, Collector, Site, embedded_collectors, gather
from brightspot.locations.dataset import Dataset, shared_dataset
from brightspot.locations.gazetteer import Gazetteer, shared_gazetteer
from brightspot.locations.guarded import guarded, report
from brightspot.locations.history_backend import history
from brightspot.locations.history_seam import History
from brightspot.locations.history_shapes import FailedAnalysis
from brightspot.locations.model import MODEL_ID, MODEL_VARIANT, model_version
from brightspot.locations.place import Place
from brightspot.locations.request import AnalyzeRequest
from brightspot.locations.scoring import Scorecard, score
from brightspot.resilience import Breakers, Deadline, shared_breakers

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
    ) -> None:
        self._dataset = dataset
        self._gazetteer = gazetteer
        self._collectors = collectors
        self._history = history
        self._breakers = breakers
        self._clock = clock
        self._settings = settings

    def analyze(self, request: AnalyzeRequest, deadline: Deadline | None = None) -> Analysis:
        """Score one address, anew: whether an earlier answer will do is for `Answers` to say.

        Raises AddressError when the address names no US place we know; nothing is stored then.
        """
        place = self._gazetteer.locate(request.address)
        started = self._clock.monotonic()
        try:
            allowed = deadline or Deadline.after(self._clock, self._settings.collect_seconds)
            analysis = self._compute(request, place, allowed)
        except Exception as error:
            self._history.record_failed(self._failed(request, place, started, error))
            raise
        self._history.record(analysis, place.normal_form)
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

    def history_state(self) -> dict[str, Any]:
        """Where analyses are remembered, and how many are."""
        return {"backend": self._history.backend, "analyses": self._history.count()}

    def _compute(self, request: AnalyzeRequest, place: Place, deadline: Deadline) -> Analysis:
        started = self._clock.monotonic()
        allowed = deadline.within(self._settings.collect_seconds)
        collectors = guarded(self._collectors, self._breakers)
        collected = gather(collectors, Site(place, request.radius_miles), allowed)
        report(self._breakers, collected.outcomes)
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
            performance=Performance(round(elapsed * 1000, 3), assemble.timings(self._collectors, collected)),
            cached=False,
            cache_hit=False,
        )


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
    )
