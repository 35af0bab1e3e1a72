"""`brightspot admin report`: asks a server for reports, and says plainly when it gives none."""

import json

import pytest

from brightspot_local.cli import main
from tests.integration.local.servers import serving

ENTRY = {
    "id": "2026-11-27T00-024h",
    "kind": "day",
    "from": "2026-11-27T00:00:00Z",
    "to": "2026-11-28T00:00:00Z",
    "made_at": "2026-11-28T01:10:02Z",
    "bytes": 6378,
    "links": {},
}
PAGE = b"<!doctype html>\n<html></html>\n"


@pytest.fixture
def asked():
    return []


@pytest.fixture
def server(asked):
    """Three reports, two a page."""

    def answer(method, path, headers, body):
        asked.append((method, path, headers.get("Authorization"), body))
        if method == "POST":
            return 201, {}, json.dumps(ENTRY).encode()
        if path.endswith(".html"):
            return 200, {"Content-Type": "text/html"}, PAGE
        if "cursor=next" in path:
            return 200, {}, json.dumps({"count": 1, "reports": [ENTRY], "next_cursor": None}).encode()
        if "?" in path:
            return 200, {}, json.dumps({"count": 2, "reports": [ENTRY, ENTRY], "next_cursor": "next"}).encode()
        return 404, {}, json.dumps({"detail": "there is no report"}).encode()

    with serving(answer) as url:
        yield url


def run(tmp_path, url, *words):
    return main(["admin", "report", *words, "--url", url, "--data", str(tmp_path)])


def test_one_is_made_with_the_token_of_make_dev(tmp_path, server, asked, capsys):
    (tmp_path / "admin-token").write_text("the-token\n")
    assert run(tmp_path, server, "make", "--period", "week") == 0
    assert asked == [("POST", "/api/v1/monitoring/reports", "Bearer the-token", {"period": "week"})]
    assert capsys.readouterr().out.startswith("2026-11-27T00-024h: 2026-11-27T00:00:00Z to 2026-11-28T00:00:00Z, 6,378")


def test_a_stretch_of_ones_own_is_asked_for_as_it_was_given(tmp_path, server, asked):
    token = tmp_path / "token"
    token.write_text("another")
    words = ("make", "--from", "2026-11-20", "--to", "2026-11-22", "--token-file", str(token))
    assert run(tmp_path, server, *words) == 0
    assert asked[0][2:] == ("Bearer another", {"from": "2026-11-20", "to": "2026-11-22"})


@pytest.mark.parametrize(("limit", "rows"), [("20", 3), ("2", 2)])
def test_the_list_goes_on_over_pages_up_to_its_limit(tmp_path, server, asked, capsys, limit, rows):
    assert run(tmp_path, server, "list", "--limit", limit) == 0
    assert capsys.readouterr().out.count("2026-11-27T00-024h") == rows
    assert len(asked) == (2 if rows == 3 else 1)


def test_a_page_goes_to_a_file_whose_ending_says_its_form(tmp_path, server, asked, capsys):
    out = tmp_path / "report.html"
    assert run(tmp_path, server, "get", ENTRY["id"], "--out", str(out)) == 0
    assert out.read_bytes() == PAGE
    assert asked[0][1] == f"/api/v1/monitoring/reports/{ENTRY['id']}.html"
    assert "report.html: 30 bytes" in capsys.readouterr().err


def test_what_the_server_refuses_is_said_and_nothing_is_written(tmp_path, server, capsys):
    out = tmp_path / "report.json"
    assert run(tmp_path, server, "get", "none", "--out", str(out)) == 2
    assert not out.exists()
    assert "HTTP 404: there is no report" in capsys.readouterr().err


def test_a_server_that_is_not_there_and_a_folder_that_is_not_are_said(tmp_path, server, capsys):
    assert run(tmp_path, "http://127.0.0.1:9", "list") == 2
    assert "cannot be reached" in capsys.readouterr().err
    assert run(tmp_path, server, "get", ENTRY["id"], "--out", str(tmp_path / "none" / "x.html")) == 2
    assert "No such file" in capsys.readouterr().err
