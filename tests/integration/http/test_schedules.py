"""/api/v1/schedules: tasks submitted again and again, over EventBridge Scheduler as moto has it."""

import botocore.session
import pytest
from moto import mock_aws

from brightspot.core import codec

SCHEDULES = "/api/v1/schedules"
NIGHTLY = {"name": "nightly", "cron": "0 2 * * *", "task": "noop", "kwargs": {"counter": "nights"}}
REGION = "us-east-1"
QUEUES = {name: f"https://sqs.{REGION}.amazonaws.com/123456789012/s-tasks-{name}" for name in ("high", "normal", "low")}


@pytest.fixture
def client(monkeypatch):
    told = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": REGION,
        "SCHEDULE_GROUP": "s-tasks",
        "SCHEDULE_ROLE_ARN": "arn:aws:iam::123456789012:role/s",
        "SCHEDULE_DEAD_LETTERS_ARN": f"arn:aws:sqs:{REGION}:123456789012:s-dead",
        **{f"TASKS_{name.upper()}_QUEUE_URL": url for name, url in QUEUES.items()},
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        made = botocore.session.get_session().create_client("scheduler", REGION)
        made.create_schedule_group(Name="s-tasks")
        yield made


@pytest.fixture
def ask(call, admin):
    def send(method, name=None, body=None, *, tail="", **more):
        path = SCHEDULES if name is None else f"{SCHEDULES}/{name}{tail}"
        route = f"{method} {SCHEDULES}" if name is None else f"{method} {SCHEDULES}/{{name}}{tail}"
        return call("tasks", method, path, body, route=route, headers=admin, **more)

    return send


def made_in(client):
    """What Scheduler has, by name."""
    names = [each["Name"] for each in client.list_schedules(GroupName="s-tasks")["Schedules"]]
    return {name: client.get_schedule(GroupName="s-tasks", Name=name) for name in names}


def test_a_schedule_is_made_with_what_it_submits_and_found_again(ask, client):
    made = ask("POST", body={**NIGHTLY, "timezone": "America/Chicago", "priority": "high", "max_retries": 1})
    assert (made.status, made.headers["location"]) == (201, f"{SCHEDULES}/nightly")
    created = made.json.pop("created_at")
    assert {name: value for name, value in made.json.items() if name != "created_at"} == {
        **NIGHTLY,
        "args": [],
        "timezone": "America/Chicago",
        "priority": "high",
        "max_retries": 1,
        "state": "active",
        "expressions": ["cron(0 2 * * ? *)"],
    }
    assert created.endswith("Z")
    assert ask("GET", "nightly").json == made.json
    (kept,) = made_in(client).values()
    assert (kept["Name"], kept["ScheduleExpression"]) == ("cron.nightly", "cron(0 2 * * ? *)")
    assert kept["ScheduleExpressionTimezone"] == "America/Chicago"
    assert kept["Target"]["Arn"] == f"arn:aws:sqs:{REGION}:123456789012:s-tasks-high"
    text = codec.loads(kept["Target"]["Input"])
    assert text["key"] == "nightly <aws.scheduler.scheduled-time>"
    assert (text["body"]["due"], text["body"]["tenant"]) == ("<aws.scheduler.scheduled-time>", "shared")


def test_a_queue_is_that_of_the_task_unless_another_priority_is_asked_for(ask, client):
    ask("POST", body=NIGHTLY)
    ask("POST", body={**NIGHTLY, "name": "idle", "priority": "low"})
    queues = {name: each["Target"]["Arn"].rpartition("-")[2] for name, each in made_in(client).items()}
    assert queues == {"cron.nightly": "normal", "cron.idle": "low"}


@pytest.mark.usefixtures("client")
def test_the_same_again_is_the_same_schedule_and_another_of_its_name_a_conflict(ask):
    first, again = ask("POST", body=NIGHTLY), ask("POST", body=NIGHTLY)
    assert (again.status, again.json) == (201, first.json)
    other = ask("POST", body={**NIGHTLY, "cron": "0 3 * * *"})
    assert other.status == 409
    assert "schedule nightly does something else; delete it first" in other.json["detail"]


