"""A template whose names can be read: what each Ref, GetAtt and Sub stands for once its stack is there."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

type Load = Callable[[Path], Mapping[str, Any]]
type Where = tuple[str | int, ...]

FUNCTION: Final = "AWS::Serverless::Function"
HTTP_API: Final = "AWS::Serverless::HttpApi"
TABLE: Final = "AWS::DynamoDB::Table"
QUEUE: Final = "AWS::SQS::Queue"
LOG_GROUP: Final = "AWS::Logs::LogGroup"
ALARM: Final = "AWS::CloudWatch::Alarm"
SCHEDULE: Final = "AWS::Scheduler::Schedule"

NAMES: Final = {
    FUNCTION: "FunctionName",
    TABLE: "TableName",
    QUEUE: "QueueName",
    LOG_GROUP: "LogGroupName",
    ALARM: "AlarmName",
}
_NESTED: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_VARIABLE: Final = re.compile(r"\$\{([^!}]+)\}")


@dataclass(frozen=True, eq=False)
class Template:
    """One template.

    A nested one has a `parent`, which calls it `within` and passes `arguments`. What is only known in the account reads
    as its name in braces.
    """

    file: Path
    body: Mapping[str, Any]
    load: Load = field(repr=False)
    parent: "Template | None" = None
    within: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def nested(self) -> "dict[str, Template]":
        """The templates of this repository that this one nests, by logical id."""
        return {
            each.logical: self._nest(each, each.properties[location])
            for kind, location in _NESTED.items()
            for each in self.resources(kind)
            if isinstance(each.properties.get(location), str)
        }

    def _nest(self, stack: "Resource", location: str) -> "Template":
        file = self.file.parent / location
        passed = stack.properties.get("Parameters", {})
        return Template(file, self.load(file), self.load, self, stack.logical, passed)

    @cached_property
    def prefix(self) -> str:
        """What its resources' names begin with: the root's stack name, which a nested stack is passed as `Name`."""
        return self._ref("Name" if "Name" in self.body.get("Parameters", {}) else "AWS::StackName")

    def resources(self, *kinds: str) -> "Iterator[Resource]":
        """Its own resources of some kinds; with none, all of them."""
        for logical, each in self.body.get("Resources", {}).items():
            if not kinds or each.get("Type") in kinds:
                yield Resource(
                    self, logical, each.get("Type", ""), each.get("Properties", {}), each.get("Metadata", {})
                )

    def text(self, value: Any) -> str:
        """A value as one text, its functions replaced by the names they stand for."""
        match value:
            case {"Ref": name}:
                text = self._ref(name)
            case {"Fn::GetAtt": path}:
                text = self._attribute(path if isinstance(path, str) else ".".join(path))
            case {"Fn::Sub": [pattern, own]}:
                text = self._sub(pattern, own)
            case {"Fn::Sub": pattern}:
                text = self._sub(pattern, {})
            case {"Fn::Join": [separator, [*parts]]}:
                text = str(separator).join(self.text(part) for part in parts)
            case Mapping():
                text = f"{{{'.'.join(value)}}}"
            case _:
                text = str(value)
        return text

    def target(self, value: Any) -> str:
        """The name of what a Ref, an ARN or a name points to."""
        return self.text(value).rpartition(":")[2]

    def targets(self, value: Any) -> set[str]:
        """Every name that a value may point to: of a list all, of an If both branches."""
        match value:
            case list():
                return {name for each in value for name in self.targets(each)}
            case {"Fn::If": [_, then, otherwise]}:
                return self.targets(then) | self.targets(otherwise)
        return {self.target(value)}

    def _sub(self, text: str, own: Mapping[str, Any]) -> str:
        def replaced(found: re.Match[str]) -> str:
            name = found[1]
            if name in own:
                return self.text(own[name])
            return self._attribute(name) if "." in name else self._ref(name)

        return _VARIABLE.sub(replaced, text)

    def _ref(self, name: str) -> str:
        if name in self.arguments and self.parent is not None:
            return self.parent.text(self.arguments[name])
        if name == "AWS::StackName" and self.within:
            return f"{{{self.within}.StackName}}"
        found = self._own(name)
        return found.name if found else f"{{{name.removeprefix('AWS::')}}}"

    def _attribute(self, path: str) -> str:
        logical, _, attribute = path.partition(".")
        if attribute.startswith("Outputs.") and logical in self.nested:
            stack = self.nested[logical]
            output = stack.body.get("Outputs", {}).get(attribute.removeprefix("Outputs."), {})
            return stack.text(output.get("Value", f"{{{path}}}"))
        found = self._own(logical)
        if found and attribute in {"Arn", NAMES.get(found.kind)}:
            return f"arn:{found.name}" if attribute == "Arn" else found.name
        return f"{{{path}}}"

    def _own(self, logical: str) -> "Resource | None":
        return next((each for each in self.resources() if each.logical == logical), None)


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource of a template."""

    template: Template
    logical: str
    kind: str
    properties: Mapping[str, Any]
    metadata: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name in the account, or its logical id in braces when CloudFormation makes one up."""
        given = self.properties.get(NAMES.get(self.kind, ""))
        return f"{{{self.logical}}}" if given is None else self.template.text(given)

    @property
    def where(self) -> Where:
        """Where the root tells about it: at itself, or at the nested stack that holds it."""
        return ("Resources", self.template.within or self.logical)

    def at(self, *path: str | int) -> Where:
        """The place of one of its properties, as far as it is written in the root."""
        return self.where if self.template.within else (*self.where, "Properties", *path)
