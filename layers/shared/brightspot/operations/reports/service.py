"""Reports are made, kept, listed and read here."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.core.errors import InputRefused, NotFound
from brightspot.operations.reports.content import report_of
from brightspot.operations.reports.forecasts import Forecaster
from brightspot.operations.reports.kept import MEDIA_TYPES, KeptReport, ReportForm, Reports, ReportTry
from brightspot.operations.reports.page import page_of
from brightspot.operations.reports.period import MOST_HOURS, Kind, Period, hour_of, no_report, period_of
from brightspot.operations.reports.shapes import AnalyticsReport
from brightspot.pages import policy_of
from brightspot.store import decode_cursor, encode_cursor
from brightspot.telemetry import Figures

DEFAULT_REPORTS: Final = 20
MOST_REPORTS: Final = 100
PATH: Final = "/api/v1/monitoring/reports"
_LISTING: Final = "reports"
_log = logging.getLogger(__name__)


class HoursOfFigures(Protocol):
    """What all instances measured, by hour since 1970; an hour that nothing is known of is absent."""

    def hours(self, first: int, last: int) -> Mapping[int, Figures]: ...


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """Which period (`day`, `week`, or since and until), and the idempotency key of `whose` request."""

    kind: str | None = None
    since: str | None = None
    until: str | None = None
    key: str | None = None
    whose: str = ""


class ReportEntry(msgspec.Struct, frozen=True):
    """A report that is kept: its period, when it was made, the size of its JSON, and where it can be had."""

    id: str
    kind: Kind
    since: datetime = msgspec.field(name="from")
    until: datetime = msgspec.field(name="to")
    made_at: datetime
    bytes: int
    links: dict[str, str]


class ReportList(msgspec.Struct, frozen=True):
    """Reports that are kept, those of the latest periods first. `next_cursor` is null on the last page."""

    count: int
    reports: list[ReportEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as it leaves: `policy` is the Content-Security-Policy of a page, `filename` what to save it as."""

    body: bytes
    media_type: str
    filename: str
    policy: str | None


class ReportService:
    """Safe to share between threads. Raises TableUnavailable without figures, BucketUnavailable without a shelf."""

    def __init__(
        self,
        figures: HoursOfFigures,
        kept: Reports,
        clock: Clock,
        *,
        forecaster: Forecaster,
        security: Callable[[], tuple[float | None, str | None]],
    ) -> None:
        """`security` tells the security score, or None and why nobody can say."""
        self._figures = figures
        self._kept = kept
        self._clock = clock
        self._forecaster = forecaster
        self._security = security

    def make(self, period: Period) -> AnalyticsReport:
        """Make the report on a period and keep it, in the place of the one that may be there."""
        now = self._clock.now()
        first = hour_of(now) - MOST_HOURS
        hours = self._figures.hours(first, period.last)
        report = report_of(period, hours, now, forecaster=self._forecaster, security=self._security())
        self._kept.keep(report.id, {"json": codec.dumps(report), "html": page_of(report)})
        _log.info("report_made", extra={"report": report.id, "known_hours": report.period.known_hours})
        return report

    def ask(self, asked: ReportAsked) -> ReportEntry:
        """Make the report that is asked for; under a key that was sent before, tell of the one that came of it.

        Raises InputRefused for a period that cannot be meant and for a key that stands for another request.
        """
        period = period_of(asked.kind, asked.since, asked.until, self._clock.now())
        if asked.key is None:
            return self._made(period)
        key = sha256(codec.dumps([asked.whose, asked.key])).hexdigest()
        words = codec.dumps([asked.kind, asked.since, asked.until]).decode()
        if (before := self._kept.tried(key)) is not None:
            if before.asked != words:
                advice = "this key stands for another request; send a new key, or the same body as before"
                raise InputRefused("Idempotency-Key", advice)
            if (again := self._entry_of(before.report)) is not None:
                return again
        made = self._made(period)
        self._kept.note(key, ReportTry(words, made.id))
        return made

    def listed(self, limit: int = DEFAULT_REPORTS, cursor: str | None = None) -> ReportList:
        """A page of those that are kept. Raises InputRefused for a cursor of another list."""
        below = None
        if cursor is not None:
            try:
                below = Period.of_id(decode_cursor(_LISTING, cursor)).id
            except NotFound as error:
                raise InputRefused("cursor", "send the next_cursor of the page before, or leave it out") from error
        found = self._kept.newest(below, limit + 1)
        entries = [_entry(each) for each in found[:limit]]
        more = encode_cursor(_LISTING, entries[-1].id) if len(found) > limit else None
        return ReportList(len(entries), entries, more)

    def read(self, name: str, form: ReportForm) -> ReportFile:
        """A report by its id, which may end with `.json` or `.html` and then is had in that form.

        Raises NotFound for what is not kept.
        """
        for ending in MEDIA_TYPES:
            if name.endswith(f".{ending}"):
                name, form = name.removesuffix(f".{ending}"), ending
        body = self._kept.read(Period.of_id(name).id, form)
        if body is None:
            raise no_report()
        policy = policy_of(body) if form == "html" else None
        return ReportFile(body, MEDIA_TYPES[form], f"brightspot-{name}.{form}", policy)

    def _made(self, period: Period) -> ReportEntry:
        report = self.make(period)
        return _entry(KeptReport(report.id, report.made_at, len(codec.dumps(report))))

    def _entry_of(self, report: str) -> ReportEntry | None:
        body = self._kept.read(report, "json")
        if body is None:
            return None
        return _entry(KeptReport(report, msgspec.json.decode(body, type=_Made).made_at, len(body)))


class _Made(msgspec.Struct, frozen=True):
    """The one member of a kept report that an entry needs."""

    made_at: datetime


def _entry(kept: KeptReport) -> ReportEntry:
    period = Period.of_id(kept.id)
    links = {str(form): f"{PATH}/{kept.id}.{form}" for form in MEDIA_TYPES}
    return ReportEntry(kept.id, period.kind, period.start, period.end, kept.made_at, kept.size, links)
