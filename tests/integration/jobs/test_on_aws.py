"""Jobs from end to end over tables, queues and a bucket: each part once, whatever is delivered, killed or cancelled."""

import csv
import gzip
import io
import json
import time

import pytest

from brightspot.jobs import backend, service
from brightspot.jobs.tasks import TaskWorkers
from brightspot.locations.bulk import job as bulk_job
from brightspot.webhooks import WebhookSettings, is_signed
from tests.integration.jobs.aws import JOBS, Killed, told
from tests.integration.webhooks.receiver import receiving

ZIPS = ["55901", "10001", "60601", "94103", "73301", "98101", "33101", "02108", "80202", "55802"]
SECRET = "a secret that nobody guesses"


def test_a_file_of_addresses_is_scored_by_workers(client, aws):
    upload = client.upload(aws, "\ufeffaddress\r\n".encode() + "\r\n".join(ZIPS * 7).encode())
    made = client.submit({"upload": upload, "persona": "parent"}, priority="low")
    assert (made.status, made.json["state"], aws.unfinished()) == (202, "queued", 1)
    aws.work()
    status = client.status(made.json["id"])
    assert (status["state"], status["progress"]) == ("done", {"done": 70, "total": 70, "percent": 100.0})
    found = client.result(made.json["id"]).json
    assert [each["zip"] for each in found["result"]["results"]] == ZIPS * 7
    assert aws.unfinished() == 0
    files = {each["name"]: aws.behind(each["url"]) for each in found["files"]}
    rows = list(csv.DictReader(io.StringIO(files["results.csv"][0].decode(), newline="")))
    assert [row["zip"] for row in rows] == ZIPS * 7
    lines = gzip.decompress(files["analyses.jsonl.gz"][0]).splitlines()
    assert [json.loads(line)["index"] for line in lines] == list(range(70))
    assert files["results.csv"][1]["X-Amz-Expires"] == ["900"]
    assert files["results.csv"][1]["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


def test_every_message_delivered_twice_changes_nothing(client, aws, monkeypatch):
    runs = watched(monkeypatch)
    made = client.submit({"addresses": ZIPS * 6}).json
    aws.work(twice=True)
    assert client.status(made["id"])["state"] == "done"
    assert sorted(runs) == [0, 25, 50]
    assert aws.unfinished() == 0


def watched(monkeypatch):
    """The first address of each part that is run."""
    runs, kind = [], bulk_job.BULK_ANALYZE
    real = kind.run

    def run(value, job, deadline):
        runs.append(value["first"])
        return real(value, job, deadline)

    replaced(monkeypatch, kind, run)
    return runs


def replaced(monkeypatch, kind, run):
    types = backend.job_types()
    monkeypatch.setitem(
        types, kind.name, type(kind)(kind.name, kind.parameters, kind.check, kind.split, run, kind.merge)
    )


def test_a_worker_that_is_killed_in_the_middle_leaves_a_job_that_is_done_all_the_same(client, aws, monkeypatch):
    monkeypatch.setenv("TASK_LEASE_SECONDS", "1")
    kind, kills = bulk_job.BULK_ANALYZE, []

    def run(value, job, deadline):
        if len(kills) < 2:
            kills.append(value["first"])
            raise Killed
        return kind.run(value, job, deadline)

    replaced(monkeypatch, kind, run)
    made = client.submit({"addresses": ZIPS * 6}).json
    for _ in range(200):
        aws.work(rounds=20)
        if client.status(made["id"])["state"] == "done":
            break
        time.sleep(0.1)  # until the leases of the killed are over
    assert len(kills) == 2
    assert client.status(made["id"])["progress"]["done"] == 60
    assert told(client.result(made["id"]))["successful"] == 60
    assert aws.unfinished() == 0


def test_a_cancelled_job_stops_and_makes_room(client, aws, call, monkeypatch):
    runs = watched(monkeypatch)
    made = client.submit({"addresses": ZIPS * 20}).json
    aws.work(rounds=2)
    assert call("jobs", "DELETE", f"{JOBS}/{made['id']}").json["state"] == "cancelled"
    before = len(runs)
    aws.work()
    assert (len(runs), client.status(made["id"])["state"], aws.unfinished()) == (before, "cancelled", 0)


def test_a_queue_that_is_full_takes_no_more_until_a_job_ends(client, aws, monkeypatch):
    monkeypatch.setenv("BATCH_QUEUE_SIZE", "2")
    assert [client.submit({"addresses": ["55901"]}).status for _ in range(4)] == [202, 202, 429, 429]
    aws.work()
    assert [client.submit({"addresses": ["55901"]}).status for _ in range(3)] == [202, 202, 429]


def test_no_more_parts_of_a_job_are_handed_out_at_a_time_than_may_be(client, aws, monkeypatch):
    monkeypatch.setenv("BATCH_MAX_WORKERS", "2")
    client.submit({"addresses": ZIPS * 20})
    aws.work(rounds=1)
    aws.work(rounds=1)
    waiting = sum(
        int(aws.sqs.get_queue_attributes(QueueUrl=aws.url("tasks-normal"), AttributeNames=["All"])["Attributes"][each])
        for each in ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    )
    assert waiting <= 2


def test_a_job_that_fails_tells_why(client, aws):
    upload = client.upload(aws, b"address,zip\n55901,1\n55802\n")
    made = client.submit({"upload": upload}).json
    aws.work()
    status = client.status(made["id"])
    assert status["error"] == {"error": "File unreadable", "reason": "row 3: 1 fields under 2 columns"}
    assert aws.unfinished() == 0


def test_a_report_is_made_by_a_worker(client, aws):
    made = client.submit({"period": "week"}, "generate_report").json
    aws.work()
    assert told(client.result(made["id"]))["period"]["kind"] == "week"


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setenv("WEBHOOK_ALLOW_HTTP", "true")
    monkeypatch.setenv("WEBHOOK_ALLOW_PRIVATE", "true")
    with receiving() as known:
        known.url = f"http://127.0.0.1:{known.port}/jobs"
        yield known


def test_whoever_asked_for_it_is_told_by_a_signed_message(client, aws, receiver):
    receiver.answers = [(503, {}), (204, {})]
    made = client.submit({"addresses": ["55901"]}, webhook={"url": receiver.url, "secret": SECRET})
    assert SECRET not in made.text
    aws.work()
    (_, headers, body), *more = receiver.got
    assert len(more) == 1  # it was tried again, as the first answer asked for it
    assert headers["X-Brightspot-Event"] == "job.done"
    assert {each[1]["X-Brightspot-Delivery"] for each in receiver.got} == {f"job-{made.json['id']}"}
    at = int(headers["X-Brightspot-Timestamp"])
    assert is_signed(SECRET.encode(), at, body, headers["X-Brightspot-Signature"], now=at)
    assert json.loads(body)["links"]["result"] == f"{JOBS}/{made.json['id']}/result"
    assert client.status(made.json["id"])["webhook"] == {"state": "delivered", "reason": None}


def test_a_receiver_that_is_away_keeps_no_job_from_being_done(client, aws, receiver, monkeypatch):
    monkeypatch.setenv("WEBHOOK_TOTAL_MS", str(WebhookSettings().try_ms))
    receiver.answers = [(500, {})]
    made = client.submit({"addresses": ["55901"]}, webhook={"url": receiver.url, "secret": SECRET}).json
    aws.work(rounds=8)
    status = client.status(made["id"])
    assert (status["state"], status["webhook"]) == ("done", {"state": "waiting", "reason": "it answered HTTP 500"})


def test_a_job_whose_sender_died_before_its_tasks_were_sent_is_made_good_when_somebody_looks(client, aws, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(TaskWorkers, "begin", lambda *_: None)
        made = client.submit({"addresses": ["55901"]}).json
    aws.work()
    assert (client.status(made["id"])["state"], aws.unfinished()) == ("queued", 1)
    monkeypatch.setattr(service, "_LOST_SECONDS", -1.0)
    client.status(made["id"])
    aws.work()
    assert client.status(made["id"])["state"] == "done"
