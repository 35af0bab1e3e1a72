"""The bundle as its templates describe it: the root with everything nested in it, and the functions it holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from lint.template import FUNCTION, Resource, Template, Where

SCHEDULED: Final = ("ScheduleV2", "Schedule", "EventBridgeRule", "CloudWatchEvent")
ASYNCHRONOUS: Final = (*SCHEDULED, "S3", "SNS", "IoTRule", "CloudWatchLogs", "Cognito", "AlexaSkill")
_DEFAULT_TIMEOUT: Final = 3
_CALLS_DEAD_LETTERS: Final = {"DeadLetterConfig", "DeadLetterQueue", "deadLetterTargetArn", "OnFailure"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is missing and what to write, at a place of the template that is read."""

    where: Where
    message: str


@dataclass(frozen=True, slots=True)
class Event:
    """One way in which a function is called."""

    name: str
    kind: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """One function, with what Globals give it."""

    resource: Resource

    @property
    def logical(self) -> str:
        return self.resource.logical

    @property
    def name(self) -> str:
        return self.resource.name

    @property
    def properties(self) -> Mapping[str, Any]:
        return self.resource.properties

    @property
    def where(self) -> Where:
        return self.resource.where

    @property
    def folder(self) -> str:
        """The folder of its code, below `functions/`."""
        return Path(str(self.properties.get("CodeUri", ""))).name

    @property
    def timeout(self) -> int | None:
        """Seconds; None when the template does not say a plain number."""
        return whole(self.properties.get("Timeout", _DEFAULT_TIMEOUT))

    def events(self, *kinds: str) -> Iterator[Event]:
        for name, each in self.properties.get("Events", {}).items():
            if each["Type"] in kinds:
                yield Event(name, each["Type"], each.get("Properties", {}))

    def at(self, *path: str | int) -> Where:
        return self.resource.at(*path)

    def at_event(self, event: Event, *path: str | int) -> Where:
        return self.at("Events", event.name, "Properties", *path)


@dataclass(frozen=True, eq=False)
class Bundle:
    """A root template and what it nests. A nested template that is read alone is a bundle without functions."""

    root: Template

    @cached_property
    def templates(self) -> list[Template]:
        return [self.root, *self.root.nested.values()]

    @cached_property
    def functions(self) -> list[Function]:
        return [Function(each) for each in self.root.resources(FUNCTION)]

    def resources(self, *kinds: str) -> Iterator[Resource]:
        """Resources of some kinds in all its templates."""
        for template in self.templates:
            yield from template.resources(*kinds)

    def named(self, kind: str, name: str) -> Resource | None:
        """The resource of a kind that will have a name."""
        return next((each for each in self.resources(kind) if each.name == name), None)

    @cached_property
    def dead_letters(self) -> set[str]:
        """The names of all queues that anything sends to what it could not handle."""
        return {
            name
            for template in self.templates
            for path, value in walk(template.body.get("Resources", {}))
            if path and path[-1] in _CALLS_DEAD_LETTERS
            for name in _dead_letters(template, value)
        }


def _dead_letters(template: Template, value: Any) -> set[str]:
    """`OnFailure` names a Destination, the others an Arn or TargetArn, or are the ARN themselves."""
    if isinstance(value, Mapping):
        for key in ("Arn", "TargetArn", "Destination"):
            if key in value:
                return template.targets(value[key])
    return template.targets(value)


def walk(value: Any, path: Where = ()) -> Iterator[tuple[Where, Any]]:
    """Every value inside a value, with its path."""
    yield path, value
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from walk(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from walk(each, (*path, index))


def whole(value: Any) -> int | None:
    """A plain whole number, or None."""
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else None


def truth(value: Any) -> bool:
    """Whether a switch is on, or decided by a parameter, mapping or condition."""
    return isinstance(value, Mapping) or str(value).lower() == "true"
