"""`brightspot report`: to a file or to standard output, of an address or of what a server remembers."""

import csv
import io
import json
import subprocess
import sys
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from brightspot import locations
from brightspot_local import site_report
from brightspot_local.cli import main

ID = "01M8FTPAPXTRJCZ9SSRWNKKHHA"


@pytest.fixture(autouse=True)
def _no_store(monkeypatch):
    """This process answers many questions here, each of which would start a Valkey of its own."""
    monkeypatch.setattr(site_report, "shared_store", lambda data: nullcontext())


@pytest.fixture
def server():
    """`server(status, body)`: the URL of a server that gives this answer to all, and the paths that it was asked."""
    running = []

    def start(status, body):
        asked = []

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_): ...

        made = HTTPServer(("127.0.0.1", 0), Answer)
        running.append(made)
        Thread(target=made.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{made.server_address[1]}", asked

    yield start
    for each in running:
        each.shutdown()
        each.server_close()


def test_the_page_goes_to_a_file(tmp_path, capsys):
    out = tmp_path / "report.html"
    assert (
        main(["report", "Rochester, MN 55901", "--out", str(out), "--persona", "investor", "--radius-miles", "5"]) == 0
    )
    text = out.read_text()
    assert text.startswith("<!doctype html>")
    assert "persona investor, radius 5 miles" in text
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["--out", "report.csv"], b"category,"),
        (["--out", "r.txt", "--format", "json"], b"{"),
        (["--out", "r"], b"<!doc"),
    ],
)
def test_the_ending_of_the_file_decides_unless_a_format_is_named(tmp_path, monkeypatch, arguments, begins):
    monkeypatch.chdir(tmp_path)
    assert main(["report", "55901", *arguments]) == 0
    assert (tmp_path / arguments[1]).read_bytes().startswith(begins)


def test_a_pipe_gets_the_report_and_nothing_else(tmp_path):
    command = [
        sys.executable,
        "-m",
        "brightspot_local.cli",
        "report",
        "55901",
        "--format",
        "csv",
        "--data",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert len(list(csv.DictReader(io.StringIO(done.stdout, newline="")))) > 80


def test_weights_of_ones_own_are_told_as_such(tmp_path):
    out = tmp_path / "r.json"
    assert main(["report", "55901", "--out", str(out), "--weight", "safety=1", "--weight", "economic=3"]) == 0
    body = json.loads(out.read_bytes())
    assert (body["persona"], body["categories"]["economic"]["weight"]) == ("custom", 0.75)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Atlantis, MN"], "Atlantis"),
        ([], "address: send an address"),
        (["55901", "--weight", "x"], "CATEGORY=NUMBER"),
        (["55901", "--id", ID], "send --id with --url, and no address"),
        (["--id", ID], "send --id with --url"),
        (["55901", "--out", "/nowhere/at/all.html"], "/nowhere/at/all.html"),
    ],
)
def test_what_cannot_be_done_is_said_on_stderr_and_exits_with_2(capsys, arguments, told):
    assert main(["report", *arguments]) == 2
    seen = capsys.readouterr()
    assert told in seen.err
    assert seen.out == ""


def test_what_a_server_remembers_is_drawn_here(tmp_path, server):
    body = locations.encode(locations.service().analyze(locations.AnalyzeRequest("Duluth, MN 55802")))
    url, asked = server(200, body)
    assert main(["report", "--id", ID, "--url", url, "--out", str(tmp_path / "r.html")]) == 0
    assert "Duluth, MN 55802" in (tmp_path / "r.html").read_text()
    assert asked == [f"/api/v1/analyses/{ID}/report.json"]


def test_what_a_server_does_not_remember_is_said(tmp_path, server, capsys):
    url, _ = server(404, b'{"detail": "there is no such analysis"}')
    assert main(["report", "--id", ID, "--url", url, "--out", str(tmp_path / "r.html")]) == 2
    assert "HTTP 404: there is no such analysis" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()
