"""/api/v1/tasks: administrators submit tasks by name, look at them, cancel them and have them tried anew, on record."""

import ast
import importlib

import pytest

from brightspot.operations.background import TASK_MODULES
from brightspot.tasks import PermanentTaskError, background_task
from brightspot.tasks.registry import _addresses, _tasks
from brightspot_local.paths import FUNCTIONS

TASKS = "/api/v1/tasks"


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """Three tasks beside the own ones; the first of them fails until it is mended."""
    importlib.import_module("brightspot.tasks.own")
    monkeypatch.setattr("brightspot.tasks.registry._tasks", {**_tasks})
    monkeypatch.setattr("brightspot.tasks.registry._addresses", {**_addresses})
    broken = {"yes"}

    @background_task("send_mail")
    def send_mail(to, *, subject="hello"):
        if broken:
            raise PermanentTaskError("no such mailbox")
        return f"{subject} to {to}"

    @background_task("add_up", priority="low")
    def add_up(*numbers):
        return sum(numbers)

    @background_task("wait")
    def wait():
        return None

    return broken


@pytest.fixture
def ask(call, admin):
    def send(method, path=TASKS, body=None, route=None, headers=None, **more):
        place = f"{method} {TASKS}/{{id}}" if path != TASKS and route is None else route
        return call("tasks", method, path, body, route=place, headers={**admin, **(headers or {})}, **more)

    return send


def test_a_task_is_submitted_by_its_name_and_done_with_what_it_was_given(ask):
    made = ask("POST", body={"name": "add_up", "args": [1, 2, 3]})
    assert (made.status, made.json["name"], made.json["state"], made.json["result"]) == (201, "add_up", "done", 6)
    assert made.json["priority"] == "low"
    assert made.headers["location"] == f"{TASKS}/{made.json['id']}"
    found = ask("GET", made.headers["location"])
    assert (found.status, found.headers["cache-control"], found.json) == (200, "no-store", made.json)


def test_an_unknown_name_is_refused_with_the_known_ones(ask):
    refused = ask("POST", body={"name": "send_fax"})
    assert refused.status == 422
    (error,) = refused.json["errors"]
    assert error["field"] == "name"
    for name in ("'send_fax'", "add_up", "noop", "send_mail", "wait"):
        assert name in error["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "wait", "args": [1]}, "args"),
        ({"name": "wait", "kwargs": {"fast": True}}, "args"),
        ({"name": "wait", "depends_on": ["nothing"]}, "depends_on"),
        ({"name": "wait", "delay_seconds": -1}, "delay_seconds"),
        ({"name": "wait", "priority": "urgent"}, "priority"),
        ({"name": "wait", "max_retries": 21}, "max_retries"),
        ({"name": "wait", "key": ""}, "key"),
        ({"name": "wait", "path": "os.system"}, "path"),
        ({}, "name"),
    ],
)
def test_what_cannot_be_submitted_is_refused_by_the_field(ask, body, field):
    refused = ask("POST", body=body)
    assert (refused.status, field in refused.json["errors"][0]["field"]) == (422, True)


def test_the_same_key_is_the_same_task_whichever_way_it_is_sent(ask):
    first = ask("POST", body={"name": "add_up", "args": [1], "key": "today"}).json
    again = ask("POST", body={"name": "add_up", "args": [2], "key": "today"}).json
    by_header = ask("POST", body={"name": "add_up", "args": [3]}, headers={"idempotency-key": '"today"'}).json
    other = ask("POST", body={"name": "wait", "key": "today"}).json
    assert first == again == by_header
    assert other["id"] != first["id"]


def test_tasks_are_listed_the_newest_first_by_name_and_state_a_page_at_a_time(ask):
    ids = [ask("POST", body={"name": "add_up", "args": [number]}).json["id"] for number in range(5)]
    failed = ask("POST", body={"name": "send_mail", "args": ["ann"]}).json["id"]
    assert [each["id"] for each in ask("GET", query="state=failed").json["tasks"]] == [failed]
    first = ask("GET", query="name=add_up&limit=3").json
    rest = ask("GET", query=f"name=add_up&limit=3&cursor={first['next_cursor']}").json
    assert [each["id"] for page in (first, rest) for each in page["tasks"]] == ids[::-1]
    assert rest["next_cursor"] is None
    for query in ("state=lost", "limit=0", "limit=101", "cursor=none", "order=oldest"):
        assert ask("GET", query=query).status == 422


