"""docs/deploy.md tells what the templates say."""

import re
from copy import deepcopy

import pytest

from brightspot_local.dev.template import load
from brightspot_local.parameters import PAGE, filled, parameters
from brightspot_local.paths import ROOT

TEXT = PAGE.read_text()
DECLARED = load()["Parameters"]
CACHE = load(ROOT / "infrastructure" / "cache.yaml")


def test_its_tables_are_those_of_the_templates() -> None:
    assert filled(TEXT) == TEXT, "renew them: .venv/bin/python -m brightspot_local.parameters"


def test_every_parameter_has_a_row_with_its_default() -> None:
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (.*?) \|", TEXT.partition("## Parameters")[2].partition("##")[0], re.MULTILINE)
    )
    assert list(rows) == list(DECLARED)
    told = {name: each.strip("`").replace("empty", "") for name, each in rows.items()}
    assert told == {name: str(each["Default"]) for name, each in DECLARED.items()}


@pytest.mark.parametrize("changed", ["a default", "a value", "a bound", "a parameter"])
def test_a_template_that_changes_leaves_the_page_behind(changed: str) -> None:
    declared = deepcopy(DECLARED)
    match changed:
        case "a default":
            declared["CacheNodes"]["Default"] = 4
        case "a value":
            declared["Egress"]["AllowedValues"].append("proxy")
        case "a bound":
            declared["CacheNodes"]["MaxValue"] = 7
        case "a parameter":
            declared["More"] = {"Type": "String", "Description": "more"}
    assert parameters(DECLARED) in TEXT
    assert parameters(declared) not in TEXT


def test_every_parameter_that_it_names_is_one() -> None:
    named = set(re.findall(r"`([A-Z][a-z]+[A-Za-z]*)(?:=[^`]*)?`", TEXT))
    assert named <= {*DECLARED, "AccessString"}
    given = {
        pair.partition("=")[0] for line in re.findall(r'parameter_overrides = "(.*)"', TEXT) for pair in line.split()
    }
    assert given <= set(DECLARED)


def test_the_turns_of_the_password_are_those_of_the_cache() -> None:
    assert ", ".join(CACHE["Parameters"]["PasswordTurn"]["AllowedValues"]) in TEXT
    assert DECLARED["CachePasswordTurn"]["AllowedValues"] == CACHE["Parameters"]["PasswordTurn"]["AllowedValues"]


def test_its_links_to_other_pages_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", TEXT):
        assert (PAGE.parent / target).exists(), target
