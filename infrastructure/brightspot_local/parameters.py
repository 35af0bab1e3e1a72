"""`python -m brightspot_local.parameters`: renew the tables of docs/deploy.md from the templates."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

PAGE = ROOT / "docs" / "deploy.md"
ENVIRONMENTS = ("dev", "staging", "prod")
_PER_ENVIRONMENT = (
    ("new versions take over", "../template", "DeployAs"),
    ("days that logs are kept", "observability", "LogRetentionDays"),
    ("tables protected from deletion", "data", "Protect"),
    ("days that snapshots of the cache are kept", "cache", "SnapshotDays"),
)


def filled(text: str) -> str:
    """The page with each table between its markers renewed."""
    for name, table in (("parameters", parameters(load()["Parameters"])), ("environments", _environments())):
        text = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", rf"\g<1>{_escaped(table)}\n\g<2>", text, flags=re.DOTALL
        )
    return text


def parameters(declared: Mapping[str, Mapping[str, Any]]) -> str:
    """One row for each parameter of a template, in its order."""
    rows = [[f"`{name}`", _default(each), _values(each), each["Description"]] for name, each in declared.items()]
    return _table(["parameter", "default", "values", "what it is"], rows)


def _default(parameter: Mapping[str, Any]) -> str:
    if "Default" not in parameter:
        return "must be given"
    return f"`{parameter['Default']}`" if parameter["Default"] != "" else "empty"


def _values(parameter: Mapping[str, Any]) -> str:
    if "AllowedValues" in parameter:
        return ", ".join(f"`{each}`" for each in parameter["AllowedValues"])
    if "MinValue" in parameter:
        return (
            f"{parameter['MinValue']:,} to {parameter['MaxValue']:,}"
            if "MaxValue" in parameter
            else f"from {parameter['MinValue']:,}"
        )
    return str(parameter.get("ConstraintDescription", "text"))


def _environments() -> str:
    names = tomllib.loads((ROOT / "samconfig.toml").read_text())
    stacks = [f"`{names[each]['global']['parameters']['stack_name']}`" for each in ENVIRONMENTS]
    rows = [["stack", *stacks]]
    for told, file, key in _PER_ENVIRONMENT:
        mapping = load(ROOT / "infrastructure" / f"{file}.yaml")["Mappings"]["ByEnv"]
        rows.append([told, *(f"{mapping[each][key]}" for each in ENVIRONMENTS)])
    return _table(["", *(f"`Env={each}`" for each in ENVIRONMENTS)], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(each)} |" for each in (head, ["---"] * len(head), *rows))


def _escaped(table: str) -> str:
    return table.replace("\\", r"\\")


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
