"""The audit log in its table: one chain however many write, nothing lost without a word, pages that filter."""

import io
import json
import threading

import botocore.client
import pytest
from botocore.exceptions import ClientError

from brightspot.audit import AuditQuery, Trail, page
from brightspot.audit.trail import ADMIN
from brightspot.audit.verification import verify
from brightspot.core.errors import InputRefused
from brightspot.telemetry import configure_logs, configure_metrics, flush_metrics
from tests.unit.audit.made import ADA, SIGNER, act, keys, stored

WRITERS, EACH = 6, 8


@pytest.fixture
def trail(ledger, clock):
    return Trail(ledger, clock)


def faults(trail):
    return verify(ADMIN, *stored(trail), keys())


def test_what_was_recorded_is_read_back_whole_and_in_order(trail, clock):
    act(trail, clock, 5)
    trail.checkpoint(SIGNER)
    act(trail, clock, 2)
    entries, checkpoints = stored(trail)
    assert [each.number for each in entries] == [*range(1, 8)]
    assert [each.statement.last for each in checkpoints] == [5]
    assert [each.number for each in trail.ledger.newest(ADMIN, below=4)] == [3, 2, 1]
    assert faults(trail) == []


def test_many_writers_make_one_chain(new_ledger, clock):
    failed, ready = [], threading.Barrier(WRITERS)

    def write(number):
        trail = Trail(new_ledger(), clock)
        ready.wait()
        made = [trail.record(ADA, "cache.clear", f"{number}-{each}", "done") for each in range(EACH)]
        failed.extend(each for each in made if each is None)

    writers = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    trail = Trail(new_ledger(), clock)
    entries, _ = stored(trail)
    assert failed == []
    assert faults(trail) == []
    assert len({each.event.target for each in entries}) == len(entries) == WRITERS * EACH
    for number in range(WRITERS):  # each writer's own order is kept
        own = [each.event.target for each in entries if each.event.target.startswith(f"{number}-")]
        assert own == [f"{number}-{each}" for each in range(EACH)]


def test_who_finds_its_place_taken_takes_the_next_one(new_ledger, clock, monkeypatch):
    slow, fast = Trail(new_ledger(), clock), Trail(new_ledger(), clock)
    insert, overtaken = slow.ledger._insert, []

    def overtake(stream, number, value):
        if not overtaken:
            overtaken.append(fast.record(ADA, "cache.clear", "fast", "done"))
        return insert(stream, number, value)

    monkeypatch.setattr(slow.ledger, "_insert", overtake)
    entry = slow.record(ADA, "cache.clear", "slow", "done")
    assert (overtaken[0].number, entry.number, entry.previous) == (1, 2, overtaken[0].hash)


def test_a_write_whose_answer_was_lost_is_recorded_once(trail, monkeypatch):
    insert = trail.ledger._insert
    monkeypatch.setattr(trail.ledger, "_insert", lambda *asked: insert(*asked) and False)
    assert trail.record(ADA, "cache.clear", "all", "done").number == 1
    assert len(stored(trail)[0]) == 1


def test_two_who_make_a_checkpoint_at_a_time_make_one(new_ledger, clock, monkeypatch):
    first, second = Trail(new_ledger(), clock), Trail(new_ledger(), clock)
    act(first, clock, 3)
    keep = first.ledger.keep
    monkeypatch.setattr(first.ledger, "keep", lambda made: second.checkpoint(SIGNER) and keep(made))
    assert first.checkpoint(SIGNER) is None
    assert len(stored(first)[1]) == 1
    assert faults(first) == []


@pytest.mark.parametrize("change", ["edit", "delete", "delete last"])
def test_what_is_changed_in_the_table_itself_is_found(trail, clock, table, change):
    act(trail, clock, 4)
    trail.checkpoint(SIGNER)
    number = {"edit": 2, "delete": 2, "delete last": 4}[change]
    key = {"stream": {"S": ADMIN}, "number": {"N": str(number)}}
    if change == "edit":
        body = table.get_item(TableName="tests-audit", Key=key)["Item"]["body"]["S"].replace("ada", "eve")
        table.put_item(TableName="tests-audit", Item={**key, "body": {"S": body}})
    else:
        table.delete_item(TableName="tests-audit", Key=key)
    kinds = {each.kind for each in faults(trail)}
    assert kinds >= {"edit": {"edited"}, "delete": {"gap", "truncated"}, "delete last": {"truncated"}}[change]


def test_an_action_that_the_table_does_not_take_is_told_whole_and_counted(trail, monkeypatch):
    def denied(_self, name, _asked):
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, name)

    logs, metrics = io.StringIO(), io.StringIO()
    monkeypatch.setenv("METRICS_STACK", "tests")
    configure_logs(logs)
    configure_metrics(metrics)
    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", denied)
    assert trail.performed(ADA, "cache.clear", "all", lambda: "cleared") == "cleared"
    flush_metrics()
    (line,) = [json.loads(each) for each in logs.getvalue().splitlines() if "audit_unrecorded" in each]
    assert line["level"] == "CRITICAL"
    assert json.loads(line["audit_event"]) | {"at": ""} == {
        "action": "cache.clear", "actor": "ada", "at": "", "client": "192.0.2.1", "detail": {}, "outcome": "done",
        "request_id": "request-1", "target": "all", "tenant": "shared",
    }  # fmt: skip
    assert '"AuditUnrecorded":[1' in metrics.getvalue()


def test_pages_follow_one_another_and_later_entries_move_none(trail, clock):
    act(trail, clock, 7)
    seen, cursor = [], None
    while True:
        found = page(trail.ledger, AuditQuery(limit=3, cursor=cursor))
        seen += [each.number for each in found.entries]
        act(trail, clock, 1)
        if (cursor := found.next_cursor) is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_filters(trail, clock):
    act(trail, clock, 3)
    noon = stored(trail)[0][1].event.at
    trail.record(ADA, "breaker.open", "economy", "done")
    numbers = {
        name: [each.number for each in page(trail.ledger, AuditQuery(**asked)).entries]
        for name, asked in {
            "action": {"action": "breaker.open"},
            "actor": {"actor": "eve"},
            "since": {"since": noon},
            "until": {"until": noon},
            "day": {"since": noon[:10], "until": noon[:10]},
            "stream": {"stream": "other"},
        }.items()
    }
    assert numbers == {
        "action": [4], "actor": [], "since": [4, 3, 2], "until": [2, 1], "day": [4, 3, 2, 1], "stream": [],
    }  # fmt: skip


@pytest.mark.parametrize("asked", [{"stream": "checkpoints#admin"}, {"since": "noon"}, {"until": "2026-11-20T10:00"},
                                   {"cursor": "x"}])  # fmt: skip
def test_what_cannot_be_meant_is_refused(trail, asked):
    with pytest.raises(InputRefused):
        page(trail.ledger, AuditQuery(**asked))