def test_a_task_that_waits_is_cancelled_once_and_one_that_has_ended_is_not(ask):
    waits = ask("POST", body={"name": "add_up", "delay_seconds": 3600}).json
    assert waits["state"] == "scheduled"
    gone = ask("DELETE", f"{TASKS}/{waits['id']}")
    assert (gone.status, gone.json["state"]) == (200, "cancelled")
    done = ask("POST", body={"name": "wait"}).json
    refused = ask("DELETE", f"{TASKS}/{done['id']}")
    assert refused.status == 409
    assert "has ended as done" in refused.json["detail"]


def test_a_task_that_failed_shows_why_and_is_tried_anew_when_it_is_mended(ask, known):
    failed = ask("POST", body={"name": "send_mail", "args": ["ann"]}).json
    assert failed["state"] == "failed"
    assert failed["error"]["reason"] == "no such mailbox"
    assert [each["attempt"] for each in failed["attempts"]] == [1]
    known.clear()
    path, route = f"{TASKS}/{failed['id']}/redrive", f"POST {TASKS}/{{id}}/redrive"
    assert ask("POST", path, route=route).status == 200
    assert ask("GET", f"{TASKS}/{failed['id']}").json["result"] == "hello to ann"
    refused = ask("POST", path, route=route)
    assert refused.status == 409
    assert "only one that failed" in refused.json["detail"]


def test_dead_letters_are_counted_when_they_are_redriven(ask):
    told = ask("POST", f"{TASKS}/redrive", {"priority": "high", "limit": 5}, route=f"POST {TASKS}/redrive")
    assert (told.status, told.json) == (200, {"examined": 0, "redriven": 0, "left": 0})
    for body in ({"limit": 0}, {"limit": 1001}, {"priority": "any"}):
        assert ask("POST", f"{TASKS}/redrive", body, route=f"POST {TASKS}/redrive").status == 422


def test_what_is_not_there_is_not_found(ask):
    route = f"POST {TASKS}/{{id}}/redrive"
    assert [ask(method, f"{TASKS}/nobody").status for method in ("GET", "DELETE")] == [404, 404]
    assert ask("POST", f"{TASKS}/nobody/redrive", route=route).status == 404


def test_only_administrators_may_even_look(call):
    assert call("tasks", "GET", TASKS).status == 401
    assert call("tasks", "POST", TASKS, {"name": "wait"}).status == 401


def test_what_administrators_do_is_in_the_audit_log_without_what_tasks_are_given(ask, call, admin):
    made = ask("POST", body={"name": "send_mail", "args": ["ann@example.com"], "key": "k"}).json
    ask("DELETE", f"{TASKS}/{made['id']}")
    ask("POST", f"{TASKS}/{made['id']}/redrive", route=f"POST {TASKS}/{{id}}/redrive")
    ask("POST", f"{TASKS}/redrive", {"limit": 3}, route=f"POST {TASKS}/redrive")
    ask("POST", body={"name": "send_fax"})
    answer = call("audit", "GET", "/api/v1/audit", headers=admin)
    told = [
        (each["event"]["action"], each["event"]["target"], each["event"]["outcome"])
        for each in reversed(answer.json["entries"])
    ]
    assert told == [
        ("task.submit", "send_mail", "done"),
        ("task.cancel", made["id"], "refused"),
        ("task.redrive", made["id"], "done"),
        ("task.redrive", "dead-letters", "done"),
        ("task.submit", "send_fax", "refused"),
    ]
    assert "ann@example.com" not in answer.text


def test_workers_run_the_modules_whose_tasks_may_be_submitted():
    """What were known here and not there would wait for ever."""
    handler = ast.parse((FUNCTIONS / "task_worker" / "task_worker_handler.py").read_text())
    calls = [each for each in ast.walk(handler) if isinstance(each, ast.Call)]
    assert {each.value for call in calls for each in call.args} >= set(TASK_MODULES)
