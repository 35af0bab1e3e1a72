"""Queues and tables that fail: no address is lost without a word, and no batch for what is none of its business."""

import logging

import botocore.client
from botocore.exceptions import ClientError

from brightspot.locations.batches import backend
from brightspot.store import Outbox
from brightspot_local.dev.intrinsics import STACK
from tests.integration.batches.conftest import ZIPS


def test_what_the_queue_does_not_take_at_first_is_sent_once_more(submit, look, work, refused):
    refused("SendMessageBatch", 1, entries={ZIPS[1]})
    told = submit(ZIPS[:3]).json
    work()
    assert look(told["id"]).successful == 3


def test_what_the_queue_never_takes_is_an_error_and_the_rest_is_answered(submit, look, work, refused):
    refused("SendMessageBatch", 9, entries={ZIPS[1]})
    told = submit([*ZIPS[:3], ZIPS[1]]).json
    assert told["done"] == 2
    work()
    whole = look(told["id"])
    assert [(each.index, each.error) for each in whole.errors] == [(1, "Not queued"), (3, "Not queued")]
    assert [each.index for each in whole.results] == [0, 2]


def test_without_a_queue_every_address_is_an_error_and_none_is_lost(submit, refused):
    refused("SendMessageBatch", 99)
    answer = submit(ZIPS[:2])
    assert (answer.status, answer.json["failed"]) == (200, 2)
    assert {each["error"] for each in answer.json["errors"]} == {"Not queued"}


def test_without_its_table_nothing_is_taken_in(submit, refused, environment):
    refused("PutItem", 99)
    answer = submit(ZIPS[:2])
    assert (answer.status, answer.headers["retry-after"], answer.json["error_class"]) == (503, "5", "database")
    assert environment.received() == []


def test_a_table_that_is_away_while_it_waits_costs_no_more_than_time(submit, look, work, refused, call):
    refused("Query", 1)
    answer = submit(ZIPS[:2], prefer="wait=0")
    assert (answer.status, answer.json["done"]) == (202, 0)
    work()
    assert look(answer.json["id"]).successful == 2


def test_the_history_may_be_away_too(submit, look, work, environment, monkeypatch):
    real = botocore.client.BaseClient._make_api_call

    def away(self, name, request):
        if request.get("TableName") == f"{STACK}-analyses":
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, name)
        return real(self, name, request)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", away)
    told = submit(ZIPS[:2]).json
    assert work() == set()
    assert look(told["id"]).successful == 2
    assert len(environment.received("history")) == 2


def test_a_queue_that_does_not_put_off_is_told_in_the_log_and_no_more(environment, refused, caplog):
    refused("ChangeMessageVisibility", 1)
    with caplog.at_level(logging.WARNING, "brightspot"):
        backend.put_item_off("receipt", 1)
    assert [each.getMessage() for each in caplog.records] == ["message_not_put_off"]


def test_a_failed_message_is_put_off_and_for_longer_each_time(environment, monkeypatch):
    monkeypatch.setattr(backend, "_AGAIN_AFTER_SECONDS", (2, 10, 60))
    asked = []
    monkeypatch.setattr(Outbox, "put_off", lambda _, url, receipt, seconds: asked.append((url, receipt, seconds)))
    for attempt in (1, 2, 3, 4, 9):
        backend.put_item_off("receipt", attempt)
    assert {each[:2] for each in asked} == {(environment.url("batch"), "receipt")}
    assert [seconds for *_, seconds in asked] == [2, 10, 60, 0, 0]
