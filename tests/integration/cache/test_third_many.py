"""The third level asked for much at once, throttled, hanging and gone."""

import contextlib
import socket
import time

from brightspot.cache.dynamo import DynamoLevel
from brightspot.core.clock import SystemClock
from brightspot.store import StoreSettings
from tests.integration.cache.conftest import SETTINGS


def test_a_hundred_rows_are_one_call(tiered, compute, server):
    names = [f"k{number}" for number in range(150)]
    first, level = tiered(), DynamoLevel(SETTINGS, SystemClock(), 5000)
    for key in names:
        compute(first, key=key)
    server.delete(*(f"bs:{{analysis}}:{key}" for key in names))
    calls = []
    level._table._get_connection().connection.client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name)
    )
    hits = tiered(third=level).get_many("analysis", [*names, "absent", "k0"])
    assert [hit and hit.value for hit in hits] == [b"v"] * 150 + [None, b"v"]
    assert calls == ["BatchGetItem"] * 2


def test_what_dynamodb_leaves_unprocessed_is_a_miss_and_asked_for_once(tiered, compute, server):
    first, level = tiered(), DynamoLevel(SETTINGS, SystemClock(), 5000)
    for key in "ab":
        compute(first, key=key)
    server.delete("bs:{analysis}:a", "bs:{analysis}:b")
    calls = []

    def throttled(parsed, **_):
        calls.append(parsed)
        rows = parsed["Responses"]["tests-cache"]
        left = [{"name": row["name"]} for row in rows if row["name"]["S"].endswith("b")]
        parsed["Responses"]["tests-cache"] = [row for row in rows if not row["name"]["S"].endswith("b")]
        parsed["UnprocessedKeys"] = {"tests-cache": {"Keys": left}}

    events = level._table._get_connection().connection.client.meta.events
    events.register("after-call.dynamodb.BatchGetItem", throttled)
    hits = tiered(third=level).get_many("analysis", ["a", "b"])
    assert [hit and hit.level for hit in hits] == ["dynamodb", None]
    assert len(calls) == 1


def test_a_table_that_hangs_is_waited_for_once_and_then_left_alone(tiered, compute, clock, caplog):
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:  # the system accepts; nobody answers
        hanging = StoreSettings("tests", "us-east-1", dynamodb_url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        cache = tiered(third=DynamoLevel(hanging, clock, 150))
        compute(tiered())  # so that there is an epoch, without which nobody asks below
        hits, seconds = timed(lambda: cache.get_many("analysis", [f"absent{number}" for number in range(500)]))
        assert hits == [None] * 500
        assert [each.operation for each in caplog.records if each.message == "cache_table_unavailable"] == ["get_many"]
        assert 0.15 <= seconds < 5.0  # once, and not for each hundred: 5 s would be patience, not a busy machine
        assert waiting(silent) == 1
        for key in ("absent", "other"):
            assert cache.get("analysis", key)[0] is None
        assert waiting(silent) == 0
        clock.advance(seconds=0.6)
        assert cache.get("analysis", "absent")[0] is None
        assert waiting(silent) == 1


def timed(call):
    started = time.monotonic()
    return call(), time.monotonic() - started


def waiting(server):
    """How many have connected since it was last asked."""
    server.settimeout(0)
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def test_a_table_that_fails_is_a_miss_and_then_left_alone_for_a_while(tiered, compute, found, clock, caplog):
    away = StoreSettings(table_prefix="tests", region="us-east-1", dynamodb_url="http://127.0.0.1:1")
    level = DynamoLevel(away, clock, 50)
    cache = tiered(third=level)

    def failed():
        return [each.operation for each in caplog.records if each.message == "cache_table_unavailable"]

    compute(cache)
    assert [found(cache), found(cache, "absent")] == [(b"v", "memory"), None]
    assert failed() == ["set"]
    clock.advance(seconds=0.6)
    assert [found(cache, "absent"), found(cache, "absent")] == [None, None]
    assert failed() == ["set", "get"]
