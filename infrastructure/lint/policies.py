"""Runs checkov over templates and prints what it finds beyond the declared exceptions; else nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parents[1]
TOOL: Final = ROOT / ".tools" / "lint"
EXCEPTIONS: Final = FOLDER / "exceptions.yaml"
_OPTIONS: Final = ("--framework", "cloudformation", "--skip-download", "--output", "json")
_SECONDS: Final = 300
_NOTHING_TO_JUDGE: Final = {"infrastructure/dashboards.yaml"}  # dashboards alone, of which checkov checks nothing


@dataclass(frozen=True, slots=True)
class Allowed:
    """A check that need not pass on some resources (`*` stands for any text), and why."""

    check: str
    resources: str
    reason: str


def main(files: list[str]) -> int:
    """Exit code 1 when there is anything to say."""
    names = files or [
        "template.yaml",
        *sorted({str(each.relative_to(ROOT)) for each in ROOT.glob("infrastructure/*.yaml")} - _NOTHING_TO_JUDGE),
    ]
    findings = list(beyond(report(names), exceptions(), names))
    for each in findings:
        print(each)
    if findings:
        print(f"Mend it, or declare it with its reason in {EXCEPTIONS.relative_to(ROOT)}.")
    return bool(findings)


def exceptions(file: Path = EXCEPTIONS) -> list[Allowed]:
    """The declared exceptions. Raises ValueError for one without a reason."""
    declared = [
        Allowed(check, each["resources"], each["reason"]) for check, each in yaml.safe_load(file.read_text()).items()
    ]
    for each in declared:
        if not each.reason.strip():
            raise ValueError(f"{file.name}: {each.check} has no reason")
    return declared


def report(files: list[str]) -> Mapping[str, Any]:
    """What checkov says of templates, paths being relative to the checkout.

    It runs in a home of its own, so that nobody's configuration or key changes what it does, and asks no server.
    Raises RuntimeError when it does not answer.
    """
    command = [str(TOOL / "bin" / "checkov"), *_OPTIONS, *(part for each in files for part in ("--file", each))]
    environment = {"HOME": str(TOOL), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    try:
        answer: Mapping[str, Any] = json.loads(done.stdout)["results"]
    except (ValueError, KeyError, TypeError) as error:
        raise RuntimeError(f"checkov failed ({done.returncode}):\n{done.stdout}\n{done.stderr}") from error
    return answer


def beyond(results: Mapping[str, Any], allowed: list[Allowed], files: list[str]) -> Iterator[str]:
    """What is left of the results, as lines; also each file that nothing was read of, and each exception of no use."""
    used = set()
    for found in results["failed_checks"]:
        excuse = next((each for each in allowed if _excuses(each, found)), None)
        if excuse is None:
            yield f"{_place(found)}: {found['check_id']} {found['resource']}: {found['check_name']}"
        else:
            used.add(excuse)
    for found in results["skipped_checks"]:
        yield f"{_place(found)}: {found['resource']} skips {found['check_id']} by itself"
    checks = [each for kind in ("passed_checks", "failed_checks", "skipped_checks") for each in results[kind]]
    for file in sorted(set(files) - {_file(each) for each in checks}):
        yield f"{file}: checkov could read nothing of it"
    for each in allowed:
        if each not in used:
            yield f"{each.check} on {each.resources} excuses nothing: remove it"


def _excuses(allowed: Allowed, found: Mapping[str, Any]) -> bool:
    return allowed.check == found["check_id"] and fnmatchcase(found["resource"], allowed.resources)


def _place(found: Mapping[str, Any]) -> str:
    return f"{_file(found)}:{found['file_line_range'][0]}"


def _file(found: Mapping[str, Any]) -> str:
    """Checkov writes paths below the checkout with a leading slash."""
    return str(found["file_path"]).removeprefix("/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
