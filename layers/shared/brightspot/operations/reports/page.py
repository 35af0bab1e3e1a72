"""A report as one self-contained page to read and print: no script, no request, its own style only."""

from functools import cache
from pathlib import Path

from brightspot.operations.reports import pictures, tables
from brightspot.operations.reports.days import slots_of
from brightspot.operations.reports.shapes import AnalyticsReport, PeriodFigures, RequestForecast
from brightspot.operations.reports.words import backtest_text, figure_text, known_text, moment_text, period_text
from brightspot.pages import Markup, document, element, hatching, joined

_WIDTHS = {"hour": 1, "day": 24}


def page_of(report: AnalyticsReport) -> bytes:
    """The whole page in UTF-8, well-formed as XML too."""
    title = f"{period_text(report.period)} | Brightspot analytics report"
    return document(title, _style(), hatching(), _opening(report), *_sections(report), _closing(report))


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def _opening(report: AnalyticsReport) -> Markup:
    told = report.figures
    facts = [
        ("Known", known_text(report.period)),
        ("The period before", f"{period_text(report.period_before)}: {known_text(report.period_before)}"),
        ("Made", moment_text(report.made_at)),
    ]
    headline = (
        element("p", "No figures are kept of this period.", class_="none")
        if told is None
        else element(
            "p",
            element("span", figure_text(told.performance.requests), class_="big"),
            element("span", f"requests, {figure_text(told.availability, 'share')} of them not answered 5xx"),
            class_="head",
        )
    )
    return element(
        "header",
        element("p", "Brightspot · analytics report of the service", class_="kicker"),
        element("h1", period_text(report.period)),
        headline,
        element("dl", *(joined(element("dt", name), element("dd", each)) for name, each in facts)),
    )


def _sections(report: AnalyticsReport) -> list[Markup]:
    told = [] if report.figures is None else _measured(report, report.figures)
    return [
        _section("What changed", tables.compared(report)),
        *told,
        _section("What comes next", *(_forecast(each, report) for each in report.forecasts)),
        _section("What is not known, and why", tables.unknown(report)),
    ]


def _measured(report: AnalyticsReport, told: PeriodFigures) -> list[Markup]:
    hours = report.hours
    return [
        _section("Traffic and errors", pictures.traffic(hours), tables.by_time(hours), tables.statuses(told)),
        _section(
            "Latency",
            pictures.latency(hours),
            tables.timings("Routes", "Route", told.performance.routes),
        ),
        _section("Cache", pictures.cache(hours)),
        _section("Analyses and scores", _analyses(told), tables.timings("Collectors", "Collector", told.collectors)),
        _section("Live sources", tables.upstreams(told)),
        _section("Health", tables.checks(told)),
        _section("Security", tables.security(told)),
        _section("Cost drivers", tables.costs(told)),
    ]


def _analyses(told: PeriodFigures) -> Markup:
    made = told.analyses
    rows = [
        ["New analyses", figure_text(made.total_analyses)],
        ["Of these failed", figure_text(made.failed_analyses)],
        ["Average score, of 100", figure_text(made.average_score, "points")],
        ["Median score, of 100", figure_text(made.median_score, "points")],
        ["Database errors", figure_text(made.errors)],
    ]
    return tables.table("Analyses", ("What", "Amount"), rows)


def _forecast(forecast: RequestForecast, report: AnalyticsReport) -> Markup:
    if forecast.backtest is None or forecast.level is None:
        return element("p", f"Requests of the next {forecast.unit}s cannot be told: {forecast.reason}.")
    seen = slots_of(report.hours, _WIDTHS[forecast.unit])
    basis = f"Method: {forecast.method}, from {forecast.history:,} {forecast.unit}s."
    return joined(
        pictures.expected(forecast, seen),
        element("p", f"{basis} {backtest_text(forecast.backtest, forecast.level, forecast.unit)}", class_="tested"),
        tables.steps(forecast),
    )


def _section(title: str, *content: str) -> Markup:
    return element("section", element("h2", title), *content)


def _closing(report: AnalyticsReport) -> Markup:
    return element(
        "footer",
        element("p", f"Report {report.id}, made {moment_text(report.made_at)}. Times are UTC."),
        element(
            "p",
            "Latencies are told within 1 %. A forecast says what would come if the past went on; it knows no plans.",
        ),
    )
