"""What a value of a template refers to: parameters, resources, outputs of nested stacks, conditions, mappings."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")


def references(value: Any) -> Iterator[tuple[str, str]]:
    """As (kind, name).

    Kinds are `name` (a parameter or resource), `output` (`<stack>.<output>`), `condition`, and `mapping`
    (`<map>.<column>`, column `*` for any).
    """
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    if isinstance(value, Mapping):
        for function, argument in value.items():
            yield from _of_function(function, argument)
    for each in parts:
        yield from references(each)


def _of_function(function: str, argument: Any) -> Iterator[tuple[str, str]]:
    match function, argument:
        case ("Ref", str()):
            yield "name", argument
        case ("Fn::GetAtt", str() | [str(), str()]):
            yield _attribute(argument if isinstance(argument, str) else ".".join(argument))
        case ("Fn::Sub", str() | [str(), *_]):
            yield from map(_attribute, _VARIABLE.findall(_first(argument)))
        case ("Condition" | "Fn::If", str() | [str(), *_]):
            yield "condition", _first(argument)
        case ("Fn::FindInMap", [str(outer), _, column, *_]):
            yield "mapping", f"{outer}.{column if isinstance(column, str) else '*'}"


def _attribute(path: str) -> tuple[str, str]:
    logical, _, attribute = path.partition(".")
    if attribute.startswith("Outputs."):
        return "output", f"{logical}.{attribute.removeprefix('Outputs.')}"
    return "name", logical


def _first(argument: str | list[str]) -> str:
    return argument if isinstance(argument, str) else argument[0]
