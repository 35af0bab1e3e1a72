"""The command line: answers for eyes and for programs, and reasons on stderr."""

import io
import json
import subprocess
import sys
from contextlib import nullcontext

import pytest

from brightspot_local import analyze, show
from brightspot_local.cli import main
from brightspot_local.services import valkey


@pytest.fixture
def _no_store(monkeypatch):
    """This process answers many questions here, each of which would start a Valkey of its own."""
    monkeypatch.setattr(analyze, "shared_store", lambda data: nullcontext())


def command(*arguments):
    """The command as its users run it: a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "brightspot_local.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_second_time_the_answer_comes_from_the_cache_and_says_so(tmp_path):
    asked = ["analyze", "Rochester, MN 55901", "--data", str(tmp_path)]
    first, second = command(*asked), command(*asked)
    assert (first.returncode, second.returncode, first.stderr, second.stderr) == (0, 0, "", "")
    assert "cached" not in first.stdout
    assert " s ago" in second.stdout
    body = json.loads(command(*asked, "--json").stdout)
    assert (body["cached"], body["cache_hit"]) == (True, True)


def test_it_shares_the_valkey_of_another_command(tmp_path):
    asked = ["analyze", "Rochester, MN 55901", "--data", str(tmp_path), "--json"]
    with valkey.running(tmp_path):
        bodies = [json.loads(command(*asked).stdout) for _ in range(2)]
    assert [body["cached"] for body in bodies] == [False, True]
    assert bodies[0]["id"] == bodies[1]["id"]


def test_without_a_valkey_it_answers_all_the_same_and_says_why(tmp_path):
    taken = tmp_path / "a-file"
    taken.touch()
    answered = command("analyze", "55901", "--data", str(taken))
    assert answered.returncode == 0
    assert "Overall score" in answered.stdout
    assert (answered.stderr.count("\n"), "without a cache" in answered.stderr) == (1, True)


@pytest.mark.usefixtures("_no_store")
def test_a_pipe_gets_plain_text_with_all_that_matters(capsys):
    assert main(["analyze", "Rochester, MN 55901"]) == 0
    out = capsys.readouterr().out
    for told in (
        "Rochester, MN 55901 (Olmsted County)",
        "Overall score",
        "Confidence",
        "demographics",
        "competition",
        "What lifts it",
        "What drags it down",
        "percentile",
        "Missing, and why",
        "licensed_slots",
        "Sources",
        "vintage",
    ):
        assert told in out
    assert "\x1b" not in out


@pytest.mark.usefixtures("_no_store")
def test_json_is_the_api_body_and_nothing_else(capfdbinary):
    assert main(["analyze", "55901", "--json"]) == 0
    captured = capfdbinary.readouterr()
    assert captured.err == b""
    assert captured.out.count(b"\n") == 1
    assert json.loads(captured.out)["location"]["zip"] == "55901"


@pytest.mark.usefixtures("_no_store")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Rochester, WI 55901"], "Minnesota"),
        ([""], "address"),
        (["55901", "--radius-miles", "26"], "0.5 to 25 miles"),
        (["55901", "--persona", "tourist"], "business"),
        (["55901", "--weight", "safety"], "CATEGORY=NUMBER"),
        (["55901", "--weight", "parking=1"], "demographics"),
    ],
)
def test_a_refused_request_prints_its_reason_on_stderr_and_exits_2(capsys, arguments, told):
    assert main(["analyze", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.usefixtures("_no_store")
def test_weights_of_ones_own_are_used(capsys):
    assert main(["analyze", "55901", "--json", "--weight", "safety=1", "--weight", "demographics=3"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["persona"] == "custom"
    assert body["categories"]["demographics"]["weight"] == pytest.approx(0.75)


@pytest.mark.usefixtures("_no_store")
def test_an_answer_without_a_score_says_so(capsys):
    assert main(["analyze", "Charlotte Amalie, VI 00802"]) == 0
    assert "no score: too little is known" in capsys.readouterr().out


def test_personas_are_listed_with_their_weights(capsys):
    assert main(["personas"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("business", "franchise", "investor", "nonprofit", "employer", "parent"))


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_gets_colours_and_tables(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    show.sections([show.Line("Overall", "bold green"), show.Table("T", ["a"], [["[b]1"]])], out)
    assert "\x1b[" in out.getvalue()
    assert "[b]1" in out.getvalue()
