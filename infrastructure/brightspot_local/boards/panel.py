"""What a board is made of: panels, and what each of them asks."""

from dataclasses import dataclass
from typing import Final, Literal

from brightspot.telemetry import Metric
from brightspot.telemetry.metric import Counter, Distribution, Gauge

How = Literal["rate", "ratio", "quantile", "lowest", "highest"]
FITS: Final[dict[How, type[Metric]]] = {
    "rate": Counter,
    "ratio": Counter,
    "quantile": Distribution,
    "lowest": Gauge,
    "highest": Gauge,
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One question about a metric of ours. Raises ValueError where it is of another kind, or has no such label.

    `by` are the labels told apart, `where` the one looked at and its values as a regular expression. A ratio is of all
    of `metric`, or of it and the counter `beside` it. Of readings that several told at once, the `lowest` or the
    `highest` counts. `quantile` is between 0 and 1.
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

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Those it is about."""
        return (self.metric,) if self.beside is None else (self.metric, self.beside)


@dataclass(frozen=True, slots=True)
class AwsAsk:
    """One question about a metric that AWS tells: of each of `things`, which are values of the `dimension`.

    `stat` as CloudWatch writes it: Sum, Maximum, p95. With `over` it is the share of `name` in that metric.
    """

    namespace: str
    name: str
    stat: str
    dimension: str
    things: tuple[str, ...]
    over: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel; `unit` is Grafana's name of it. `warn` turns it yellow, `bad` red: below, if `bad` is less.

    Raises ValueError for thresholds on a rate, which is per second in Grafana and per minute in CloudWatch.
    """

    title: str
    text: str
    unit: str
    asks: tuple[Ask | AwsAsk, ...]
    warn: float | None = None
    bad: float | None = None

    def __post_init__(self) -> None:
        if (self.warn, self.bad) != (None, None) and any(isinstance(a, Ask) and a.how == "rate" for a in self.asks):
            raise ValueError(f"{self.title}: the rates of Grafana and CloudWatch are not of the same time")

    @property
    def falling(self) -> bool:
        """Whether it is less that is worse."""
        return self.warn is not None and self.bad is not None and self.bad < self.warn

    @property
    def ours(self) -> tuple[Ask, ...]:
        """What it asks about metrics of ours."""
        return tuple(each for each in self.asks if isinstance(each, Ask))


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard, its panels in reading order; `name` is that of its file."""

    name: str
    title: str
    text: str
    panels: tuple[Panel, ...]
