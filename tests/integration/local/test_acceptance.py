"""`brightspot acceptance`: 80 addresses analysed here or by a server, kept and compared."""

import json

import pytest

from brightspot import locations
from brightspot_local.acceptance.sites import sites
from brightspot_local.cli import main
from tests.integration.local.servers import serving


@pytest.fixture
def analyses():
    """What an analysis of each address is answered with."""
    made = {}

    def of(address):
        if address not in made:
            made[address] = locations.encode(locations.service().analyze(locations.AnalyzeRequest(address)))
        return made[address]

    return of


def test_all_eighty_succeed_and_the_summary_is_kept(tmp_path, capsys):
    out = tmp_path / "new" / "summary.json"
    assert main(["acceptance", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "accepted: 80 of 80 succeeded (100.0 %" in printed
    assert {"city", "suburb", "rural", "military", "territory", "all"} <= {
        line.split()[0] for line in printed.splitlines() if line.startswith("  ")
    }
    kept = json.loads(out.read_bytes())
    assert (kept["every"]["total"], kept["every"]["successful"], len(kept["sites"])) == (80, 80, 80)
    assert kept["every"]["ms"]["min"] <= kept["every"]["ms"]["median"] <= kept["every"]["ms"]["p95"]
    assert kept["model"].startswith("brightspot-percentile ")


def test_every_zip_of_the_list_is_in_the_dataset_and_in_its_state():
    known = dict(locations.shared_dataset().rows("SELECT zip, state FROM zips"))
    assert [each.address for each in sites() if known.get(int(each.zip)) != each.state] == []


def test_a_place_without_embedded_data_has_no_score_rather_than_an_invented_one():
    unscored = [each for each in sites() if not each.scored]
    assert {each.state for each in unscored} == {"GU", "VI", "MP", "AS"}
    for each in unscored:
        found = locations.service().analyze(locations.AnalyzeRequest(each.address))
        assert (found.overall_score, found.status) == (None, "completed")


def test_it_tells_what_differs_from_an_earlier_run(tmp_path, capsys):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    main(["acceptance", "--out", str(first)])
    changed = json.loads(first.read_bytes())
    changed["sites"][0]["overall_score"] += 2.0
    first.write_text(json.dumps(changed))
    capsys.readouterr()
    assert main(["acceptance", "--out", str(second), "--compare", str(first)]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "-2.000" in line]
    assert len(lines) == 1
    assert changed["sites"][0]["address"] in lines[0]


def test_a_server_is_asked_with_the_token_and_its_cached_answers_are_told(tmp_path, capsys, analyses):
    tokens = set()

    def answer(_method, path, headers, asked):
        assert path == "/api/v1/analyze"
        tokens.add(headers["Authorization"])
        body = analyses(asked["address"])
        return 200, {}, body.replace(b'"cached":false,"cache_hit":false', b'"cached":true,"cache_hit":true')

    token = tmp_path / "token"
    token.write_text("a.b.c\n")
    with serving(answer) as url:
        asked = ["acceptance", "--url", url, "--token-file", str(token), "--out", str(tmp_path / "s.json")]
        assert main(asked) == 0
        assert f"Asked {url}" in (printed := capsys.readouterr().out)
    assert "80 of 80 answers came from the server's cache" in printed
    assert tokens == {"Bearer a.b.c"}


def test_refusals_of_a_server_are_failures_with_their_reasons(tmp_path, capsys, analyses):
    refused = {each.address for each in sites()[:5]}

    def answer(_method, _path, _headers, asked):
        if asked["address"] in refused:
            return 503, {}, b'{"detail": "the database cannot be used now"}'
        return 200, {}, analyses(asked["address"])

    with serving(answer) as url:
        assert main(["acceptance", "--url", url, "--out", str(tmp_path / "s.json")]) == 1
    printed = capsys.readouterr().out
    assert "NOT accepted: 75 of 80" in printed
    assert printed.count("HTTP 503: the database cannot be used now") == 5


def test_a_limit_is_waited_out_once(tmp_path, analyses, monkeypatch):
    waits, limited = [], []

    def answer(_method, _path, _headers, asked):
        if not limited:
            limited.append(asked)
            return 429, {"Retry-After": "7"}, b'{"detail": "100 per 1 minute"}'
        return 200, {}, analyses(asked["address"])

    monkeypatch.setattr("time.sleep", waits.append)
    with serving(answer) as url:
        assert main(["acceptance", "--url", url, "--out", str(tmp_path / "s.json")]) == 0
    assert 7 in waits


@pytest.mark.parametrize(
    ("content", "says"), [(b"<html>", "without JSON"), (b"[1]", "another shape"), (b'{"id": 1}', "another shape")]
)
def test_what_is_no_brightspot_server_is_said_at_once(tmp_path, capsys, content, says):
    with serving(lambda *_: (200, {}, content)) as url:
        assert main(["acceptance", "--url", url, "--out", str(tmp_path / "s.json")]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "s.json").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--url", "http://127.0.0.1:1"], "cannot be reached"),
        (["--url", "localhost:9025"], "is no URL of a server"),
        (["--url", "http://127.0.0.1:1", "--token-file", "nowhere"], "holds no token"),
        (["--compare", "nowhere.json"], "nowhere.json"),
        (["--compare", __file__], "Expected `object`"),
        (["--out", "/dev/null/s.json"], "/dev/null"),
    ],
)
def test_a_run_that_cannot_be_made_says_why(tmp_path, capsys, arguments, says):
    assert main(["acceptance", "--out", str(tmp_path / "s.json"), *arguments]) == 2
    assert says in capsys.readouterr().err
