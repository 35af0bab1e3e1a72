"""A nested template as CloudFormation would see it with some parameters: what is made, and what refers to what."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:]+)[A-Za-z0-9.]*\}")


def nested(name: str) -> dict[str, Any]:
    return load(ROOT / "infrastructure" / f"{name}.yaml")


class Stack:
    """`resources` are those whose condition holds, by logical id, each `Fn::If` in them decided."""

    def __init__(self, template: Mapping[str, Any], **parameters: str) -> None:
        self._known = Intrinsics(template, {"Name": "brightspot-dev", "Env": "dev", **parameters})
        self._named = {*template["Parameters"], *template["Resources"]}
        made = {
            name: each
            for name, each in template["Resources"].items()
            if "Condition" not in each or self._holds(each["Condition"])
        }
        self.resources: dict[str, Any] = {name: self._decided(each) for name, each in made.items()}
        self.outputs: dict[str, Any] = self._decided(template["Outputs"])
        self._missing = set(template["Resources"]) - set(made)

    def of(self, kind: str) -> dict[str, Any]:
        """The properties of every resource of a type, by logical id."""
        return {name: each["Properties"] for name, each in self.resources.items() if each["Type"] == kind}

    def dangling(self) -> set[str]:
        """`A -> B` for each reference of what is made to what is not, or to what is no name at all."""
        everything = {**self.resources, "Outputs": self.outputs}
        found = {(name, target) for name, each in everything.items() for target in references(each)}
        return {
            f"{name} -> {target}"
            for name, target in found
            if target in self._missing or not (target in self._named or target.startswith("AWS::"))
        }

    def value(self, value: Any) -> Any:
        """A value that parameters and mappings alone decide."""
        return self._known.resolve(value, "value")

    def _holds(self, condition: str) -> bool:
        return bool(self._known.resolve({"Fn::If": [condition, 1, 0]}, condition))

    def _decided(self, value: Any) -> Any:
        if isinstance(value, list):
            return [each for part in value if (each := self._decided(part)) != {"Ref": "AWS::NoValue"}]
        if not isinstance(value, dict):
            return value
        if list(value) == ["Fn::If"]:
            condition, then, otherwise = value["Fn::If"]
            return self._decided(then if self._holds(condition) else otherwise)
        return {name: self._decided(each) for name, each in value.items()}


def references(value: Any) -> Iterator[str]:
    """The names that a resource or value refers to, by Ref, GetAtt, Sub or DependsOn."""
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            match name:
                case "Ref":
                    yield each
                case "Fn::GetAtt":
                    yield each.partition(".")[0] if isinstance(each, str) else each[0]
                case "Fn::Sub":
                    text, own = (each, {}) if isinstance(each, str) else each
                    yield from (found for found in _VARIABLE.findall(text) if found not in own)
                    yield from references(own)
                case "DependsOn":
                    yield from [each] if isinstance(each, str) else each
                case _:
                    yield from references(each)
