"""The command line: answers for eyes and for programs, and reasons on stderr."""

import io
import json

import pytest

from brightspot_local import show
from brightspot_local.cli import main


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


def test_json_is_the_api_body_and_nothing_else(capfdbinary):
    assert main(["analyze", "55901", "--json"]) == 0
    captured = capfdbinary.readouterr()
    assert captured.err == b""
    assert captured.out.count(b"\n") == 1
    assert json.loads(captured.out)["location"]["zip"] == "55901"


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


def test_weights_of_ones_own_are_used(capsys):
    assert main(["analyze", "55901", "--json", "--weight", "safety=1", "--weight", "demographics=3"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["persona"] == "custom"
    assert body["categories"]["demographics"]["weight"] == pytest.approx(0.75)


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
