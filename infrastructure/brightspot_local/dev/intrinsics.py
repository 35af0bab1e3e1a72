"""CloudFormation's functions (Ref, Sub, GetAtt, If, ...) with the values that they have on this machine."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Self

REGION: Final = "us-east-1"
ACCOUNT: Final = "000000000000"
STACK: Final = "brightspot-local"
TABLE: Final = "AWS::DynamoDB::Table"
QUEUE: Final = "AWS::SQS::Queue"
BUCKET: Final = "AWS::S3::Bucket"
SCHEDULE_GROUP: Final = "AWS::Scheduler::ScheduleGroup"
_ROLE: Final = "AWS::IAM::Role"
STACKS: Final = "AWS::CloudFormation::Stack"
NESTED: Final = "Template"  # where a stack that is nested holds its template, once it was read
_NAME_PROPERTY: Final = {
    TABLE: "TableName",
    QUEUE: "QueueName",
    BUCKET: "BucketName",
    SCHEDULE_GROUP: "Name",
    _ROLE: "RoleName",
}
_ARN_BEFORE_NAME: Final = {
    TABLE: f"dynamodb:{REGION}:{ACCOUNT}:table/",
    QUEUE: f"sqs:{REGION}:{ACCOUNT}:",
    BUCKET: "s3:::",
    SCHEDULE_GROUP: f"scheduler:{REGION}:{ACCOUNT}:schedule-group/",
    _ROLE: f"iam::{ACCOUNT}:role/",
}
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")
_PSEUDO: Final = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": STACK,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": None,
}


class TemplateError(Exception):
    """template.yaml holds something that cannot be run locally; the message names it."""


class Intrinsics:
    """Resolves the values of one template.

    Names and ARNs follow from the template alone. The URL of a queue needs `endpoint`,
    where SQS is reached; without one it is empty: there is no queue.
    """

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str], endpoint: str = "") -> None:
        given = template.get("Parameters", {})
        defaults = {name: str(each["Default"]) for name, each in given.items() if "Default" in each}
        self.template = template
        self._endpoint = endpoint
        self._values: dict[str, Any] = {**defaults, **_PSEUDO, **parameters}
        self._functions: dict[str, Callable[[Any, str], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::FindInMap": self._find,
            "Fn::If": self._if,
        }

    def resolve(self, value: Any, where: str) -> Any:
        """A value without functions; what is `AWS::NoValue` is left out.

        Raises TemplateError, naming `where` and the name that has no value here.
        """
        if isinstance(value, list):
            return [each for part in value if (each := self.resolve(part, where)) is not None]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in self._functions:
                return self._functions[name](argument, where)
            if name.startswith("Fn::"):
                raise TemplateError(f"{where}: {name} cannot be resolved on this machine")
        return {name: each for name, part in value.items() if (each := self.resolve(part, where)) is not None}

    def resources(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """Every resource of a type whose condition holds, unresolved, by logical id."""
        return {
            name: each
            for name, each in self.template["Resources"].items()
            if each["Type"] == kind and ("Condition" not in each or self._holds({"Condition": each["Condition"]}, name))
        }

    def stacks(self) -> Iterator[Self]:
        """This stack and all that are nested in it, those whose condition holds."""
        yield self
        for name in self.resources(STACKS):
            yield from self.nested(name).stacks()

    def nested(self, logical: str) -> Self:
        """The values of a nested stack, which has the parameters that this one gives it."""
        stack = self.template["Resources"][logical]
        given = self.resolve(stack["Properties"].get("Parameters", {}), f"{logical}.Parameters")
        own = {"AWS::StackName": f"{self._values['AWS::StackName']}-{logical}"}
        parameters = {name: str(value) for name, value in given.items()}
        return type(self)(stack[NESTED], {**own, **parameters}, self._endpoint)

    def name(self, logical: str) -> str:
        """The physical name of a table, queue, bucket, role or group of schedules."""
        resource = self.template["Resources"][logical]
        named = resource.get("Properties", {}).get(_NAME_PROPERTY[resource["Type"]])
        return f"{self._values['AWS::StackName']}-{logical}" if named is None else str(self.resolve(named, logical))

    def _ref(self, name: str, where: str) -> Any:
        if name in self._values:
            return self._values[name]
        kind = self._kind(name, where)
        if kind == QUEUE:
            return f"{self._endpoint}/{ACCOUNT}/{self.name(name)}" if self._endpoint else ""
        return self.name(name)

    def _attribute(self, path: str | list[str], where: str) -> str:
        logical, _, attribute = path.partition(".") if isinstance(path, str) else (path[0], "", path[1])
        if attribute.startswith("Outputs."):
            return self._output(logical, attribute.removeprefix("Outputs."), where)
        kind = self._kind(logical, where)
        if attribute == "Arn":
            return f"arn:aws:{_ARN_BEFORE_NAME[kind]}{self.name(logical)}"
        if kind == QUEUE and attribute in {"QueueName", "QueueUrl"}:
            return self.name(logical) if attribute == "QueueName" else str(self._ref(logical, where))
        raise TemplateError(f"{where}: {logical}.{attribute} has no value on this machine")

    def _output(self, logical: str, output: str, where: str) -> str:
        if logical not in self.resources(STACKS):
            raise TemplateError(f"{where}: {logical} is no nested stack on this machine")
        nested = self.nested(logical)
        if output not in nested.template.get("Outputs", {}):
            raise TemplateError(f"{where}: {logical} puts out no {output}")
        return str(nested.resolve(nested.template["Outputs"][output]["Value"], f"{logical}.{output}"))

    def _kind(self, name: str, where: str) -> str:
        kind = str(self.template.get("Resources", {}).get(name, {}).get("Type"))
        if kind not in _NAME_PROPERTY:
            raise TemplateError(f"{where}: {name} has no value on this machine")
        return kind

    def _sub(self, argument: Any, where: str) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name in own:
                return str(self.resolve(own[name], where))
            return str(self._attribute(name, where) if "." in name else self._ref(name, where))

        return _VARIABLE.sub(value, text)

    def _join(self, argument: list[Any], where: str) -> str:
        separator, parts = argument
        return str(separator).join(str(part) for part in self.resolve(parts, where))

    def _find(self, argument: list[Any], where: str) -> Any:
        outer, middle, inner = self.resolve(argument, where)
        try:
            return self.template["Mappings"][outer][middle][inner]
        except KeyError as error:
            raise TemplateError(f"{where}: no {outer}, {middle}, {inner} in Mappings") from error

    def _if(self, argument: list[Any], where: str) -> Any:
        condition, then, otherwise = argument
        return self.resolve(then if self._holds({"Condition": condition}, where) else otherwise, where)

    def _holds(self, condition: Mapping[str, Any], where: str) -> bool:
        ((name, argument),) = condition.items()
        match name:
            case "Condition":
                return self._holds(self.template["Conditions"][argument], where)
            case "Fn::Equals":
                left, right = (str(each) for each in self.resolve(argument, where))
                return left == right
            case "Fn::Not":
                return not self._holds(argument[0], where)
            case "Fn::And":
                return all(self._holds(each, where) for each in argument)
            case "Fn::Or":
                return any(self._holds(each, where) for each in argument)
            case _:
                raise TemplateError(f"{where}: {name} is not a condition")
