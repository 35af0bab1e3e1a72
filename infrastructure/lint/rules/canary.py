"""E9008: every function has an alarm on its errors, and its deployment rolls back by it."""

from collections.abc import Iterator
from typing import Any

from lint.bundle import Bundle, Finding, Function, walk
from lint.rule import Rule
from lint.template import ALARM, Resource


class Canary(Rule):
    id = "E9008"
    shortdesc = "A deployment watches an alarm on its function's errors"
    description = "A new version that fails is taken back by CodeDeploy only when an alarm tells it."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for function in bundle.functions:
            alarms = {alarm.name: alarm for alarm in bundle.root.resources(ALARM) if _counts_errors(alarm, function)}
            if not alarms:
                message = (
                    f"{function.logical} has no alarm on its errors: add one beside it on Errors (AWS/Lambda) "
                    f"with Dimensions FunctionName: !Ref {function.logical}"
                )
                yield Finding(function.where, message)
            elif not alarms.keys() & _watched(bundle, function):
                first = next(iter(alarms.values())).logical
                message = (
                    f"{function.logical}'s deployment watches no alarm on its errors: "
                    f"write DeploymentPreference.Alarms: [!Ref {first}]"
                )
                yield Finding(function.at("DeploymentPreference"), message)


def _watched(bundle: Bundle, function: Function) -> set[str]:
    return bundle.root.targets(function.properties.get("DeploymentPreference", {}).get("Alarms", []))


def _counts_errors(alarm: Resource, function: Function) -> bool:
    """Directly, or in one of the metrics that a calculation is made of."""
    return any(
        isinstance(each, dict)
        and (each.get("Namespace"), each.get("MetricName")) == ("AWS/Lambda", "Errors")
        and function.name in _functions(alarm, each.get("Dimensions"))
        for _, each in walk(alarm.properties)
    )


def _functions(alarm: Resource, dimensions: Any) -> set[str]:
    return {alarm.template.text(each["Value"]) for each in dimensions or [] if each.get("Name") == "FunctionName"}
