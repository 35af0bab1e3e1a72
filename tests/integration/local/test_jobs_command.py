"""`brightspot jobs`: sends work to a server, waits for it, saves what it found, and says plainly what went wrong."""

import json

import pytest

from brightspot_local import jobs
from brightspot_local.cli import main
from tests.integration.local.servers import serving

ID = "01M7WEYZ4S3T9Q4R7Y2K5H8N0C"
RESULT = {"total": 2, "results": []}


class Server:
    """One job, which is done after two looks; its table stands behind a link."""

    def __init__(self):
        self.asked, self.looks, self.put, self.url = [], 0, None, ""
        self.end, self.error, self.inline = "done", None, RESULT

    def status(self, state):
        over = state not in {"queued", "running"}
        return {
            "id": ID, "job_type": "bulk_analyze", "state": state, "created_at": "2026-11-28T00:00:00Z",
            "progress": {"done": 2 if over else 1, "total": 2, "percent": 50.0},
            "eta_seconds": None if over else 7.4, "finished_at": "2026-11-28T00:00:09Z" if over else None,
            "error": self.error if over else None,
        }  # fmt: skip

    def answer(self, method, path, headers, body):
        self.asked.append((method, path, body))
        if method == "PUT":
            self.put = (body, headers["Content-Type"], headers.get("Authorization"))
            return 200, {}, b""
        if path == "/linked":
            assert headers.get("Authorization") is None
            return 200, {}, b"index,address\r\n"
        return 200, {}, json.dumps(self.told(method, path)).encode()

    def told(self, method, path):
        where = path.removeprefix("/api/v2/batch/")
        if where == "uploads":
            return {"id": "u1", "url": f"{self.url}/put", "headers": {"Content-Type": "text/csv"}}
        if method == "POST":
            return self.status("queued")
        if method == "DELETE":
            return self.status("cancelled")
        if where.startswith("jobs?"):
            more = "cursor" not in where
            return {"jobs": [self.status("running")], "next_cursor": "next" if more else None}
        if where.endswith("/result"):
            files = [{"name": name, "url": f"{self.url}/linked"} for name in ("result.json", "results.csv")]
            return {"id": ID, "result": self.inline, "files": files}
        self.looks += 1
        return self.status("running" if self.looks < 2 else self.end)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(jobs, "_PAUSE_SECONDS", 0.0)
    made = Server()
    with serving(made.answer) as url:
        made.url = url
        yield made


@pytest.fixture
def run(server, tmp_path):
    (tmp_path / "admin-token").write_text("the-token\n")
    return lambda *words: main(["jobs", *words, "--url", server.url, "--data", str(tmp_path)])


def test_a_job_is_sent_with_its_addresses_and_parameters(run, server, capsys):
    words = (
        "--address",
        "55901",
        "--address",
        "Duluth, MN",
        "--param",
        "persona=parent",
        "--param",
        "radius_miles=2.5",
    )
    assert run("submit", "bulk_analyze", *words, "--priority", "high", "--key", "k1") == 0
    parameters = {"persona": "parent", "radius_miles": 2.5, "addresses": ["55901", "Duluth, MN"]}
    sent = {"job_type": "bulk_analyze", "parameters": parameters, "priority": "high"}
    assert server.asked == [("POST", "/api/v2/batch/jobs", sent)]
    assert capsys.readouterr().out == f"{ID}\n"


def test_a_file_is_uploaded_without_the_token_and_named(run, server, tmp_path):
    (tmp_path / "sites.csv").write_bytes(b"address\n55901\n")
    assert run("submit", "bulk_analyze", "--csv", str(tmp_path / "sites.csv")) == 0
    assert server.asked[0][2] == {"bytes": 14}
    assert server.put == (b"address\n55901\n", "text/csv", None)
    assert server.asked[2][2]["parameters"] == {"upload": "u1"}


def test_with_wait_the_result_is_written_when_it_is_done(run, server, capsys):
    assert run("submit", "bulk_analyze", "--address", "55901", "--wait") == 0
    out = capsys.readouterr()
    assert (json.loads(out.out), server.looks, out.err) == (RESULT, 2, f"job {ID}\n")


def test_a_job_that_fails_says_why_and_ends_with_1(run, server, capsys):
    server.end, server.error = "failed", {"error": "File unreadable", "reason": "row 7: no UTF-8"}
    assert run("submit", "bulk_analyze", "--address", "55901", "--wait") == 1
    assert capsys.readouterr().err.endswith("brightspot jobs: the job has failed: row 7: no UTF-8\n")


def test_a_file_of_the_result_is_fetched_by_its_link(run, server, tmp_path):
    out = tmp_path / "out.csv"
    assert run("result", ID, "--file", "results.csv", "--out", str(out)) == 0
    assert out.read_bytes() == b"index,address\r\n"
    server.inline = None
    assert run("result", ID, "--out", str(out)) == 0
    assert server.asked[-1][1] == "/linked"


def test_a_file_that_is_not_there_is_refused_with_those_that_are(run, capsys):
    assert run("result", ID, "--file", "x") == 2
    assert "send one of result.json, results.csv" in capsys.readouterr().err


def test_the_status_tells_how_far_it_is(run, capsys):
    assert run("status", ID) == 0
    assert capsys.readouterr().out == f"{ID}: bulk_analyze, running, 1 of 2 done, about 7 s left\n"


def test_a_job_is_cancelled(run, server, capsys):
    assert run("cancel", ID) == 0
    assert server.asked == [("DELETE", f"/api/v2/batch/jobs/{ID}", b"")]
    assert "cancelled" in capsys.readouterr().out


def test_jobs_are_listed_page_by_page(run, server, capsys):
    assert run("list", "--state", "running", "--limit", "2") == 0
    first, then = (path for _, path, _ in server.asked)
    assert first == "/api/v2/batch/jobs?limit=2&state=running"
    assert then == "/api/v2/batch/jobs?limit=1&state=running&cursor=next"
    assert capsys.readouterr().out.count(ID) == 2


def test_what_cannot_be_sent_is_refused(run, tmp_path, capsys):
    assert run("submit", "bulk_analyze", "--param", "persona") == 2
    assert "send NAME=VALUE" in capsys.readouterr().err
    assert run("submit", "bulk_analyze", "--csv", str(tmp_path / "none.csv")) == 2
    assert "none.csv: No such file" in capsys.readouterr().err


def test_a_refusal_is_told_with_its_reason(server, run, capsys, monkeypatch):
    monkeypatch.setattr(server, "answer", lambda *_: (422, {}, b'{"detail":"job_type: send one of those"}'))
    with serving(server.answer) as url:
        assert main(["jobs", "submit", "x", "--url", url]) == 2
    assert "HTTP 422: job_type: send one of those" in capsys.readouterr().err
