"""Figures as text that Prometheus scrapes, in its own format or as OpenMetrics.

Formats: prometheus.io, "Exposition formats" (text 0.0.4), and OpenMetrics 1.0.0.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from brightspot.telemetry.fields import Figures, Series
from brightspot.telemetry.metric import Counter, Distribution, Gauge, Metric
from brightspot.telemetry.sketch import Sketch

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_TYPES: Final[Mapping[type[Metric], str]] = {Counter: "counter", Gauge: "gauge", Distribution: "histogram"}


def exposed(figures: Figures, metrics: Iterable[Metric], *, openmetrics: bool = False) -> str:
    """One family of samples for each metric that was told; in a fixed order.

    A counter without labels is told from the start, as 0: Prometheus sees no growth in a series that begins at 1.
    """
    lines: list[str] = []
    for metric in sorted(metrics, key=lambda each: each.exposed):
        samples = _samples(figures, metric)
        if samples:
            family = metric.exposed
            if openmetrics and isinstance(metric, Counter):
                family = family.removesuffix("_total")
            lines += [f"# HELP {family} {_escaped(metric.help)}", f"# TYPE {family} {_TYPES[type(metric)]}", *samples]
    return "\n".join([*lines, "# EOF"] if openmetrics else lines) + "\n"


def _samples(figures: Figures, metric: Metric) -> list[str]:
    if isinstance(metric, Distribution):
        told = [_histogram(metric, series, each) for series, each in _of(metric, figures.sketches)]
        return [line for lines in told for line in lines]
    values: Mapping[Series, float] = figures.counters if isinstance(metric, Counter) else figures.gauges
    readings = _of(metric, values)
    if not readings and isinstance(metric, Counter) and not metric.labels:
        readings = [((metric.name,), 0)]
    return [f"{metric.exposed}{_labels(metric, series)} {value:.17g}" for series, value in readings]


def _of[T](metric: Metric, told: Mapping[Series, T]) -> list[tuple[Series, T]]:
    return sorted(
        ((series, each) for series, each in told.items() if series[0] == metric.name), key=lambda pair: pair[0]
    )


def _histogram(metric: Distribution, series: Series, sketch: Sketch) -> list[str]:
    name, count = metric.exposed, sketch.count
    buckets = [*((f"{bound:g}", sketch.at_most(bound)) for bound in metric.bounds), ("+Inf", count)]
    lines = [f"{name}_bucket{_labels(metric, series, le=bound)} {number}" for bound, number in buckets]
    labels = _labels(metric, series)
    return [*lines, f"{name}_sum{labels} {sketch.total:.17g}", f"{name}_count{labels} {count}"]


def _labels(metric: Metric, series: Series, **more: str) -> str:
    pairs = [*zip(metric.labels, series[1:], strict=True), *more.items()]
    told = ",".join(f'{name}="{_escaped(value, quotes=True)}"' for name, value in pairs)
    return f"{{{told}}}" if told else ""


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text
