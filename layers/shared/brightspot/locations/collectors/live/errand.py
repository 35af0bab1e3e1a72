"""Asking one live source about one site, on a thread of its own: copy, breaker, provider's limit, call, and again."""

import logging
import threading
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import replace
from math import isfinite
from time import perf_counter
from typing import Any

from brightspot.locations.collectors.bounds import Bounds
from brightspot.locations.collectors.live.copies import Copy
from brightspot.locations.collectors.live.errors import QuotaUsedUp, SourceFailed, SourceSilent
from brightspot.locations.collectors.live.line import Asking, Line
from brightspot.locations.collectors.live.source import Found
from brightspot.locations.collectors.live.told import Told, Way
from brightspot.locations.collectors.seam import Site
from brightspot.resilience import CircuitOpenError, Result
from brightspot.telemetry import UPSTREAM_CALLS, UPSTREAM_SECONDS, count, observe, span

_log = logging.getLogger(__name__)


class Errand:
    """One source, one site, one analysis. `told` waits for the end and may be called by several threads."""

    def __init__(self, line: Line, site: Site, bounds: Bounds) -> None:
        self._line = line
        self._site = site
        self._bounds = bounds
        self._deadline = bounds.deadline.within(line.settings.timeout_seconds)
        self._started = perf_counter()
        self._copy: Copy | None = None
        self._calling = False
        self._told: Told | None = None
        self._done = threading.Event()
        self._settling = threading.Lock()

    def start(self) -> None:
        """Set out. The thread is a daemon: one that hangs where no timeout reaches is left behind."""
        name = f"live-{self._line.source.facts.id}"
        threading.Thread(target=copy_context().run, args=(self._run,), name=name, daemon=True).start()

    def told(self) -> Told:
        """What came of it, at the latest when its time is over."""
        self._done.wait(self._deadline.remaining())
        with self._settling:
            if self._told is None:
                called: Result | None = "timeout" if self._calling else None
                self._told = self._instead("it did not answer in time", called)
                _tell(self._told)
            return self._told

    def _run(self) -> None:
        try:
            with span(f"live source {self._line.source.facts.id}"):
                told = self._ask()
        except SourceSilent as silent:
            told = self._came("silent", reason=str(silent), called="ok" if self._calling else None)
        except QuotaUsedUp as held_back:
            told = self._instead(str(held_back), "cancelled" if self._calling else None)
        except SourceFailed as failed:
            told = self._instead(str(failed), "failed" if self._calling else None)
        except CircuitOpenError as error:
            told = self._instead(str(error), None)
        except Exception as error:  # noqa: BLE001  # whatever happens to a source, the embedded data stand
            _log.exception("live_source_defect", extra={"source": self._line.source.facts.id})
            told = self._instead(f"it could not be read ({type(error).__name__})", "failed" if self._calling else None)
        with self._settling:
            if self._told is None:
                self._told = told
                _tell(told)
        self._done.set()

    def _ask(self) -> Told:
        line = self._line
        if line.source.facts.needs_key and not line.settings.key:
            raise SourceSilent(f"{line.source.facts.variable}_KEY is not set")
        request = line.source.query(self._site)
        key = line.copies.key_of(request)
        self._copy, since = line.copies.find(key)
        if self._copy is not None and self._copy.fresh:
            return self._of_copy(self._copy, "copy")
        self._bounds.breakers.permit(line.source.facts.id, self._bounds.states)
        self._calling = True
        ask = Asking(line, request, self._deadline)
        value = line.source.read(ask(request), ask)
        if self._deadline.remaining() > 0:  # nothing is written after the answer
            line.copies.keep(key, value, since)
        told = self._came("live", value=value, found=self._found(value))
        slow = told.milliseconds >= self._bounds.breakers.rules(told.source).slow_ms
        return replace(told, called="slow" if slow else "ok")

    def _instead(self, reason: str, called: Result | None) -> Told:
        """A stale copy where there is one that can still be read."""
        told = self._came("embedded")
        if self._copy is not None:
            try:
                told = self._of_copy(self._copy, "stale_copy")
            except Exception:  # noqa: BLE001  # as above
                _log.exception("live_source_defect", extra={"source": told.source})
        return replace(told, reason=reason, called=called)

    def _of_copy(self, copy: Copy, way: Way) -> Told:
        return self._came(way, value=copy.value, found=self._found(copy.value), age_seconds=copy.age_seconds)

    def _found(self, value: Any) -> Sequence[Found]:
        """What it says of the points that it declares. Raises ValueError for anything else: a defect of ours."""
        source = self._line.source
        found = source.found(value, self._site, self._line.embedded)
        for each in found:
            if each.point not in source.facts.gives or not (each.value is None or isfinite(each.value)):
                raise ValueError(f"{source.facts.id} tells {each.point} = {each.value}")
        return found

    def _came(self, way: Way, **fields: Any) -> Told:
        return Told(self._line.source.facts.id, way, (perf_counter() - self._started) * 1000, **fields)


def _tell(told: Told) -> None:
    count(UPSTREAM_CALLS, source=told.source, way=told.way)
    observe(UPSTREAM_SECONDS, told.milliseconds / 1000, source=told.source)
    _log.log(
        logging.INFO if told.way in {"live", "copy", "silent"} else logging.WARNING,
        "live_source",
        extra={
            "source": told.source,
            "way": told.way,
            "ms": round(told.milliseconds, 1),
            "points": len(told.found),
            "reason": told.reason,
        },
    )
