"""What a panel asks of a declared metric, and that question in PromQL."""

from dataclasses import dataclass
from typing import Final, Literal

from brightspot.telemetry import Metric
from brightspot.telemetry.metric import Counter, Distribution, Gauge

How = Literal["rate", "ratio", "quantile", "last"]
FITS: Final[dict[How, type[Metric]]] = {"rate": Counter, "ratio": Counter, "quantile": Distribution, "last": Gauge}
_WINDOW: Final = "[$__rate_interval]"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. Raises ValueError where the metric is of another kind, or has no such label.

    `by` are the labels told apart, `where` the one looked at and its values as a regular expression. A ratio is of all
    of `metric`, or of it and the counter `beside` it. `quantile` is between 0 and 1.
    """

    metric: Metric
    how: How
    by: tuple[str, ...] = ()
    where: tuple[str, str] | None = None
    beside: Metric | None = None
    quantile: float = 0.95

    def __post_init__(self) -> None:
        for each in (self.metric, self.beside or self.metric):
            if type(each) is not FITS[self.how]:
                raise ValueError(f"{each.exposed} is not of a kind that has a {self.how}")
            if unknown := {*self.by, *([self.where[0]] if self.where else [])} - {*each.labels}:
                raise ValueError(f"{each.exposed} has no label {sorted(unknown)}")
        if self.how == "ratio" and (self.beside is None) == (self.where is None):
            raise ValueError(f"a ratio of {self.metric.exposed} needs either a part of it or another counter")

    def promql(self) -> str:
        """The question in PromQL, per second where it is a rate; Grafana fills in the window."""
        name = self.metric.exposed
        chosen = f'{{{self.where[0]}=~"{self.where[1]}"}}' if self.where else ""
        match self.how:
            case "rate":
                return self._rate(name + chosen)
            case "quantile":
                by = ", ".join(("le", *self.by))
                rates = f"sum by ({by}) (rate({name}_bucket{chosen}{_WINDOW}))"
                return f"histogram_quantile({self.quantile:g}, {rates})"
            case "last":
                return f"{name}{chosen}"
            case "ratio":
                rest = f" + {self._rate(self.beside.exposed)}" if self.beside else ""
                return f"{self._rate(name + chosen)} / ({self._rate(name)}{rest})"

    def _rate(self, series: str) -> str:
        by = f" by ({', '.join(self.by)})" if self.by else ""
        return f"sum{by} (rate({series}{_WINDOW}))"


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel; `unit` is Grafana's name of it. `warn` turns it yellow, `bad` red: below, if `bad` is less."""

    title: str
    text: str
    unit: str
    asks: tuple[Ask, ...]
    warn: float | None = None
    bad: float | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard, its panels in reading order; `name` is that of its file."""

    name: str
    title: str
    text: str
    panels: tuple[Panel, ...]
