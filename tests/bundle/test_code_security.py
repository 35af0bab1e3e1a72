"""bandit and our semgrep rules over the code: each rule finds its bad example and not the good one."""

import re
from pathlib import Path

import pytest
import yaml

from lint import security
from lint.security import FOLDER, JUDGED, ROOT, bandit, main, semgrep
from tests.bundle.code_rules import SHOWN, Shown

EXCUSES = re.compile(r"# (?:nosec|nosemgrep)\b.*")
REASONED = re.compile(r"# (?:nosec (?:B\d{3})|nosemgrep: [a-z-]+)  # \S.*")


def written(folder: Path, which: str) -> dict[str, Shown]:
    """Every example of one kind as a file where its rule holds; by the path below `folder`."""
    made = {}
    for number, each in enumerate(SHOWN):
        path = Path(each.file).with_name(f"sample_{number}.py")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"{each.imports}\n{getattr(each, which)}\n")
        made[str(path)] = each
    return made


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Shown], list[str]]:
    folder = tmp_path_factory.mktemp("bad")
    made = written(folder, "bad")
    return made, list(semgrep([*JUDGED], folder))


def test_each_rule_finds_its_bad_examples(bad: tuple[dict[str, Shown], list[str]]) -> None:
    made, told = bad
    found = {(line.split(":")[0], line.split(": ")[1]) for line in told}
    missed = {(path, each.rule) for path, each in made.items()} - found
    assert not missed


def test_no_rule_finds_a_good_example(tmp_path: Path) -> None:
    written(tmp_path, "good")
    assert list(semgrep([*JUDGED], tmp_path)) == []


def test_every_rule_has_examples() -> None:
    rules = {each["id"] for each in yaml.safe_load((FOLDER / "semgrep.yaml").read_text())["rules"]}
    assert {each.rule for each in SHOWN} == rules


def test_every_excuse_names_its_check_and_its_reason() -> None:
    excuses = [
        f"{file.relative_to(ROOT)}: {found[0]}"
        for place in JUDGED
        for file in (ROOT / place).rglob("*.py")
        if file != FOLDER.parent / "security.py"
        for found in EXCUSES.finditer(file.read_text())
    ]
    assert excuses
    assert [each for each in excuses if not REASONED.search(each)] == []


def test_bandit_finds_what_ought_not_to_be(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text("import hashlib\nhashlib.md5(b'')\n")
    assert [line for line in bandit(["."], tmp_path) if re.match(r"\./sample\.py:2: B324 ", line)]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "torn.py").write_text("eval(text)\nx = = 5\n")
    assert [line for line in bandit(["."], tmp_path) if "bandit could not read it" in line]
    assert [line for line in semgrep(["."], tmp_path) if "semgrep could not read it" in line]


def test_a_folder_without_code_is_told(tmp_path: Path) -> None:
    assert list(semgrep(["."], tmp_path)) == ["semgrep found no file in ."]


def test_findings_fail_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(security, "bandit", lambda _: iter(["a.py:1: B324 weak"]))
    monkeypatch.setattr(security, "semgrep", lambda _: iter(()))
    assert main([]) == 1
    assert capsys.readouterr().out.startswith("a.py:1: B324 weak\nMend it")


def test_a_tool_that_fails_is_an_error_with_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "bin" / "semgrep"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho no such option >&2\nexit 2\n")
    tool.chmod(0o755)
    monkeypatch.setattr(security, "TOOL", tmp_path)
    with pytest.raises(RuntimeError, match=r"semgrep failed \(2\):\s+no such option"):
        list(semgrep(["."]))
