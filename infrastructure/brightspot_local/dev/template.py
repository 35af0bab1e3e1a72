"""What `make dev` reads from template.yaml: functions, their environment, HTTP routes and queues."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from brightspot_local.dev.intrinsics import Intrinsics, TemplateError
from brightspot_local.paths import ROOT, TEMPLATE

__all__ = ["Function", "QueueSource", "Route", "TemplateError", "functions", "load", "queue_sources", "routes"]

_FUNCTION = "AWS::Serverless::Function"
_DEFAULT_TIMEOUT = 3.0
_DEFAULT_BATCH = 10


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


@dataclass(frozen=True, slots=True)
class QueueSource:
    """A queue whose messages a function handles, `batch` at a time; `partial`: it tells which of them failed."""

    queue: str
    function: str
    batch: int
    partial: bool


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


def functions(known: Intrinsics) -> dict[str, Function]:
    """Every function by its logical id, its environment as it is on this machine."""
    common = known.template.get("Globals", {}).get("Function", {})
    return {
        name: _function(name, {**common, **each["Properties"]}, _environment(common, each["Properties"]), known)
        for name, each in known.resources(_FUNCTION).items()
    }


def _environment(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    parts = (common.get("Environment", {}), own.get("Environment", {}))
    return {name: value for part in parts for name, value in part.get("Variables", {}).items()}


def _function(name: str, properties: Mapping[str, Any], environment: Mapping[str, Any], known: Intrinsics) -> Function:
    resolved = {key: known.resolve(value, f"{name}.{key}") for key, value in environment.items()}
    return Function(
        name=name,
        folder=ROOT / properties["CodeUri"],
        handler=properties["Handler"],
        timeout=float(properties.get("Timeout", _DEFAULT_TIMEOUT)),
        environment={key: _text(value) for key, value in resolved.items() if value is not None},
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def queue_sources(known: Intrinsics) -> list[QueueSource]:
    """Every queue that feeds a function, unless it is switched off."""
    return [
        _queue_source(name, properties)
        for name, each in known.resources(_FUNCTION).items()
        for event in each["Properties"].get("Events", {}).values()
        if event["Type"] == "SQS" and (properties := known.resolve(event["Properties"], name)).get("Enabled", True)
    ]


def _queue_source(function: str, properties: Mapping[str, Any]) -> QueueSource:
    return QueueSource(
        queue=properties["Queue"].rpartition(":")[2],
        function=function,
        batch=int(properties.get("BatchSize", _DEFAULT_BATCH)),
        partial="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
    )


def routes(template: Mapping[str, Any]) -> list[Route]:
    """Every HTTP API route, most specific first, as API Gateway chooses."""
    found = [
        Route(event["Properties"]["Method"].upper(), event["Properties"]["Path"], name)
        for name, each in template["Resources"].items()
        if each["Type"] == _FUNCTION
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
