"""`brightspot maintenance`: lists, runs and tells of maintenance tasks, here on the tables or through a server."""

import json

import pytest

from brightspot_local.cli import main
from tests.integration.local.servers import serving
from tests.integration.operations.conftest import made_table  # noqa: F401  # a fixture
from tests.integration.operations.upkeep.conftest import PREFIX, world  # noqa: F401  # a fixture

RUN = {
    "task": "cleanup_old_content", "started_at": "2026-11-28T04:17:01.000000Z", "outcome": "done", "dry_run": True,
    "started_by": "hand", "who": "ada", "attempt": 1, "ends_by": "2026-11-28T04:17:26Z", "seconds": 1.5,
    "counts": {"analyses": {"looked_at": 1200, "changed": 1200, "failed": 0, "left": None}},
    "position": None, "notes": ["uploads: there is no bucket for them, so there are none"], "facts": {}, "error": None,
}  # fmt: skip
TASK = {"name": "cleanup_old_content", "text": "", "cron": "cron(17 4 * * ? *)", "last_run": RUN}


def test_every_task_is_listed_with_when_it_is_due(world, capsys):  # noqa: F811
    assert main(["maintenance", "list"]) == 0
    told = capsys.readouterr()
    assert told.out.count("never") == 7
    assert "cron(17 4 * * ? *)" in told.out
    assert f"tables {PREFIX}-*" in told.err


def test_one_is_run_here_and_is_in_the_history(world, capsys):  # noqa: F811
    assert main(["maintenance", "run", "cleanup_old_content", "--dry-run"]) == 0
    assert "cleanup_old_content: done in" in capsys.readouterr().out
    assert main(["maintenance", "history", "cleanup_old_content"]) == 0
    assert "done (dry)" in capsys.readouterr().out
    assert [each["task"]["S"] for each in world.rows("maintenance-runs")] == ["cleanup_old_content"] * 2


def test_a_name_that_no_task_has_is_refused(world, capsys):  # noqa: F811
    assert main(["maintenance", "run", "sweep"]) == 2
    assert "no maintenance task is called 'sweep'" in capsys.readouterr().err


def test_a_table_that_is_away_is_a_failure_not_a_refusal(world, capsys):  # noqa: F811
    world.dynamodb.delete_table(TableName=f"{PREFIX}-maintenance-runs")
    assert main(["maintenance", "list"]) == 1
    assert "ResourceNotFoundException" in capsys.readouterr().err


@pytest.fixture
def asked():
    return []


@pytest.fixture
def server(asked):
    def answer(method, path, headers, body):
        asked.append((method, path, headers.get("Authorization"), body))
        if method == "POST":
            return (
                (200, {}, json.dumps(RUN).encode()) if "content" in path else (409, {}, b'{"detail": "is under way"}')
            )
        told = {"runs": [RUN], "next_cursor": None} if "/runs" in path else {"tasks": [TASK]}
        return 200, {}, json.dumps({"count": 1, **told}).encode()

    with serving(answer) as url:
        yield url


def test_a_server_is_asked_with_the_token_of_make_dev(tmp_path, server, asked, capsys):
    (tmp_path / "admin-token").write_text("the-token\n")
    words = ["--url", server, "--data", str(tmp_path)]
    assert main(["maintenance", "run", "cleanup_old_content", "--dry-run", *words]) == 0
    assert asked == [
        ("POST", "/api/v1/maintenance/tasks/cleanup_old_content/run", "Bearer the-token", {"dry_run": True})
    ]
    told = capsys.readouterr().out
    assert "cleanup_old_content: done in 1.5 s (dry run: nothing was changed)" in told
    assert "1,200" in told
    assert "some" in told  # left: nobody counted them
    assert main(["maintenance", "history", *words]) == 0
    assert asked[1:] == [
        ("GET", "/api/v1/maintenance/tasks", "Bearer the-token", b""),
        ("GET", "/api/v1/maintenance/tasks/cleanup_old_content/runs?limit=20", "Bearer the-token", b""),
    ]
    assert "ada" in capsys.readouterr().out


def test_what_a_server_refuses_is_said(tmp_path, server, capsys):
    assert main(["maintenance", "run", "cache_warming", "--url", server, "--data", str(tmp_path)]) == 2
    assert "HTTP 409: is under way" in capsys.readouterr().err
