"""E9006: an alarm says that there are dead letters."""

from collections.abc import Iterator
from typing import Any, Final

from lint.bundle import Bundle, Finding
from lint.rule import Rule
from lint.template import ALARM, QUEUE, Resource

_METRIC: Final = "ApproximateNumberOfMessagesVisible"
_AT_ONE_MESSAGE: Final = {("GreaterThanThreshold", 0), ("GreaterThanOrEqualToThreshold", 1)}


class DeadLetters(Rule):
    id = "E9006"
    shortdesc = "Dead letters have an alarm"
    description = "A queue of dead letters that nobody looks at is a slower way to lose them."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        watched = {name for alarm in bundle.resources(ALARM) if _rings_at_once(alarm) for name in _queues(alarm)}
        for name in sorted(bundle.dead_letters):
            queue = bundle.named(QUEUE, name)  # where it is missing, E9005 or E9007 say so
            if queue is not None and name not in watched:
                message = (
                    f"{queue.logical} holds dead letters and nobody is told: add an alarm on {_METRIC} (AWS/SQS) "
                    "with Dimensions QueueName, Threshold 0, GreaterThanThreshold, to infrastructure/observability.yaml"
                )
                yield Finding(queue.where, message)


def _rings_at_once(alarm: Resource) -> bool:
    given = alarm.properties
    compared = (given.get("ComparisonOperator"), _number(given.get("Threshold")))
    return (given.get("Namespace"), given.get("MetricName")) == ("AWS/SQS", _METRIC) and compared in _AT_ONE_MESSAGE


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float | str) else None


def _queues(alarm: Resource) -> set[str]:
    return {
        alarm.template.text(each["Value"])
        for each in alarm.properties.get("Dimensions", [])
        if each.get("Name") == "QueueName"
    }
