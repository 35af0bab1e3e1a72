"""One change of one file, and the finding it should make."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DATA = "infrastructure/data.yaml"
OBSERVABILITY = "infrastructure/observability.yaml"

type Change = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Breakage:
    """`file` is changed, or removed when there is no change; then the rules read `judged`: the root, or that file."""

    rule: str
    name: str
    change: Change | None
    message: str
    file: str = "template.yaml"
    judged: str = "template.yaml"


def without(path: str) -> Change:
    """Removes a property, as `Resource/Property/Part`; `Globals` leads to those of functions."""

    def change(template: dict[str, Any]) -> None:
        place, name = _at(template, path)
        del place[name]

    return change


def put(path: str, value: Any) -> Change:
    """Sets a property."""

    def change(template: dict[str, Any]) -> None:
        place, name = _at(template, path)
        place[name] = value

    return change


def gone(logical: str) -> Change:
    """Removes a resource."""

    def change(template: dict[str, Any]) -> None:
        del template["Resources"][logical]

    return change


def _at(template: dict[str, Any], path: str) -> tuple[Any, str | int]:
    first, *names = (int(name) if name.isdigit() else name for name in path.split("/"))
    place = template["Globals"]["Function"] if first == "Globals" else template["Resources"][first]["Properties"]
    for name in names[:-1]:
        place = place[name]
    return place, names[-1]
