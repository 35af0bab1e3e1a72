"""Alerts in their table: two evaluators at once notify once, over real conditional writes; and over a real topic."""

import json
import threading

import botocore.session
import pytest

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.operations.alerting.board import Board, Silence, change
from brightspot.operations.alerting.channels import AlertSettings, channels_of, plan_of
from brightspot.operations.alerting.desk import AlertDesk
from brightspot.operations.alerting.table import TableShelf
from brightspot.operations.alerting.watch import AlertWatch
from brightspot.resilience import Deadline
from brightspot.store import StoreSettings, TableUnavailable, Topics, TopicUnavailable
from tests.unit.operations.alerting.board import PLAN, World

REGION = "us-east-1"
SETTINGS = StoreSettings(table_prefix="tests", region=REGION)
ILL = (0, 1)


@pytest.fixture
def aws(made_table):
    return made_table("AlertsTable", "tests-alerts")


@pytest.fixture
def topic(aws):
    """A topic with a queue behind it; `read()` are the messages that came."""
    session = botocore.session.get_session()
    sns, sqs = session.create_client("sns", REGION), session.create_client("sqs", REGION)
    arn = sns.create_topic(Name="oncall")["TopicArn"]
    queue = sqs.create_queue(QueueName="oncall")["QueueUrl"]
    where = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=where)

    def read():
        got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(each["Body"]) for each in got]

    return arn, read


def test_what_is_written_is_read_back_with_everything_in_it(aws):
    world = World(shelf=TableShelf(SETTINGS, SystemClock()))
    world.minute()
    for _ in range(2):
        world.minute(ILL, errors=2)
    AlertDesk(world.shelf, world.clock, world.rules).silence(None, 60, "a rebuild", "ada")
    world.minute()
    (row,) = aws.scan(TableName="tests-alerts")["Items"]
    assert len(row["board"]["B"]) < 2000  # an item is billed by the kilobyte
    board = TableShelf(SETTINGS, SystemClock()).load()[0]
    assert (board, board.minute) == (world.board, world.now)
    assert [type(each) for each in board.silences] == [Silence]
    assert {name: each.state for name, each in board.active.items()} == {"not-healthy": "firing"}


