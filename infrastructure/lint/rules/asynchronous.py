"""E9007: what calls a function without waiting for it says how often it tries again, and where failures go."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lint.bundle import ASYNCHRONOUS, SCHEDULED, Bundle, Finding, Function, walk
from lint.rule import Rule
from lint.template import QUEUE, SCHEDULE, Resource, Template

_WRITE: Final = "write {} with an Arn that one of the templates makes, and RetryPolicy with MaximumRetryAttempts"


class Asynchronous(Rule):
    id = "E9007"
    shortdesc = "Schedules and asynchronous calls have dead letters and a bound of tries"
    description = (
        "A schedule's dead letters hold what could not be handed over; it hands over asynchronously, so what the "
        "function then fails at needs a place too."
    )

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for function in bundle.functions:
            for event in function.events(*SCHEDULED):
                if not _delivered(event.properties, bundle.root, bundle):
                    message = f"{function.logical}'s {event.kind} {event.name} loses what it cannot hand over: "
                    yield Finding(function.at_event(event), message + _WRITE.format("DeadLetterConfig"))
            if _is_called_asynchronously(function, bundle):
                yield from _keeps_failures(function, bundle)
        for schedule in bundle.resources(SCHEDULE):
            if not _delivered(schedule.properties.get("Target", {}), schedule.template, bundle):
                message = f"{schedule.logical} loses what it cannot hand over: "
                yield Finding(schedule.at("Target"), message + _WRITE.format("Target.DeadLetterConfig"))


def _delivered(properties: Mapping[str, Any], template: Template, bundle: Bundle) -> bool:
    letters = template.target(properties.get("DeadLetterConfig", {}).get("Arn", ""))
    return "MaximumRetryAttempts" in properties.get("RetryPolicy", {}) and bundle.named(QUEUE, letters) is not None


def _is_called_asynchronously(function: Function, bundle: Bundle) -> bool:
    by_event = any(True for _ in function.events(*ASYNCHRONOUS))
    return by_event or any(_calls(each, function) for each in bundle.resources(SCHEDULE))


def _calls(schedule: Resource, function: Function) -> bool:
    """Whether a schedule's target is a function, its alias (which SAM names after it), or an ARN with its name."""
    arn = schedule.properties.get("Target", {}).get("Arn", "")
    names = {leaf.partition(".")[0] for _, leaf in walk(arn) if isinstance(leaf, str)}
    alias = f"{function.logical}Alias{function.properties.get('AutoPublishAlias')}"
    return bool({function.logical, alias} & names) or function.name in schedule.template.text(arn).split(":")


def _keeps_failures(function: Function, bundle: Bundle) -> Iterator[Finding]:
    invoked = function.properties.get("EventInvokeConfig", {})
    failed = invoked.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    letters = function.properties.get("DeadLetterQueue", {}).get("TargetArn", "") if failed is None else failed
    if "MaximumRetryAttempts" not in invoked or bundle.named(QUEUE, bundle.root.target(letters)) is None:
        message = (
            f"{function.logical} is called asynchronously and its failures are lost: write EventInvokeConfig with "
            "MaximumRetryAttempts and DestinationConfig.OnFailure (Type: SQS, Destination: a queue of the templates)"
        )
        yield Finding(function.at("EventInvokeConfig"), message)
