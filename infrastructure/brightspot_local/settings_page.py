"""`python -m brightspot_local.settings_page`: write docs/settings.md, all variables that are read or documents name."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import Field, fields, is_dataclass
from typing import Any, get_type_hints

import brightspot
from brightspot.core.settings import Alias
from brightspot.http.policies import POLICIES
from brightspot_local.documents import DEPLOYED, DOCUMENTS, NAMED, NOT_READ
from brightspot_local.paths import ROOT

PAGE = ROOT / "docs" / "settings.md"
_HEAD = """# Settings

Every variable of the environment that Brightspot reads, made from the settings classes (`make settings`). A variable
that is not set, or is empty, has its default. One that cannot be used stops the start, with its name and what it
takes. Several names of one setting may be set, but must agree; else the start stops with both names. Secret ones appear
in no log. On Lambda the template's parameters set most of these ([deploy.md](deploy.md)); here they are set before the
command: `LOG_LEVEL=DEBUG make dev`. A switch that is set to false, and what that switches off, is a line in the log of
each function that it matters to (`switched_off`).

"Named by" says which of the documents that Brightspot was asked for with names a variable, and in which unit it gives
it there.

"""
_KINDS = {"bool": "true or false", "int": "whole number", "float": "number", "str": "text"}


def groups() -> list[type]:
    """Every settings class of the library, by module and place in it."""
    found: dict[type, None] = {}
    for module in pkgutil.walk_packages(brightspot.__path__, "brightspot."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and is_dataclass(each) and each.__module__ == module.name and _declares(each):
                found[each] = None
    return sorted(found, key=lambda group: (group.__module__, group.__name__))


def variables() -> list[str]:
    """Every name that is read, other names of a setting included."""
    return [name for group in groups() for item in fields(group) for name in _names(item)]


def page() -> str:
    """The page as it should stand."""
    return _HEAD + "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield from _table(("short", "document"), DOCUMENTS.items())
    for group in groups():
        yield f"## {_title(group)}"
        yield ""
        yield " ".join((group.__doc__ or "").split())
        yield ""
        yield "| variable | default | takes | what for | named by |"
        yield "|---|---|---|---|---|"
        kinds = get_type_hints(group)
        for item in fields(group):
            yield _row(item, kinds[item.name])
        yield ""
    yield "## One for each rate limit"
    yield ""
    yield "[rate-limits.md](rate-limits.md) tells what these say, and `_PER_USER`, `_COMPUTED` and `_AWAY` behind them."
    yield ""
    yield ", ".join(f"`{each.variable}`" for each in POLICIES)
    yield ""
    yield "## Named by a document, and said when the stack is deployed"
    yield ""
    yield (
        "These are parameters of the template ([deploy.md](deploy.md)): what they say is made then. Nothing reads them."
    )
    yield ""
    said = [(f"`{name}`", _named([name]), f"`{each}`", text) for name, (each, text) in DEPLOYED.items()]
    yield from _table(("variable", "named by", "parameter", "what for"), said)
    yield "## Named by a document, and read by nothing yet"
    yield ""
    yield "Setting one of these changes nothing. It will count, under this name, when what it belongs to is there."
    yield ""
    rows = [(f"`{name}`", _named([name]), belongs) for name, belongs in NOT_READ.items()]
    yield from _table(("variable", "named by", "belongs to"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"
    yield ""


def _declares(group: type) -> bool:
    return any("variable" in item.metadata for item in fields(group))


def _names(item: Field[Any]) -> list[str]:
    return [item.metadata["variable"], *(alias.variable for alias in item.metadata["also"])]


def _title(group: type) -> str:
    return f"{group.__module__.removeprefix('brightspot.')}: {group.__name__}"


def _row(item: Field[Any], kind: type) -> str:
    meta = item.metadata
    others = "".join(f"<br>`{alias.variable}`{_unit(alias)}" for alias in meta["also"])
    takes = _KINDS.get(kind.__name__, kind.__name__) + _bounds(meta["least"], meta["most"])
    text = meta["text"].replace("|", "/").replace("<", "&lt;") + (" (secret)" if meta["secret"] else "")
    return f"| `{meta['variable']}`{others} | {_default(item.default)} | {takes} | {text} | {_named(_names(item))} |"


def _named(variables: list[str]) -> str:
    """Of several names, which document has which."""
    found = {name: NAMED[name] for name in variables if name in NAMED}
    told = [(f"`{name}`: " if len(variables) > 1 else "", *each) for name, each in found.items()]
    return "<br>".join(f"{name}{document}{f', {unit}' if unit else ''}" for name, document, unit in told)


def _unit(alias: Alias) -> str:
    return "" if alias.scale == 1 else f" times {alias.scale:g}"


def _bounds(least: float | None, most: float | None) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return f", at least {least:g}"
    return f", at most {most:,g}" if least is None else f", {least:,g} to {most:,g}"


def _default(value: Any) -> str:
    if value is True or value is False:
        return str(value).lower()
    return f"`{value}`" if value not in {"", None} else "none"


if __name__ == "__main__":
    PAGE.write_text(page())
