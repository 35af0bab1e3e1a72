"""Compares sites: analyses each once, by the cache where it can, and ranks them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.errors import InputRefused
from brightspot.locations.addresses.errors import AddressError, shortened
from brightspot.locations.analysis import Analysis, Model, decode
from brightspot.locations.analysis_service import service
from brightspot.locations.answers import Answers, shared_answers
from brightspot.locations.comparison.ranking import drivers, in_order, ranked
from brightspot.locations.comparison.request import LEAST_COMPARED, CompareRequest
from brightspot.locations.comparison.sensitivity import sensitivity
from brightspot.locations.comparison.shapes import Comparison, Duplicate, NotCompared, Unranked
from brightspot.locations.gazetteer.locate import Gazetteer, shared_gazetteer
from brightspot.locations.request import RequestRefused
from brightspot.resilience import Deadline, Outcome, run_all
from brightspot.security import SHARED_TENANT

_SECONDS = 25.0
_SPARE_SECONDS = 1.5  # for scoring and remembering what the collectors found, once their time is up,
_MOST_SPARED = 0.25  # but no more than this part of what is left
_LONGEST_ECHO = 200


@dataclass(frozen=True, slots=True)
class _Sites:
    """The distinct places by normal form, with the address that named each first, and what became of the others."""

    addresses: dict[str, str]
    duplicates: list[Duplicate]
    errors: list[NotCompared]


class Comparer:
    """Compares sites. Safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer, answers: Answers, model: Model, clock: Clock) -> None:
        self._gazetteer = gazetteer
        self._answers = answers
        self._model = model
        self._clock = clock

    def compare(
        self, request: CompareRequest, deadline: Deadline | None = None, *, tenant: str = SHARED_TENANT
    ) -> Comparison:
        """Analyse and rank. What the cache has is not analysed again; what is analysed is remembered in the history.

        Raises RequestRefused when fewer than two different places can be located; nothing is analysed then.
        """
        sites = self._located(request)
        outcomes = self._analyzed(request, sites, deadline or Deadline.after(self._clock, _SECONDS), tenant)
        analyses = [decode(each.value) for each in outcomes.values() if each.value is not None]
        order = in_order(analyses)
        weights = request.of("").category_weights()
        return Comparison(
            persona=request.of("").persona_told,
            weights=weights,
            radius_miles=request.radius_miles,
            model=self._model,
            ranked=ranked(order),
            drivers=drivers(order),
            sensitivity=sensitivity(order, weights),
            unranked=[_unranked(each) for each in analyses if each.overall_score is None],
            duplicates=sites.duplicates,
            errors=sorted([*sites.errors, *_late(request, sites, outcomes)], key=lambda each: each.index),
        )

    def _located(self, request: CompareRequest) -> _Sites:
        sites = _Sites({}, [], [])
        for index, address in enumerate(request.addresses):
            echo = shortened(address, _LONGEST_ECHO)
            try:
                form = self._gazetteer.locate(address).normal_form
            except AddressError as error:
                sites.errors.append(NotCompared(index, echo, error.title, error.detail, error.understood))
                continue
            if form in sites.addresses:
                sites.duplicates.append(Duplicate(index, echo, shortened(sites.addresses[form], _LONGEST_ECHO)))
            else:
                sites.addresses[form] = address
        if len(sites.addresses) < LEAST_COMPARED:
            raise _too_few(sites)
        return sites

    def _analyzed(
        self, request: CompareRequest, sites: _Sites, deadline: Deadline, tenant: str
    ) -> Mapping[str, Outcome[bytes]]:
        """All at once; what fails for another reason than time fails the comparison, as it would the analysis."""
        left = deadline.remaining()
        collecting = deadline.within(left - min(_SPARE_SECONDS, _MOST_SPARED * left))
        jobs = {
            form: partial(self._answers.answer, request.of(address), collecting, tenant=tenant)
            for form, address in sites.addresses.items()
        }
        outcomes = run_all(jobs, deadline)
        for outcome in outcomes.values():
            if outcome.error is not None:
                raise outcome.error
        return outcomes


def _too_few(sites: _Sites) -> InputRefused:
    """Names each address that cannot be compared, and why."""
    told = [f"{each.address!r}: {each.reason}" for each in sites.errors]
    told += [f"{each.address!r} is the same place as {each.same_as!r}" for each in sites.duplicates]
    return RequestRefused("addresses", f"send at least {LEAST_COMPARED} different places. {'; '.join(told)}")


def _late(request: CompareRequest, sites: _Sites, outcomes: Mapping[str, Outcome[bytes]]) -> list[NotCompared]:
    named = sites.addresses
    advice = "its analysis was not ready in time; send the request again"
    return [
        NotCompared(
            request.addresses.index(named[form]), shortened(named[form], _LONGEST_ECHO), "Not analysed in time", advice
        )
        for form, outcome in outcomes.items()
        if outcome.status == "timeout"
    ]


def _unranked(found: Analysis) -> Unranked:
    reason = next(each.reason for each in found.missing if each.category == "overall")
    return Unranked(found.address, found.id, found.location, reason)


def compare_sites(request: CompareRequest, deadline: Deadline, tenant: str = SHARED_TENANT) -> Comparison:
    """Compare with what this process is wired to."""
    model = service().model
    return Comparer(shared_gazetteer(), shared_answers(), model, SystemClock()).compare(
        request, deadline, tenant=tenant
    )
