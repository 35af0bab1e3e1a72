"""The rules for templates: a bundle that owes nothing passes, and each thing taken from it is missed by name."""

import ast
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

import pytest

from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT
from tests.bundle.breakages import BREAKAGES, Breakage

BORN = ROOT / "tests/bundle/born"
PYTHON = ROOT / ".tools/sam/bin/python"
CFN_LINT = (str(ROOT / ".tools/sam/bin/cfn-lint"), "--config-file", "infrastructure/lint/cfn-lint.yaml")
REAL = ["template.yaml", *sorted(str(each.relative_to(ROOT)) for each in ROOT.glob("infrastructure/*.yaml"))]
GREET = "  GreetFunction:\n    Type: AWS::Serverless::Function\n"
PAGE = (ROOT / "CONTRIBUTING.md").read_text()


@dataclass(frozen=True)
class Told:
    """What our rules are, and what they found in each file."""

    rules: list[str]
    found: dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each breakage a copy of the bundle that has it."""
    folder = tmp_path_factory.mktemp("broken")
    return {each.name: break_copy(each, folder / each.name.replace(" ", "-")) for each in BREAKAGES}


def break_copy(breakage: Breakage, folder: Path) -> Path:
    shutil.copytree(BORN, folder)
    file = folder / breakage.file
    file.unlink()
    if breakage.change is not None:
        template = load(BORN / breakage.file)
        breakage.change(template)
        file.write_text(json.dumps(template))
    return folder / breakage.judged


@pytest.fixture(scope="session")
def unpublished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real templates, but for the alias that Globals give to all functions."""
    folder = tmp_path_factory.mktemp("unpublished")
    for name in ("infrastructure", "events"):
        (folder / name).symlink_to(ROOT / name)
    template = load(ROOT / "template.yaml")
    del template["Globals"]["Function"]["AutoPublishAlias"]
    (folder / "template.yaml").write_text(json.dumps(template))
    return folder / "template.yaml"


@pytest.fixture(scope="session")
def told(broken: dict[str, Path], unpublished: Path) -> Told:
    """Our rules' findings in the whole bundle, every broken one and the real templates, in one run."""
    files = [*(str(each) for each in [*born(), *broken.values(), unpublished]), *REAL]
    done = run(str(PYTHON), "tests/bundle/ours.py", *files)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return Told(
        answer["rules"], {file: [(rule, text) for rule, text in each] for file, each in answer["found"].items()}
    )


def born() -> list[Path]:
    return [BORN / "template.yaml", *sorted(BORN.glob("infrastructure/*.yaml"))]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "infrastructure", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_a_bundle_that_owes_nothing_passes(told: Told) -> None:
    assert [found for file in born() for found in told.found[str(file)]] == []


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda each: each.name)
def test_what_is_missing_is_told_with_what_to_write(breakage: Breakage, told: Told, broken: dict[str, Path]) -> None:
    found = told.found[str(broken[breakage.name])]
    assert {rule for rule, _ in found} == {breakage.rule}, found
    assert breakage.message in found[0][1]


@pytest.mark.parametrize("file", REAL)
def test_the_real_templates_owe_nothing(file: str, told: Told) -> None:
    assert told.found[file] == []


def test_what_the_real_functions_all_lack_is_told_of_each(told: Told, unpublished: Path) -> None:
    resources = load(ROOT / "template.yaml")["Resources"]
    functions = {name for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"}
    assert {(rule, text.split()[0]) for rule, text in told.found[str(unpublished)]} == {
        ("E9011", name) for name in functions
    }


def test_every_rule_is_seen_to_fail(told: Told) -> None:
    assert {each.rule for each in BREAKAGES} - {"E0002"} == set(told.rules)


def test_the_page_for_whoever_adds_a_function_names_every_rule_and_no_other(told: Told) -> None:
    assert set(re.findall(r"\bE9\d{3}\b", PAGE)) == set(told.rules)


def test_the_page_names_no_test_that_is_not_there() -> None:
    there = {file.name for file in (ROOT / "tests").rglob("test_*.py")}
    assert set(re.findall(r"\btest_\w+\.py\b", PAGE)) - there == set()


def test_cfn_lint_as_make_runs_it_passes_a_bundle_that_owes_nothing() -> None:
    done = run(*CFN_LINT, *(str(each) for each in born()))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_cfn_lint_as_make_runs_it_fails_at_the_line_to_change_whatever_a_function_says(tmp_path: Path) -> None:
    late = changed(tmp_path / "late", "Timeout: 10\n", "Timeout: 30\n")
    untraced = changed(tmp_path / "untraced", "Tracing: Active", "Tracing: PassThrough")
    metadata = "    Metadata: {cfn-lint: {config: {ignore_checks: [E9003]}}}\n"
    deaf = changed(tmp_path / "deaf", GREET, GREET + metadata, "Timeout: 10\n", "Timeout: 30\n")
    done = run(*CFN_LINT, "--format", "parseable", str(late), str(untraced), str(deaf))
    assert done.returncode != 0
    found = {
        (file, int(at), rule) for file, at, rule in re.findall(r"^(.+?):(\d+):.*:(E\d+):", done.stdout, re.MULTILINE)
    }
    assert found == {
        (str(late), line_of(late, "      Timeout: 30"), "E9003"),
        (str(untraced), line_of(untraced, "    Tracing: PassThrough"), "E9002"),
        (str(deaf), line_of(deaf, "      Timeout: 30"), "E9003"),
    }


def changed(folder: Path, *texts: str) -> Path:
    """A copy of the bundle, every second text in place of the one before it."""
    shutil.copytree(BORN, folder)
    file = folder / "template.yaml"
    template = file.read_text()
    for old, new in batched(texts, 2, strict=True):
        assert old in template
        template = template.replace(old, new)
    file.write_text(template)
    return file


def line_of(file: Path, text: str) -> int:
    return file.read_text().splitlines().index(text) + 1


def test_every_sample_event_has_its_answer_in_the_test_that_starts_functions() -> None:
    tree: Any = ast.parse((ROOT / "tests/bundle/test_functions.py").read_text())
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    samples = {file.stem for file in (ROOT / "events").glob("*.json")}
    assert samples - named == set(), "say in tests/bundle/test_functions.py what these are answered"
