"""What `make dev` reads from template.yaml: functions, their environment, HTTP routes, queues and schedules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from brightspot_local.dev.intrinsics import NESTED, STACKS, Intrinsics, TemplateError
from brightspot_local.paths import ROOT, TEMPLATE

__all__ = [
    "Function",
    "QueueSource",
    "Route",
    "Schedule",
    "TemplateError",
    "functions",
    "load",
    "queue_sources",
    "routes",
    "schedules",
]

_FUNCTION = "AWS::Serverless::Function"
_DEFAULT_TIMEOUT = 3.0
_DEFAULT_BATCH = 10
_USUAL_CONCURRENCY = 1000


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
    """A queue whose messages a function handles, `batch` at a time; `partial`: it tells which of them failed.

    `most_at_once` is how many calls there may be at one time.
    """

    queue: str
    function: str
    batch: int
    partial: bool
    most_at_once: int = _USUAL_CONCURRENCY


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a function is called, as `rate(...)` or `cron(...)`, and with what: `input` is the text of a JSON object."""

    name: str
    function: str
    expression: str
    input: str


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
    """The template as plain values; each nested stack holds its own template, read likewise, as `NESTED`."""
    # nosemgrep: code-from-data  # a SafeLoader underneath
    document = yaml.load(file.read_text(), _Loader)  # noqa: S506  # nosec B506  # as said
    if not isinstance(document, dict) or "Resources" not in document:
        raise TemplateError(f"{file.name} is not a template")
    for each in document["Resources"].values():
        if each["Type"] == STACKS:
            each[NESTED] = load(file.parent / each["Properties"]["TemplateURL"])
    return document


def functions(known: Intrinsics) -> dict[str, Function]:
    """Every function by its logical id, its environment as it is on this machine."""
    found = {}
    for name, each in known.resources(_FUNCTION).items():
        common, own = _common(known.template, each.get("IgnoreGlobals", [])), each["Properties"]
        found[name] = _function(name, {**common, **own}, _environment(common, own), known)
    return found


def _common(template: Mapping[str, Any], ignored: str | list[str]) -> dict[str, Any]:
    """What Globals say of every function, but for what one does not take from there (`*`: nothing)."""
    common = template.get("Globals", {}).get("Function", {})
    return {} if ignored == "*" else {name: value for name, value in common.items() if name not in ignored}


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
        most_at_once=int(properties.get("ScalingConfig", {}).get("MaximumConcurrency", _USUAL_CONCURRENCY)),
    )


def schedules(known: Intrinsics) -> list[Schedule]:
    """Every schedule that calls a function, unless it is switched off."""
    events = [
        (function, name, event["Properties"])
        for function, each in known.resources(_FUNCTION).items()
        for name, event in each["Properties"].get("Events", {}).items()
        if event["Type"] == "ScheduleV2"
    ]
    found = [_schedule(function, name, properties, known) for function, name, properties in events]
    return [each for each in found if each is not None]


def _schedule(function: str, name: str, properties: Mapping[str, Any], known: Intrinsics) -> Schedule | None:
    """The members that say when and with what; the rest is for AWS."""
    said = {key: properties[key] for key in ("Name", "ScheduleExpression", "Input", "State") if key in properties}
    wanted = known.resolve(said, f"{function}.{name}")
    if wanted.get("State", "ENABLED") != "ENABLED":
        return None
    if not _is_object(wanted.get("Input", "")):
        raise TemplateError(f"{function}.{name}: Input must be a JSON object, for it names the task")
    logical = f"{function}{name}"  # as SAM calls it
    return Schedule(wanted.get("Name", logical), function, wanted["ScheduleExpression"], wanted["Input"])


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


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
