"""`brightspot compare` and `brightspot search`: tables for eyes, the API's body for programs, reasons on stderr."""

import json
from contextlib import nullcontext

import pytest

from brightspot_local import compare
from brightspot_local.cli import main


@pytest.fixture(autouse=True)
def _no_store(monkeypatch):
    monkeypatch.setattr(compare, "shared_store", lambda data: nullcontext())


def test_a_comparison_is_told_in_tables(capsys):
    assert main(["compare", "Rochester, MN 55901", "St. Paul, MN 55101", "55901", "Atlantis, MN", "00802"]) == 0
    out = capsys.readouterr().out
    for told in (
        "Ranking",
        "Rochester, MN 55901 is 3.97 points ahead of St. Paul, MN 55101",
        "all others",
        "the order holds",
        "gone when weights move by",
        "the same place as Rochester, MN 55901",
        "Address not found",
        "no score",
    ):
        assert told in out, told
    assert "\x1b" not in out


def test_tied_and_firm_neighbours_are_told_in_words(capsys):
    assert main(["compare", "1 Main St, Rochester, MN 55901", "2 Main St, Rochester, MN 55901", "38751"]) == 0
    assert "Tied            1 Main St, Rochester, MN 55901 and 2 Main St" in capsys.readouterr().out
    assert main(["compare", "84097", "79255", "--weight", "demographics=1", "--weight", "economic=1"]) == 0
    assert "Why 84097 is" in capsys.readouterr().out


def test_a_comparison_as_json_is_the_body_of_the_api(capfdbinary):
    assert main(["compare", "55901", "55101", "--json", "--radius-miles", "5", "--persona", "parent"]) == 0
    captured = capfdbinary.readouterr()
    assert captured.err == b""
    body = json.loads(captured.out)
    assert (body["persona"], body["radius_miles"], len(body["ranked"])) == ("parent", 5.0, 2)


def test_a_search_is_told_as_a_table_with_the_next_page(capsys):
    assert main(["search", "--state", "MN", "--persona", "business", "--filter", "population=5000:20000"]) == 0
    out = capsys.readouterr().out
    assert "Best ZIPs of Minnesota for business" in out
    assert "116 without residents" in out
    assert "20 ZIPs" not in out
    assert out.count("County") == 10
    assert "people" in out
    cursor = out.split("--cursor ")[1].strip()
    again = ["search", "--state", "MN", "--filter", "population=5000:20000", "--cursor", cursor, "--json"]
    assert main(again) == 0
    assert json.loads(capsys.readouterr().out)["results"][0]["rank"] == 11


def test_a_search_round_an_address_tells_the_distance(capsys):
    assert main(["search", "--near", "55901", "--miles", "15", "--limit", "3"]) == 0
    out = capsys.readouterr().out
    assert "Rochester, MN 55901 within 15 miles" in out
    assert "miles" in out.splitlines()[4]


def test_a_search_without_results_says_so_by_its_figures(capsys):
    assert main(["search", "--state", "GU"]) == 0
    assert "0 ZIPs match" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["compare", "55901"], "2 to 10"),
        (["compare", "55901", "Atlantis, MN"], "Atlantis"),
        (["compare", "55901", "55101", "--weight", "safety"], "CATEGORY=NUMBER"),
        (["search", "--state", "Ontario"], "Minnesota"),
        (["search", "--filter", "population"], "NAME=MIN:MAX"),
        (["search", "--filter", "population=many:"], "NAME=MIN:MAX"),
        (["search", "--filter", "populaton=1:"], "did you mean population"),
        (["search", "--limit", "101"], "1 to 100"),
    ],
)
def test_what_cannot_be_used_is_said_on_stderr_and_exits_2(capsys, arguments, told):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert told in captured.err
