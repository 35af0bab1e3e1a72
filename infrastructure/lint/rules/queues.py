"""E9005: a queue that feeds a function hides what is being worked on for long enough, and gives up in the end."""

from collections.abc import Iterator
from typing import Final

from lint.bundle import Bundle, Finding, Function, whole
from lint.rule import Rule
from lint.template import QUEUE, Resource

TIMES: Final = 6
_HIDDEN_SECONDS: Final = 30  # what SQS takes when nothing is said
_KEPT_SECONDS: Final = 345_600


class Queues(Rule):
    id = "E9005"
    shortdesc = "Queues of functions have dead letters and hide messages for six timeouts"
    description = "AWS asks for six times the timeout; without dead letters a bad message comes back for days."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for function in bundle.functions:
            for event in function.events("SQS"):
                name = bundle.root.target(event.properties.get("Queue", ""))
                queue = bundle.named(QUEUE, name)
                if queue is None:
                    message = f"{function.logical} is fed by {name}, which no template makes: write Queue: !GetAtt"
                    yield Finding(function.at_event(event, "Queue"), f"{message} <queue>.Arn")
                else:
                    yield from _hides(queue, function)
                    yield from _gives_up(queue, bundle)


def _hides(queue: Resource, function: Function) -> Iterator[Finding]:
    seconds = whole(queue.properties.get("VisibilityTimeout", _HIDDEN_SECONDS))
    if function.timeout is None or seconds is None or seconds < TIMES * function.timeout:
        least = "six times its Timeout, both as numbers" if function.timeout is None else TIMES * function.timeout
        message = (
            f"{queue.logical} hides a message for less than {function.logical} may need: "
            f"write VisibilityTimeout: {least}"
        )
        yield Finding(queue.at("VisibilityTimeout"), message)


def _gives_up(queue: Resource, bundle: Bundle) -> Iterator[Finding]:
    redrive = queue.properties.get("RedrivePolicy", {})
    letters = bundle.named(QUEUE, queue.template.target(redrive.get("deadLetterTargetArn", "")))
    if "maxReceiveCount" not in redrive or letters is None:
        message = (
            f"{queue.logical} never gives up on a message: "
            "write RedrivePolicy with maxReceiveCount and a deadLetterTargetArn that one of the templates makes"
        )
        yield Finding(queue.at("RedrivePolicy"), message)
    elif _kept(letters) < _kept(queue):
        message = (
            f"{letters.logical} forgets before {queue.logical} does, and a letter's age counts from its first queue: "
            f"write MessageRetentionPeriod: {_kept(queue)} or more"
        )
        yield Finding(letters.at("MessageRetentionPeriod"), message)


def _kept(queue: Resource) -> int:
    return whole(queue.properties.get("MessageRetentionPeriod", _KEPT_SECONDS)) or 0
