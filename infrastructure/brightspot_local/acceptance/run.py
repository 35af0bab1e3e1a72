"""Asks for every address, one after another, and judges the answers."""

import time
from collections.abc import Callable, Sequence

from brightspot.core.clock import Clock
from brightspot_local.acceptance.askers import Asker, Told
from brightspot_local.acceptance.sites import KINDS, Expected
from brightspot_local.acceptance.summary import Outcome, Summary, group


def run(
    asker: Asker, expected: Sequence[Expected], clock: Clock, advance: Callable[[int], None] = lambda _: None
) -> Summary:
    """What came of all of them; `advance` is called with 1 after each."""
    made_at, started = clock.now().isoformat(timespec="seconds"), time.perf_counter()
    outcomes, models = [], set()
    for each in expected:
        told = asker.ask(each.address)
        outcomes.append(judged(each, told))
        if told.analysis is not None:
            models.add(f"{told.analysis.model.id} {told.analysis.model.version}")
        advance(1)
    return Summary(
        made_at=made_at,
        where=asker.where,
        model=", ".join(sorted(models)),
        seconds=round(time.perf_counter() - started, 3),
        every=group(outcomes),
        kinds={kind: group(chosen) for kind in KINDS if (chosen := [each for each in outcomes if each.kind == kind])},
        sites=outcomes,
    )


def judged(expected: Expected, told: Told) -> Outcome:
    """A success has the expected state and ZIP, and a score where there are data to score by, and none elsewhere."""
    found = told.analysis
    reason = told.reason if found is None else None
    if found is not None:
        where = (found.location.state, found.location.zip)
        if where != (expected.state, expected.zip):
            reason = f"taken to be in {found.location.zip}, {found.location.state}"
        elif (found.overall_score is not None) != expected.scored:
            reason = "no score" if expected.scored else "a score without data"
    return Outcome(
        kind=expected.kind,
        place=expected.place,
        address=expected.address,
        succeeded=reason is None and found is not None,
        reason=reason,
        overall_score=None if found is None else found.overall_score,
        confidence=None if found is None else found.confidence,
        ms=round(told.ms, 3),
        cached=found is not None and found.cached,
    )
