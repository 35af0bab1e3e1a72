"""The security pages name tests that there are, and every requirement of ASVS 5.0.0, level 2, once."""

import ast
import re
from pathlib import Path

import pytest

from brightspot_local.paths import ROOT

PAGES = ("security.md", "threat-model.md", "asvs.md")
REFERENCE = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
OFFICIAL = [
    line
    for line in Path(__file__).with_name("asvs_5_0_0_level_2.txt").read_text().splitlines()
    if not line.startswith("#")
]
OUT_OF_SCOPE = {"V5", "V10", "V17"}
STATES = {"met", "partly", "no", "operator", "n/a"}
TOP_TEN = [f"API{number}:2023" for number in range(1, 11)]


def page(name):
    return (ROOT / "docs" / name).read_text()


def functions(file):
    return {each.name for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.FunctionDef)}


def rows():
    for ids, state, where in re.findall(r"^\| (V[\d., V]+) \| ([^|]+) \| (.*) \|$", page("asvs.md"), re.MULTILINE):
        yield ids.split(", "), state, where


@pytest.mark.parametrize("name", PAGES)
def test_every_test_that_a_page_names_is_there(name):
    named = REFERENCE.findall(page(name))
    assert named
    missing = [
        f"{file}::{function}"
        for file, function in named
        if not (ROOT / file).is_file() or (function and function not in functions(ROOT / file))
    ]
    assert missing == []


def test_every_requirement_of_level_2_is_judged_once_and_no_other():
    judged = [each for ids, _, _ in rows() for each in ids]
    assert sorted(judged) == sorted(each for each in OFFICIAL if each.split(".")[0] not in OUT_OF_SCOPE)
    assert all(f"{chapter} " in page("asvs.md").partition("## V1")[0] for chapter in OUT_OF_SCOPE)


def test_a_state_is_one_of_five_and_has_its_reason():
    assert {state for _, state, _ in rows()} == STATES
    assert [ids for ids, _, where in rows() if not where.strip()] == []


def test_each_of_owasps_top_ten_for_apis_is_covered_by_tests():
    for risk in TOP_TEN:
        (line,) = re.findall(rf"^\| {risk} .*$", page("threat-model.md"), re.MULTILINE)
        assert REFERENCE.search(line)


def test_each_threat_of_stride_names_the_test_of_what_is_in_its_way():
    table = page("threat-model.md").partition("## STRIDE")[2].partition("\n## ")[0]
    threats = [
        line for line in table.splitlines() if line.startswith("| ") and not line.startswith(("| threat", "|--"))
    ]
    assert len(threats) > 20
    assert [line for line in threats if not REFERENCE.search(line)] == []
    kinds = (
        "Spoofing",
        "Tampering",
        "Repudiation",
        "Information disclosure",
        "Denial of service",
        "Elevation of privilege",
    )
    assert all(f"**{kind}**" in table for kind in kinds)
