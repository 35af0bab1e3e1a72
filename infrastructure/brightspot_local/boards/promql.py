"""A question about a metric of ours in PromQL."""

from typing import Final

from brightspot_local.boards.panel import Ask

WINDOW: Final = "$__rate_interval"  # Grafana fills it in
JOB: Final = "$job"  # one scrape job is one stack: chosen at the top of the dashboard


def promql(ask: Ask) -> str:
    """Per second where it is a rate. A share is 0, not unknown, when there is a whole and no such part of it."""
    match ask.how:
        case "rate":
            return _rate(ask, ask.metric.exposed, part=True)
        case "quantile":
            by = ", ".join(("le", *ask.by))
            rates = f"sum by ({by}) (rate({_chosen(ask, f'{ask.metric.exposed}_bucket')}[{WINDOW}]))"
            return f"histogram_quantile({ask.quantile:g}, {rates})"
        case "lowest" | "highest":
            first = "min" if ask.how == "lowest" else "max"
            return f"{first}{_by(ask)} ({_chosen(ask, ask.metric.exposed)})"
        case "ratio":
            whole = " + ".join(_rate(ask, each.exposed) for each in ask.metrics)
            return f"({_rate(ask, ask.metric.exposed, part=True)} or 0 * ({whole})) / ({whole})"


def _rate(ask: Ask, name: str, *, part: bool = False) -> str:
    return f"sum{_by(ask)} (rate({_chosen(ask, name, part=part)}[{WINDOW}]))"


def _by(ask: Ask) -> str:
    return f" by ({', '.join(ask.by)})" if ask.by else ""


def _chosen(ask: Ask, name: str, *, part: bool = True) -> str:
    where = f',{ask.where[0]}=~"{ask.where[1]}"' if ask.where and part else ""
    return f'{name}{{job="{JOB}"{where}}}'
