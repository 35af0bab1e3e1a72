"""A model as a table, whatever the aggregate; messages through SQS; and names, regions and endpoints from settings."""

import botocore.session
import pytest
from moto import mock_aws
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from brightspot.core.settings import load
from brightspot.store import (
    Outbox,
    QueueUnavailable,
    StoreSettings,
    TableUnavailable,
    bind,
    insert,
    new_message,
    reaching,
)

REGION = "eu-west-1"


class Thing(Model):
    id = UnicodeAttribute(hash_key=True)
    size = NumberAttribute()


@pytest.fixture
def aws(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield


@pytest.fixture
def things(aws):
    table = bind(Thing, "things", StoreSettings(table_prefix="one", region=REGION))
    table.create_table(wait=True)
    return table


def test_settings_come_from_the_environment_and_name_tables():
    told = {"TABLE_PREFIX": "brightspot-dev", "AWS_REGION": REGION, "DYNAMODB_ENDPOINT_URL": "http://127.0.0.1:8000"}
    settings = load(StoreSettings, told)
    assert settings.table_name("analyses") == "brightspot-dev-analyses"
    assert (settings.region, settings.dynamodb_url) == (REGION, "http://127.0.0.1:8000")


def test_without_a_prefix_there_are_no_tables():
    assert load(StoreSettings, {}).table_prefix == ""


def test_a_call_fits_into_a_second():
    settings = StoreSettings()
    assert settings.connect_ms <= 300
    assert settings.connect_ms + settings.read_ms <= 1000


def test_a_bound_model_has_its_own_name_region_and_endpoint(aws):
    one = bind(Thing, "things", StoreSettings(table_prefix="one", region=REGION))
    two = bind(Thing, "things", StoreSettings(table_prefix="two", endpoint_url="http://127.0.0.1:4566"))
    three = bind(Thing, "things", StoreSettings(endpoint_url="http://127.0.0.1:1", dynamodb_url="http://127.0.0.1:2"))
    clients = [each._get_connection().connection.client for each in (one, two, three)]
    assert (one.Meta.table_name, two.Meta.table_name) == ("one-things", "two-things")
    assert [client.meta.endpoint_url for client in clients] == [
        f"https://dynamodb.{REGION}.amazonaws.com",
        "http://127.0.0.1:4566",
        "http://127.0.0.1:2",
    ]
    config = clients[0].meta.config
    assert (config.connect_timeout, config.read_timeout) == (0.3, 0.7)
    assert config.retries["total_max_attempts"] == 1


def test_a_row_is_inserted_once(things):
    assert insert(things(id="a", size=1)) is True
    assert insert(things(id="a", size=2)) is False
    assert things.get("a").size == 1


def test_a_table_that_is_not_there_is_unavailable_and_named(aws):
    absent = bind(Thing, "absent", StoreSettings(table_prefix="one", region=REGION))
    with pytest.raises(TableUnavailable, match="one-absent: ResourceNotFoundException"):
        insert(absent(id="a", size=1))
    with pytest.raises(TableUnavailable, match="one-absent"), reaching(absent):
        list(absent.query("a"))


def test_a_message_arrives_in_its_queue(aws):
    sqs = botocore.session.get_session().create_client("sqs", REGION)
    url = sqs.create_queue(QueueName="one-things")["QueueUrl"]
    Outbox(StoreSettings(region=REGION)).send(url, new_message("key", {"size": 1}))
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == '{"schema_version":1,"key":"key","body":{"size":1}}'


def test_a_queue_that_is_not_there_is_unavailable_and_named(aws):
    outbox = Outbox(StoreSettings(region=REGION))
    with pytest.raises(QueueUnavailable, match="absent: "):
        outbox.send(f"https://sqs.{REGION}.amazonaws.com/123456789012/absent", new_message("key", 1))
    with pytest.raises(QueueUnavailable, match="no queue is set"):
        outbox.send("", new_message("key", 1))
