"""`brightspot tasks` and `brightspot schedules`: ask a server, and say plainly what it says."""

import json

import pytest

from brightspot_local.cli import main
from tests.integration.local.servers import serving

TASK = {
    "id": "01KB3M5V0Q8Y6Z4T2R7N9W1XCE",
    "name": "send_mail",
    "state": "failed",
    "priority": "high",
    "tenant": "local",
    "created_at": "2026-11-28T10:00:00.000Z",
    "started_at": "2026-11-28T10:00:01.000Z",
    "finished_at": "2026-11-28T10:00:09.000Z",
    "attempt": 2,
    "max_attempts": 2,
    "attempts": [{"attempt": 1, "at": "2026-11-28T10:00:02.000Z", "error": "ValueError: no"}],
    "depends_on": ["01KB3M5V0Q8Y6Z4T2R7N9W1XCD"],
    "waits_for": 0,
    "progress": {"done": 3, "total": 5},
    "result": None,
    "error": {"error": "ValueError", "reason": "no such address"},
}
SCHEDULE = {
    "name": "nightly",
    "task": "send_mail",
    "cron": "0 2 * * *",
    "timezone": "America/Chicago",
    "args": [],
    "kwargs": {},
    "priority": None,
    "max_retries": None,
    "state": "paused",
    "expressions": ["cron(0 2 * * ? *)"],
    "created_at": "2026-11-28T10:00:00Z",
}


@pytest.fixture
def asked():
    return []


@pytest.fixture
def server(asked):
    def answer(method, path, headers, body):
        asked.append((method, path, body))
        assert headers.get("Authorization") == "Bearer the-token"
        bare = path.partition("?")[0]
        if bare.endswith("/gone"):
            return 404, {}, json.dumps({"detail": "there is no task gone"}).encode()
        if bare == "/api/v1/tasks/redrive":
            return 200, {}, json.dumps({"examined": 3, "redriven": 2, "left": 1}).encode()
        if (method, bare) == ("GET", "/api/v1/tasks"):
            told = {"tasks": [TASK, TASK], "next_cursor": None if "cursor" in path else "a=b"}
        elif (method, bare) == ("GET", "/api/v1/schedules"):
            told = {"schedules": [SCHEDULE], "next_cursor": None}
        elif bare.startswith("/api/v1/tasks"):
            told = TASK
        else:
            told = {"deleted": "nightly"} if method == "DELETE" else SCHEDULE
        return 201 if method == "POST" else 200, {}, json.dumps(told).encode()

    with serving(answer) as url:
        yield url


@pytest.fixture
def run(tmp_path, server):
    (tmp_path / "admin-token").write_text("the-token\n")
    return lambda *words: main([*words, "--url", server, "--data", str(tmp_path)])


def test_tasks_are_listed_over_pages_with_why_they_failed(run, asked, capsys):
    assert run("tasks", "list", "--name", "send mail", "--state", "failed", "--limit", "3") == 0
    out = capsys.readouterr().out
    assert out.count(TASK["id"]) == 4
    assert "2 of 2" in out
    assert "ValueError: no such address" in out
    assert [path for _, path, _ in asked] == [
        "/api/v1/tasks?name=send+mail&state=failed&limit=3",
        "/api/v1/tasks?name=send+mail&state=failed&cursor=a%3Db&limit=1",
    ]


@pytest.mark.parametrize(
    ("words", "method", "path"),
    [
        (("show", TASK["id"]), "GET", f"/api/v1/tasks/{TASK['id']}"),
        (("cancel", TASK["id"]), "DELETE", f"/api/v1/tasks/{TASK['id']}"),
        (("redrive", TASK["id"]), "POST", f"/api/v1/tasks/{TASK['id']}/redrive"),
    ],
)
def test_one_task_is_shown_with_its_tries_whatever_is_done_with_it(run, asked, capsys, words, method, path):
    assert run("tasks", *words) == 0
    assert asked[0][:2] == (method, path)
    out = capsys.readouterr().out
    assert out.startswith(f"{TASK['id']} send_mail: failed\n  priority high, tries 2 of 2")
    assert '  progress: {"done":3,"total":5}\n' in out
    assert "ValueError: no\n" in out
    assert "result" not in out


def test_dead_letters_are_redriven_as_many_as_are_asked_for(run, asked, capsys):
    assert run("tasks", "redrive", "--priority", "low", "--limit", "7") == 0
    assert asked == [("POST", "/api/v1/tasks/redrive", {"priority": "low", "limit": 7})]
    assert capsys.readouterr().out == "3 examined, 2 redriven, 1 left\n"


def test_arguments_are_json_where_they_can_be(run, asked):
    words = ["7", "ann@example.com", "[1,2]", "--with", "user_id=123", "--with", "name=Ann=e"]
    how = ["--priority", "high", "--delay", "5", "--after", "a", "--after", "b", "--key", "k", "--retries", "0"]
    assert run("tasks", "submit", "send_mail", *words, *how) == 0
    assert asked[0][2] == {
        "name": "send_mail",
        "args": [7, "ann@example.com", [1, 2]],
        "kwargs": {"user_id": 123, "name": "Ann=e"},
        "priority": "high",
        "key": "k",
        "max_retries": 0,
        "delay_seconds": 5.0,
        "depends_on": ["a", "b"],
    }


def test_an_argument_without_its_name_is_refused_before_the_server_is_asked(run, asked, capsys):
    assert run("tasks", "submit", "send_mail", "--with", "123") == 2
    assert "--with 123: send NAME=VALUE" in capsys.readouterr().err
    assert asked == []


def test_schedules_are_added_listed_paused_resumed_and_removed(run, asked, capsys):
    added = ("add", "nightly", "0 2 * * *", "send_mail", "7", "--timezone", "America/Chicago")
    for words in (added, ("list",), ("pause", "nightly"), ("resume", "nightly"), ("remove", "nightly")):
        assert run("schedules", *words) == 0
    assert asked == [
        (
            "POST",
            "/api/v1/schedules",
            {
                "name": "nightly",
                "cron": "0 2 * * *",
                "task": "send_mail",
                "timezone": "America/Chicago",
                "args": [7],
                "kwargs": {},
            },
        ),
        ("GET", "/api/v1/schedules?limit=100", b""),
        ("PUT", "/api/v1/schedules/nightly/state", {"state": "paused"}),
        ("PUT", "/api/v1/schedules/nightly/state", {"state": "active"}),
        ("DELETE", "/api/v1/schedules/nightly", b""),
    ]
    out = capsys.readouterr().out
    assert "nightly: send_mail at 0 2 * * * (America/Chicago), paused" in out
    assert out.endswith("deleted nightly\n")


def test_what_the_server_refuses_is_said(run, capsys):
    assert run("tasks", "show", "gone") == 2
    assert capsys.readouterr().err == "brightspot tasks show: HTTP 404: there is no task gone\n"
