"""The commands that judge a whole system, against one that runs."""

import json
import subprocess
import sys


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "brightspot_local.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_running_system_is_valid_in_every_part(system):
    done = command("validate", "--url", system.url, "--data", str(system.data), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = {each["part"]: each for each in json.loads(done.stdout)["verdicts"]}
    asked = ["admin token", "server health", "server dataset", "server cache", "server database", "server analysis"]
    assert {told[part]["status"] for part in asked} == {"ok"}
    assert "backend redis" in told["server cache"]["says"]
    assert "backend dynamodb" in told["server database"]["says"]


def test_a_running_system_is_accepted_and_scores_as_the_library_does(system, tmp_path):
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    assert command("acceptance", "--out", str(here)).returncode == 0
    done = command("acceptance", "--url", system.url, "--out", str(there), "--compare", str(here))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "80 of 80 succeeded" in done.stdout
    assert "every address has the same score" in done.stdout
