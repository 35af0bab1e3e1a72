"""What of a template one published version of a function depends on, besides code and layers.

Lambda freezes a function's configuration in each version. What only AWS knows (the address of a resource that was
replaced for another reason than its definition) is not in the template and so not seen here.
"""

import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from brightspot_local.bundle.references import references
from brightspot_local.dev.intrinsics import NESTED

# Of a function's properties, those that SAM turns into something else than the function that a version freezes.
_NOT_FROZEN: Final = frozenset({
    "AutoPublishAlias", "AutoPublishAliasAllProperties", "AutoPublishCodeSha256", "AssumeRolePolicyDocument", "CodeUri",
    "DeploymentPreference", "EventInvokeConfig", "Events", "PermissionsBoundary", "Policies", "PropagateTags",
    "ProvisionedConcurrencyConfig", "ReservedConcurrentExecutions", "RolePath", "Tags", "VersionDeletionPolicy",
    "VersionDescription",
})  # fmt: skip

Overrides = Mapping[str, Mapping[str, str]]


def configuration(template: Mapping[str, Any], function: str, overrides: Overrides) -> dict[str, Any]:
    """The function's frozen properties over those of Globals, and all that the template says of what they refer to.

    `overrides` are the values that each environment gives to parameters.
    """
    own, ignored = (
        template["Resources"][function]["Properties"],
        template["Resources"][function].get("IgnoreGlobals", []),
    )
    every = template.get("Globals", {}).get("Function", {})
    common = {name: each for name, each in every.items() if ignored != "*" and name not in ignored}
    frozen = {name: value for name, value in _over(common, own).items() if name not in _NOT_FROZEN}
    return {"properties": frozen, "meant": _meaning(template, frozen, overrides)}


def overrides_in(samconfig: Path) -> dict[str, dict[str, str]]:
    """The parameter values of each environment in samconfig.toml. Raises ValueError unless all are `Name=value`."""
    found: dict[str, dict[str, str]] = {}
    environments = {name: each for name, each in tomllib.loads(samconfig.read_text()).items() if isinstance(each, dict)}
    for environment, commands in environments.items():
        for command in ("global", "deploy"):
            written = commands.get(command, {}).get("parameters", {}).get("parameter_overrides", [])
            pairs = shlex.split(written) if isinstance(written, str) else written
            found.setdefault(environment, {}).update(_pair(each, environment) for each in pairs)
    return found


def _pair(text: str, environment: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ValueError(f"{environment} in samconfig.toml: {text!r} is not Name=value")
    return name, value


def _over(common: Any, own: Any) -> Any:
    """As SAM lays a function over Globals: maps merge, lists follow one another, anything else replaces."""
    if isinstance(common, list) and isinstance(own, list):
        return [*common, *own]
    if not isinstance(common, Mapping) or not isinstance(own, Mapping) or _intrinsic(common) or _intrinsic(own):
        return own
    both = {name: _over(common[name], own[name]) for name in common.keys() & own.keys()}
    return {**common, **own, **both}


def _intrinsic(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def _meaning(template: Mapping[str, Any], value: Any, overrides: Overrides, *, whole: bool = False) -> dict[str, Any]:
    """All that a template says of what a value refers to, and that to: of resources their names, or the `whole`."""
    meant: dict[str, Any] = {}
    waiting = list(references(value))
    while waiting:
        kind, name = waiting.pop()
        if f"{kind} {name}" not in meant:
            said, goes_on = _said(template, kind, name, overrides, whole=whole)
            meant[f"{kind} {name}"] = said
            waiting += references(goes_on)
    return meant


def _said(template: Mapping[str, Any], kind: str, name: str, overrides: Overrides, *, whole: bool) -> tuple[Any, Any]:
    """What a template says of one thing, and the part of it whose references are this template's."""
    if kind == "condition":
        said = template.get("Conditions", {})[name]
    elif kind == "mapping":
        outer, column = name.split(".")
        said = {row: cells if column == "*" else cells[column] for row, cells in template["Mappings"][outer].items()}
    elif kind == "output":
        return _put_out(template, *name.split("."))
    elif name in template.get("Parameters", {}):
        given = {environment: values[name] for environment, values in overrides.items() if name in values}
        said = {"default": template["Parameters"][name].get("Default"), "given": given}
    else:
        properties = template["Resources"].get(name, {}).get("Properties", {})
        said = {key: each for key, each in properties.items() if whole or key.endswith("Name")}
    return said, said


def _put_out(template: Mapping[str, Any], stack: str, output: str) -> tuple[Any, Any]:
    """All of a nested stack that an output depends on: another host or subnet must reach the functions."""
    nested, given = (
        template["Resources"][stack][NESTED],
        template["Resources"][stack]["Properties"].get("Parameters", {}),
    )
    value = nested["Outputs"][output]["Value"]
    inside = _meaning(nested, value, {}, whole=True)
    used = {name: each for name, each in given.items() if f"name {name}" in inside}
    return {"value": value, "inside": inside, "given": used}, used
