"""/api/v1/maintenance/tasks: the tasks, a run by hand, and the runs, for administrators."""

from datetime import timedelta

import msgspec
import pytest

from brightspot import operations
from brightspot.operations.upkeep.kept import shared_runs
from brightspot.operations.upkeep.registry import TASKS

BASE = "/api/v1/maintenance/tasks"


def ask(call, admin, method, path, body=None, **more):
    route = {f"{BASE}": BASE}.get(path) or f"{BASE}/{{name}}/{path.rpartition('/')[2]}"
    return call("maintenance_runs", method, path, body, headers=admin, route=f"{method} {route}", **more)


def test_the_seven_tasks_are_told_with_their_last_run(call, admin):
    told = ask(call, admin, "GET", BASE).json
    assert [each["name"] for each in told["tasks"]] == [*TASKS]
    assert told["count"] == 7
    assert {each["last_run"] for each in told["tasks"]} == {None}


def test_a_dry_run_is_answered_with_its_counts_and_is_in_the_history(call, admin):
    answer = ask(call, admin, "POST", f"{BASE}/cleanup_old_content/run", {"dry_run": True})
    assert (answer.status, answer.json["outcome"], answer.json["dry_run"]) == (200, "done", True)
    assert answer.json["who"] == "local-admin"
    assert answer.json["counts"]["analyses"] == {"looked_at": 0, "changed": 0, "failed": 0, "left": 0}
    runs = ask(call, admin, "GET", f"{BASE}/cleanup_old_content/runs").json
    assert (runs["count"], runs["runs"], runs["next_cursor"]) == (1, [answer.json], None)


@pytest.mark.parametrize("name", TASKS)
def test_each_task_can_be_run_by_hand(name, call, admin):
    answer = ask(call, admin, "POST", f"{BASE}/{name}/run", {})
    assert (answer.status, answer.json["outcome"]) == (200, "done")


def test_a_run_has_no_longer_than_its_request(call, admin):
    answer = ask(call, admin, "POST", f"{BASE}/cleanup_old_content/run", {}, remaining=0.5)
    assert (answer.status, answer.json["outcome"], answer.json["position"]) == (200, "stopped", "analyses:")


def test_a_second_run_at_once_is_refused(call, admin):
    now = operations.shared_upkeep()._clock.now()
    held, version = shared_runs().hold("cache_warming")
    until = now + timedelta(minutes=5)
    shared_runs().keep_hold("cache_warming", msgspec.structs.replace(held, running=now, until=until), version)
    answer = ask(call, admin, "POST", f"{BASE}/cache_warming/run", {})
    assert (answer.status, "under way" in answer.json["detail"]) == (409, True)


def test_names_that_no_task_has_and_words_that_no_run_knows_are_refused(call, admin):
    assert ask(call, admin, "POST", f"{BASE}/sweep/run", {}).status == 404
    assert ask(call, admin, "GET", f"{BASE}/sweep/runs").status == 404
    assert ask(call, admin, "POST", f"{BASE}/cache_warming/run", {"dry": True}).status == 422
    assert ask(call, admin, "GET", f"{BASE}/cache_warming/runs", query="cursor=x").status == 422


def test_nobody_else_may(call):
    assert ask(call, {}, "GET", BASE).status == 401
    assert ask(call, {}, "POST", f"{BASE}/cache_warming/run", {}).status == 401
