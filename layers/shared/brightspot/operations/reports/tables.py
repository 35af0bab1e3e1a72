"""The tables of a report, which say in figures what its charts show, and more."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from brightspot.operations.reports.days import shown
from brightspot.operations.reports.shapes import AnalyticsReport, HourFigures, PeriodFigures, RequestForecast
from brightspot.operations.reports.words import UNKNOWN, change_text, figure_text
from brightspot.operations.timings import Timing
from brightspot.pages import Markup, element

_TITLES: Final = {
    "requests_per_hour": "Requests an hour",
    "availability": "Availability (not answered 5xx)",
    "p50_ms": "Median time of a request",
    "p95_ms": "95th percentile of a request",
    "cache_hit_rate": "Cache hit rate",
    "analyses_per_hour": "New analyses an hour",
    "average_score": "Average score",
    "healthy_share": "Health checks that found all well",
    "function_seconds_per_hour": "Function time an hour",
    "suspicious_inputs_per_hour": "Suspicious inputs an hour",
}


def compared(report: AnalyticsReport) -> Markup:
    """Each figure beside that of the period before."""
    rows = [
        [_TITLES[name], figure_text(each.now, each.unit), figure_text(each.before, each.unit), change_text(each.change)]
        for name, each in report.comparisons.items()
    ]
    return table("At a glance", ("Figure", "This period", "The period before", "Change"), rows)


def by_time(hours: Sequence[HourFigures]) -> Markup:
    """What the charts by hour show, by hour for two days and by day beyond."""
    unit, rows = shown(hours)
    heads = (unit.capitalize(), "Known", "Requests", "Answered 5xx", "95th percentile", "Cache hit rate", "Analyses")
    caption = f"By {unit} (UTC)" + ("" if unit == "hour" else "; percentile and hit rate are those of the worst hour")
    return table(caption, heads, [_time_row(unit, *each) for each in rows])


def statuses(figures: PeriodFigures) -> Markup:
    """Requests by status."""
    rows = [[status, figure_text(number)] for status, number in figures.performance.statuses.items()]
    return table("Answers by status", ("Status", "Requests"), rows)


def timings(caption: str, what: str, told: dict[str, Timing]) -> Markup:
    """How long things of one kind took, those that took most of the time first."""
    most_first = sorted(told.items(), key=lambda each: -each[1].count * (each[1].mean_ms or 0))
    rows = [
        [
            name,
            figure_text(each.count),
            *(figure_text(value, "ms") for value in (each.mean_ms, each.p50_ms, each.p95_ms)),
        ]
        for name, each in most_first
    ]
    return table(f"{caption}, most time first", (what, "Times", "Mean", "Median", "95th percentile"), rows)


def upstreams(figures: PeriodFigures) -> Markup:
    """Live sources: how often they were asked, and where the answer came from."""
    rows = [
        [name, _counts(each.calls), figure_text(each.timing.p95_ms, "ms")] for name, each in figures.upstream.items()
    ]
    return table("Live sources", ("Source", "Answers, by where they came from", "95th percentile"), rows)


def checks(figures: PeriodFigures) -> Markup:
    """Health checks by component."""
    rows = [
        [name, figure_text(each.checks), figure_text(each.healthy_share, "share")]
        for name, each in figures.checks.items()
    ]
    return table("Health by component", ("Component", "Checks", "Found healthy"), rows)


def security(figures: PeriodFigures) -> Markup:
    """The score of the moment, and what was suspicious."""
    told = figures.security
    rows = [
        ["Security score when this was made, of 100", figure_text(told.score_when_made)],
        ["Suspicious inputs", figure_text(told.suspicious_inputs)],
        ["Requests of blocked clients, refused", figure_text(told.blocked_requests)],
        ["Blocks that began", figure_text(told.clients_blocked)],
        ["Signals by kind", _counts(told.signals)],
    ]
    return table("Security", ("What", "Amount"), rows)


def costs(figures: PeriodFigures) -> Markup:
    """What a bill grows with."""
    rows = [
        [
            name.replace("_", " ").capitalize(),
            figure_text(each.amount, each.unit),
            figure_text(each.per_thousand_requests, each.unit),
        ]
        for name, each in figures.cost_drivers.items()
    ]
    return table("What a bill grows with", ("Driver", "Amount", "Per 1,000 requests"), rows)


def steps(forecast: RequestForecast) -> Markup:
    """What is expected, with the bounds of the interval."""
    rows = [
        [_moment(forecast.unit, each.at), *(figure_text(value) for value in (each.expected, each.low, each.high))]
        for each in forecast.steps
    ]
    heads = (forecast.unit.capitalize(), "Expected", "Low", "High")
    return table(f"Requests by {forecast.unit}, with an interval of {100 * (forecast.level or 0):.0f} %", heads, rows)


def unknown(report: AnalyticsReport) -> Markup:
    """What the report cannot say, and why."""
    if not report.unknown:
        return element("p", "Nothing: every figure of this report is known.")
    return table("Not known", ("What", "Why"), [[each.what, each.reason] for each in report.unknown], words=True)


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, words: bool = False) -> Markup:
    """One table; the first column names a row, the others are figures unless they are `words`."""
    kind = None if words else "number"
    head = [element("th", each, scope="col", class_=kind if number else None) for number, each in enumerate(heads)]
    made = [
        element("tr", element("th", first, scope="row"), *(element("td", each, class_=kind) for each in rest))
        for first, *rest in rows
    ]
    if not made:
        return element("p", f"{caption}: none.")
    return element(
        "table", element("caption", caption), element("thead", element("tr", *head)), element("tbody", *made)
    )


def _time_row(unit: str, at: datetime, hours: int, known: Sequence[HourFigures]) -> list[str]:
    if not known:
        return [_moment(unit, at), f"0 of {hours}", *([UNKNOWN] * 5)]
    slowest = max((each.p95_ms for each in known if each.p95_ms is not None), default=None)
    least = min((each.cache_hit_rate for each in known if each.cache_hit_rate is not None), default=None)
    return [
        _moment(unit, at),
        f"{len(known)} of {hours}",
        *(figure_text(sum(getattr(each, name) for each in known)) for name in ("requests", "errors")),
        figure_text(slowest, "ms"),
        figure_text(least, "share"),
        figure_text(sum(each.analyses or 0 for each in known)),
    ]


def _moment(unit: str, at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if unit == "hour" else f"{at:%Y-%m-%d}"


def _counts(told: dict[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in told.items()) or "none"
