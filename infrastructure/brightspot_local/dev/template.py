"""What `make dev` reads from template.yaml: the functions, their environment and the HTTP routes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from brightspot_local.paths import ROOT, TEMPLATE

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:]+)\}")
_DEFAULT_TIMEOUT = 3.0


class TemplateError(Exception):
    """template.yaml holds something that cannot be run locally; the message names it."""


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function: `folder` holds its code, `handler` is `module.callable`, `timeout` is in seconds."""

    name: str
    folder: Path
    handler: str
    timeout: float
    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API, as `METHOD /path`."""

    method: str
    path: str
    function: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms (`!Ref x`) as their long ones (`{"Ref": x}`)."""


def _short_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # the third and last kind of node
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)


def load(file: Path = TEMPLATE) -> dict[str, Any]:
    """The template as plain values."""
    document = yaml.load(file.read_text(), _Loader)  # noqa: S506  # a SafeLoader underneath
    if not isinstance(document, dict):
        raise TemplateError(f"{file.name} is not a template")
    return document


def functions(template: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, Function]:
    """Every function by its logical id; `parameters` override the template's defaults."""
    values = {name: str(each["Default"]) for name, each in template.get("Parameters", {}).items() if "Default" in each}
    values |= {"AWS::Region": "us-east-1", "AWS::StackName": "brightspot-local", **parameters}
    common = template.get("Globals", {}).get("Function", {})
    return {
        name: _function(name, {**common, **each["Properties"]}, _environment(common, each["Properties"]), values)
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::Serverless::Function"
    }


def _environment(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    parts = (common.get("Environment", {}), own.get("Environment", {}))
    return {name: value for part in parts for name, value in part.get("Variables", {}).items()}


def _function(
    name: str, properties: Mapping[str, Any], environment: Mapping[str, Any], values: Mapping[str, str]
) -> Function:
    return Function(
        name=name,
        folder=ROOT / properties["CodeUri"],
        handler=properties["Handler"],
        timeout=float(properties.get("Timeout", _DEFAULT_TIMEOUT)),
        environment={key: _resolve(value, values, f"{name}.{key}") for key, value in environment.items()},
    )


def _resolve(value: Any, values: Mapping[str, str], where: str) -> str:
    """A plain value, a `!Ref` of a parameter or a `!Sub` over parameters, as text."""
    try:
        if isinstance(value, dict) and "Ref" in value:
            return values[value["Ref"]]
        if isinstance(value, dict) and isinstance(value.get("Fn::Sub"), str):
            return _VARIABLE.sub(lambda match: values[match[1]], value["Fn::Sub"])
    except KeyError as error:
        raise TemplateError(f"{where}: {error.args[0]} has no value on this machine") from error
    if isinstance(value, dict):
        raise TemplateError(f"{where}: only Ref and Sub of parameters can be resolved on this machine")
    return str(value).lower() if isinstance(value, bool) else str(value)


def routes(template: Mapping[str, Any]) -> list[Route]:
    """Every HTTP API route, most specific first, as API Gateway chooses."""
    found = [
        Route(event["Properties"]["Method"].upper(), event["Properties"]["Path"], name)
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::Serverless::Function"
        for event in each["Properties"].get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    return sorted(found, key=lambda route: _specificity(route.path))


def _specificity(path: str) -> list[tuple[int, str]]:
    """Sorts literal segments before `{name}` and both before the greedy `{name+}`."""
    ranks = []
    for segment in path.strip("/").split("/"):
        rank = 2 if segment.endswith("+}") else 1 if segment.startswith("{") else 0
        ranks.append((rank, segment))
    return ranks