@pytest.mark.usefixtures("aws")
def test_several_that_evaluate_at_once_notify_once():
    world = World(shelf=TableShelf(SETTINGS, SystemClock()))
    for healthy in (ILL, ILL, (1, 1), (1, 1)):
        world.told.healthy[world.now] = healthy
        world.clock.advance(seconds=60)
        ready, failed = threading.Barrier(4), []

        def evaluate(ready=ready, failed=failed):
            watch = AlertWatch(
                TableShelf(SETTINGS, SystemClock()),
                world.told,
                world.clock,
                plan=PLAN,
                channels=world.channels,
                rules=world.rules,
            )
            ready.wait()
            try:
                watch.evaluate(Deadline.after(world.clock, 30))
            except Exception as error:  # noqa: BLE001  # told below
                failed.append(error)

        threads = [threading.Thread(target=evaluate) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert failed == []
    assert world.said() == [("not-healthy", "firing"), ("not-healthy", "resolved")]


@pytest.mark.usefixtures("aws")
def test_many_that_change_it_at_once_lose_nothing():
    desks = [AlertDesk(TableShelf(SETTINGS, SystemClock()), World().clock) for _ in range(4)]
    threads = [
        threading.Thread(target=each.silence, args=(None, 60, f"number {at}", "ada")) for at, each in enumerate(desks)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.reason for each in desks[0].silences().silences) == [f"number {at}" for at in range(4)]


def test_a_table_that_is_away_is_told_and_tells_nobody(aws):
    world = World(shelf=TableShelf(SETTINGS, SystemClock()))
    aws.delete_table(TableName="tests-alerts")
    with pytest.raises(TableUnavailable):
        world.minute(errors=1)
    assert world.said() == []


@pytest.mark.usefixtures("aws")
def test_who_is_late_writes_nothing():
    shelf = TableShelf(SETTINGS, SystemClock())
    assert shelf.save(Board(minute=1), 0)
    assert not shelf.save(Board(minute=9), 0)
    assert change(shelf, lambda _: None) is None
    assert shelf.load() == (Board(minute=1), 1)


def test_a_topic_is_told_in_words_with_a_subject_that_it_takes(topic):
    arn, read = topic
    settings = AlertSettings(topic=arn)
    world = World(plan=plan_of(settings))
    world.channels.update(channels_of(settings, SETTINGS))
    for _ in range(2):
        world.minute(ILL, errors=3)
    (ticket, page) = sorted(read(), key=lambda each: each["Message"].startswith("PAGE"))
    assert ticket["Subject"] == "[tests] ticket firing: database-errors"
    assert page["Subject"] == "[tests] page firing: not-healthy"
    lines = page["Message"].splitlines()
    assert lines[:2] == ["PAGE firing: not-healthy", "It is not well."]
    assert lines[2].startswith("Since 2026-01-01 00:0")
    assert lines[2].endswith("0 is below 1")
    AlertDesk(world.shelf, world.clock).announce(
        "Täglicher Bericht " + "x" * 200, "All is well.", "https://example.com/r"
    )
    world.minute(ILL, errors=3)
    (said,) = read()
    assert said["Subject"].startswith("[tests] T?glicher Bericht")
    assert len(said["Subject"]) == 99
    assert said["Message"] == "All is well.\n\nhttps://example.com/r"


@pytest.mark.usefixtures("aws")
def test_a_topic_that_is_not_there_is_told_by_its_name_and_tried_again():
    arn = f"arn:aws:sns:{REGION}:123456789012:gone"
    with pytest.raises(TopicUnavailable, match="topic gone: NotFound"):
        Topics(SETTINGS).publish(arn, "a", "b")
    settings = AlertSettings(topic=arn)
    world = World(plan=plan_of(settings))
    world.channels.update(channels_of(settings, SETTINGS))
    world.minute(errors=1)
    assert [(each.channel, each.tries) for each in world.board.parcels] == [("topic", 1)]


def test_a_webhook_needs_a_secret_to_be_signed_with():
    for settings in (
        AlertSettings(webhook="https://hooks.example/"),
        AlertSettings(escalation_webhook="https://x.example/"),
    ):
        with pytest.raises(SettingsError, match="ALERT_WEBHOOK_SECRET"):
            channels_of(settings, SETTINGS)
    assert plan_of(AlertSettings()) == type(PLAN)()
    assert channels_of(AlertSettings(), SETTINGS) == {}


@pytest.mark.usefixtures("aws")
def test_the_secret_comes_from_secrets_manager_and_is_read_when_something_is_sent(monkeypatch):
    client = botocore.session.get_session().create_client("secretsmanager", REGION)
    arn = client.create_secret(Name="hooks", SecretString="a secret of some length")["ARN"]
    sent = []

    class Webhooks:
        def send(self, to, event, delivery, body, deadline):
            sent.append((to.url, to.secret, event, delivery, json.loads(body)))

    monkeypatch.setattr("brightspot.operations.alerting.channels.shared_webhooks", Webhooks)
    settings = AlertSettings(webhook="https://hooks.example/", secret_arn=arn)
    world = World(plan=plan_of(settings))
    world.channels.update(channels_of(settings, SETTINGS))
    world.minute(errors=1)
    ((url, secret, event, delivery, body),) = sent
    assert (url, secret, event) == ("https://hooks.example/", b"a secret of some length", "alerts")
    assert (body["id"], body["stack"], body["subject"]) == (delivery, "tests", "ticket firing: database-errors")
    (group,) = body["groups"]
    assert group["severity"] == "ticket"
    assert group["alerts"][0]["value"] == 1.0
