"""`python -m brightspot_local.metrics`: renew the tables of docs/metrics.md, from the declarations and the alarms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brightspot.telemetry import METRICS, NAMESPACE, Metric
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

PAGE = ROOT / "docs" / "metrics.md"
_ALARMS = ROOT / "infrastructure" / "observability.yaml"
_SIGNS = {
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": "≥",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """One metric that an alarm looks at, by which dimensions and statistic, every so many seconds."""

    metric: str
    dimensions: tuple[str, ...]
    statistic: str
    period: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm over Brightspot's own metrics; its name stands behind the stack's."""

    name: str
    text: str
    watched: tuple[Watched, ...]
    when: str


def alarms() -> list[Alarm]:
    """Every alarm of the observability stack that looks at Brightspot's own metrics."""
    resources = load(_ALARMS)["Resources"].values()
    found = [_alarm(each["Properties"]) for each in resources if each["Type"] == "AWS::CloudWatch::Alarm"]
    return [each for each in found if each.watched]


def filled(text: str) -> str:
    """The page with each generated table between its markers renewed."""
    for name, table in {"metrics": _metrics(), "alarms": _alarm_table()}.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, found, rest = text.partition(begin)
        if not found or end not in rest:
            raise ValueError(f"the page has no place for the table of {name}")
        text = f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}"
    return text


def _alarm(told: Mapping[str, Any]) -> Alarm:
    metrics = [each["MetricStat"] for each in told.get("Metrics", []) if "MetricStat" in each]
    if not metrics:
        metrics = [{"Metric": told, "Stat": told.get("Statistic"), "Period": told["Period"]}]
    watched = tuple(_watched(each) for each in metrics if each["Metric"]["Namespace"] == NAMESPACE)
    return Alarm(told["AlarmName"]["Fn::Sub"].partition("}-")[2], told["AlarmDescription"], watched, _when(told))


def _watched(told: Mapping[str, Any]) -> Watched:
    names = tuple(each["Name"] for each in told["Metric"].get("Dimensions", []))
    return Watched(told["Metric"]["MetricName"], names, told["Stat"], told["Period"])


def _when(told: Mapping[str, Any]) -> str:
    value = told.get("Statistic") or next(each["Label"] for each in told["Metrics"] if each.get("ReturnData"))
    periods = told["EvaluationPeriods"]
    points = told.get("DatapointsToAlarm", periods)
    often = f"in {points} of {periods} periods" if periods > 1 else "in a period"
    missing = "; no data counts too" if told["TreatMissingData"] == "breaching" else ""
    return f"{value} {_SIGNS[told['ComparisonOperator']]} {told['Threshold']} {often}{missing}"


def _metrics() -> str:
    rows = [
        [
            f"`{each.exposed}`",
            _kind(each),
            each.unit,
            ", ".join(f"`{label}`" for label in each.labels) or "none",
            f"`{each.name}`" if each.emf else "no",
            each.help,
        ]
        for each in sorted(METRICS, key=lambda each: each.exposed)
    ]
    return _table(["metric", "kind", "unit", "labels", "in CloudWatch", "tells"], rows)


def _kind(metric: Metric) -> str:
    return type(metric).__name__.lower()


def _alarm_table() -> str:
    rows = [
        [
            f"`<stack>-{each.name}`",
            ", ".join(f"`{watched.metric}`" for watched in each.watched),
            each.when,
            f"{each.watched[0].period} s",
            each.text,
        ]
        for each in alarms()
    ]
    return _table(["alarm", "looks at", "goes off when", "period", "means"], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
