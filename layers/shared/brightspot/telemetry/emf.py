"""Figures as CloudWatch's embedded metric format: lines of JSON that CloudWatch Logs makes metrics of.

Powertools writes the same, but takes 16 ms to import and brings botocore along, which no cached answer may.
The format's limits: docs.aws.amazon.com, "Specification: Embedded metric format".
"""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any, Final

import msgspec

from brightspot.core import codec
from brightspot.telemetry.metric import MOST_DIMENSIONS, STACK, Metric

_MOST_METRICS: Final = 100
_MOST_VALUES: Final = 100
_MOST_VALUES_OF_ALL: Final = 5000  # at 25 bytes each, with the longest names, a line stays below 256 KB


class Figure(msgspec.Struct, frozen=True):
    """What was recorded of a metric with these values of its labels."""

    metric: Metric
    labels: tuple[str, ...]
    values: Sequence[float]


def lines(figures: Iterable[Figure], namespace: str, stack: str, now_ms: int) -> bytes:
    """As few lines as the format allows: one, unless a label has several values or there is too much for one.

    Every figure is told by one set of dimensions, since each set more would be a metric more to pay: stack and labels.
    """
    documents: list[_Document] = []
    for figure in figures:
        for part in [figure] if len(figure.values) <= _MOST_VALUES else _parts(figure):
            for document in documents:
                if document.takes(part):
                    break
            else:
                document = _Document(stack)
                documents.append(document)
            document.add(part)
    return b"".join([each.line(namespace, now_ms) for each in documents])


def _parts(figure: Figure) -> list[Figure]:
    several = batched(figure.values, _MOST_VALUES)  # noqa: B911  # the last may be shorter
    return [Figure(figure.metric, figure.labels, values) for values in several]


class _Document:
    def __init__(self, stack: str) -> None:
        self._members: dict[str, Any] = {STACK: stack}
        self._metrics: dict[tuple[str, ...], list[dict[str, str]]] = {}
        self._count = 0
        self._values = 0

    def takes(self, figure: Figure) -> bool:
        """Whether a figure fits: members of a document have one value each."""
        metric, members = figure.metric, self._members
        if metric.name in members or self._count == _MOST_METRICS:
            return False
        dimensions = len(members) - self._count
        for dimension, value in zip(metric.dimensions, figure.labels, strict=True):
            if dimension not in members:
                dimensions += 1
            elif members[dimension] != value:
                return False
        return dimensions <= MOST_DIMENSIONS and self._values + len(figure.values) <= _MOST_VALUES_OF_ALL

    def add(self, figure: Figure) -> None:
        metric = figure.metric
        self._members.update(zip(metric.dimensions, figure.labels, strict=True))
        self._members[metric.name] = figure.values
        self._metrics.setdefault(metric.dimensions, []).append({"Name": metric.name, "Unit": metric.unit})
        self._count += 1
        self._values += len(figure.values)

    def line(self, namespace: str, now_ms: int) -> bytes:
        directives = [
            {"Namespace": namespace, "Dimensions": [[STACK, *dimensions]], "Metrics": metrics}
            for dimensions, metrics in self._metrics.items()
        ]
        return codec.dumps({"_aws": {"Timestamp": now_ms, "CloudWatchMetrics": directives}, **self._members}) + b"\n"
