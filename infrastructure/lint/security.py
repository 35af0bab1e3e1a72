"""Runs bandit, and semgrep with our own rules, over the code and prints what they find; else nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "code"
ROOT: Final = FOLDER.parents[2]
TOOL: Final = ROOT / ".tools" / "lint-code"
JUDGED: Final = ("layers/shared", "functions", "infrastructure")
_BANDIT: Final = ("--recursive", "--configfile", str(FOLDER / "bandit.yaml"), "--format", "json", "--quiet")
# No registry, no figures to anybody, no look at versions: it runs without a network.
_SEMGREP: Final = (
    "scan",
    "--config",
    str(FOLDER / "semgrep.yaml"),
    "--semgrepignore-v2",
    "--project-root=.",
    "--metrics=off",
    "--disable-version-check",
    "--json",
    "--quiet",
)
_SECONDS: Final = 300


def main(places: list[str]) -> int:
    """Exit code 1 when there is anything to say. `places` are paths below the checkout; none: all code."""
    judged = places or [*JUDGED]
    findings = [*bandit(judged), *semgrep(judged)]
    for each in findings:
        print(each)
    if findings:
        print("Mend it, or say in its line why it is right: `# nosec B105  # why`, `# nosemgrep: <rule>  # why`.")
    return bool(findings)


def bandit(places: list[str], folder: Path = ROOT) -> Iterator[str]:
    """What bandit finds below `folder`, as lines; files that it could not read count."""
    told = _said("bandit", [*_BANDIT, *places], folder)
    for each in told["results"]:
        yield f"{each['filename']}:{each['line_number']}: {each['test_id']} {each['issue_text']}"
    for each in told["errors"]:
        yield f"{each['filename']}: bandit could not read it: {each['reason']}"


def semgrep(places: list[str], folder: Path = ROOT) -> Iterator[str]:
    """What our rules find below `folder`, as lines; files that could not be read whole count."""
    told = _said("semgrep", [*_SEMGREP, *places], folder)
    for each in told["results"]:
        rule = each["check_id"].rpartition(".")[2]
        yield f"{each['path']}:{each['start']['line']}: {rule}: {each['extra']['message']}"
    for each in told["errors"]:
        yield f"{each.get('path', 'semgrep.yaml')}: semgrep could not read it: {each['message']}"
    if not told["paths"]["scanned"]:
        yield f"semgrep found no file in {' '.join(places)}"


def _said(tool: str, options: list[str], folder: Path) -> Mapping[str, Any]:
    """The JSON a tool answers with, in a home of its own. Raises RuntimeError when it does not answer."""
    command = [str(TOOL / "bin" / tool), *options]
    environment = {
        "HOME": str(TOOL),
        "PATH": f"{TOOL / 'bin'}:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
        "SEMGREP_LOG_FILE": "/dev/null",
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    try:
        answer: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise RuntimeError(f"{tool} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}") from error
    return answer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