def test_a_cron_of_two_expressions_is_one_schedule_whatever_is_done_with_it(ask, client):
    ask("POST", body={**NIGHTLY, "name": "unlucky", "cron": "0 12 13 * FRI"})
    assert sorted(made_in(client)) == ["cron.unlucky", "cron.unlucky.2"]
    (listed,) = ask("GET").json["schedules"]
    assert listed["expressions"] == ["cron(0 12 13 * ? *)", "cron(0 12 ? * 6 *)"]
    paused = ask("PUT", "unlucky", {"state": "paused"}, tail="/state")
    assert (paused.status, paused.json["state"]) == (200, "paused")
    assert {each["State"] for each in made_in(client).values()} == {"DISABLED"}
    assert ask("PUT", "unlucky", {"state": "active"}, tail="/state").json["state"] == "active"
    assert {each["State"] for each in made_in(client).values()} == {"ENABLED"}
    assert ask("DELETE", "unlucky").json == {"deleted": "unlucky"}
    assert made_in(client) == {}


def test_schedules_are_listed_by_name_a_page_at_a_time_and_delays_are_none_of_them(ask, client):
    for name in "cab":
        ask("POST", body={**NIGHTLY, "name": name})
    target = {"Arn": f"arn:aws:sqs:{REGION}:123456789012:q", "RoleArn": "arn:aws:iam::123456789012:role/s"}
    once = {"ScheduleExpression": "at(2031-01-01T00:00:00)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    client.create_schedule(GroupName="s-tasks", Name="once.task", **once)
    first = ask("GET", query="limit=2").json
    rest = ask("GET", query=f"limit=2&cursor={first['next_cursor']}").json
    assert [each["name"] for page in (first, rest) for each in page["schedules"]] == ["a", "b", "c"]
    assert rest["next_cursor"] is None
    for query in ("limit=0", "cursor=none", "state=active"):
        assert ask("GET", query=query).status == 422


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"cron": "0 25 * * *"}, "cron", "hour: '25'"),
        ({"cron": "every night"}, "cron", "has 2 fields"),
        ({"timezone": "Chicago"}, "timezone", "IANA"),
        ({"task": "nothing"}, "task", "send one of "),
        ({"name": "a.b"}, "name", "letters, digits"),
        ({"name": "a" * 56}, "name", "letters, digits"),
        ({"every": "day"}, "every", ""),
    ],
)
def test_what_cannot_be_scheduled_is_refused_by_the_field(ask, change, field, says):
    refused = ask("POST", body={**NIGHTLY, **change})
    (error,) = refused.json["errors"]
    assert (refused.status, field in error["field"], says in error["message"]) == (422, True, True)
    assert ask("GET").json["schedules"] == []


@pytest.mark.usefixtures("client")
def test_what_is_not_there_is_not_found(ask):
    found = [ask("GET", "none"), ask("DELETE", "none"), ask("PUT", "none", {"state": "paused"}, tail="/state")]
    assert [each.status for each in found] == [404, 404, 404]
    assert ask("GET", "a.b").status == 404


def test_without_a_scheduler_it_says_so_and_what_would_have_one(ask):
    for answer in (ask("GET"), ask("POST", body=NIGHTLY), ask("DELETE", "nightly")):
        assert answer.status == 409
        assert "SCHEDULE_GROUP" in answer.json["detail"]


def test_a_scheduler_that_is_away_is_said_and_nothing_of_aws_is_shown(ask, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("SCHEDULE_GROUP", "s-tasks")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    told = ask("GET")
    assert told.status == 503
    assert "127.0.0.1" not in told.text


@pytest.mark.usefixtures("client")
def test_only_administrators_may_look_and_what_they_do_is_on_record(ask, call, admin):
    assert call("tasks", "GET", SCHEDULES).status == 401
    ask("POST", body=NIGHTLY)
    ask("PUT", "nightly", {"state": "paused"}, tail="/state")
    ask("DELETE", "nightly")
    entries = call("audit", "GET", "/api/v1/audit", headers=admin).json["entries"]
    told = [(each["event"]["action"], each["event"]["target"]) for each in reversed(entries)]
    assert told == [("schedule.create", "nightly"), ("schedule.switch", "nightly"), ("schedule.delete", "nightly")]
