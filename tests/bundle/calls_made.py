"""Run as a script: which AWS calls each function's own handler makes for each event, with moto for AWS.

Reads JSON from standard input: by function its `folder`, `handler`, `environment` and `cases`, each an `event` and the
services or tables that are `failing`. Writes JSON, by function and case: what the handler `returned` or that it
`raised`, and the calls it made as (service, operation, resource). Each case has a process of its own, which knows
nothing of the others.
"""

import gzip
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import botocore.client
import botocore.session
from backports import zstd
from botocore.exceptions import ClientError
from botocore.loaders import create_loader
from moto import mock_aws

from brightspot.cache import ComputedCache
from brightspot.identity.passwords import Passwords, PasswordSettings
from brightspot.identity.refresh import read_token
from brightspot.jobs.shelf import _part, _upload
from brightspot.operations import rollups
from brightspot.operations.health_history import old_shelves
from brightspot.operations.rollups import old_spans
from brightspot.security import read_key
from brightspot.store import Bucket
from brightspot.tasks.expressions import item_of
from brightspot.tasks.firing import Firing, firing_text
from brightspot.tasks.rows import Head, row_of, shelf_of
from brightspot.telemetry import Ledger
from brightspot_local.dev.intrinsics import ACCOUNT, REGION, Intrinsics
from brightspot_local.dev.template import load
from brightspot_local.paths import EVENTS
from brightspot_local.services import resources

CALLS = []
OF_LONG_AGO = {"id": {"S": "0" * 26}, "recent_shard": {"S": "recent#0"}}  # no list shows it, a cleanup finds it
ROLE = f"arn:aws:iam::{ACCOUNT}:role/brightspot-local-TaskScheduleRole"
OLD_RUN = (
    b'{"task":"cache_warming","started_at":"2020-01-01T00:00:00Z","outcome":"done","dry_run":false,'
    b'"started_by":"hand","who":null,"attempt":1,"ends_by":"2020-01-01T00:05:00Z"}'
)
AUTH = ("login", "refresh")
UPLOAD, FINISHED_JOB = "01M7WEYZ4S3T9Q4R7Y2K5H8N0C", "01M7WEYZ4S3T9Q4R7Y2K5H8N0D"  # as test_policies has them
BULK_PART = {"first": 0, "addresses": ["55901"], "radius_miles": 3.0, "persona": "business", "weights": None}
STEPS_OF_JOBS = {  # by the ids that test_policies sends
    "STEPfile": ("job_start", ["FILE"]),
    "STEPpart": ("job_part", ["PART", 0, BULK_PART]),
    "STEPdone": ("job_finish", ["DONE"]),
    "STEPreport": ("job_part", ["REPORT", 0, "2026-11-27T00-024h"]),
}
HEAVY = ("brightspot.http.app", "brightspot.locations.past.table", "botocore.session", "mangum", "backports.zstd")
DOWN = {
    "Error": {"Code": "InternalServerError", "Message": "as the test asks"},
    "ResponseMetadata": {"HTTPStatusCode": 500},
}


def somebody():
    """The account and the session that the sample events of auth are about, with a hash by figures of before."""
    body = {
        name: json.loads(json.loads((EVENTS / f"auth_{name}.json").read_text())["body"])
        for name in ("login", "refresh")
    }
    email, token = body["login"]["email"], read_token(body["refresh"]["refresh_token"])
    password = Passwords(PasswordSettings(iterations=3)).hashed(body["login"]["password"])
    number = {
        name: {"N": value} for name, value in (("created_at", "0"), ("last_used_at", "0"), ("expires_at", "9999999999"))
    }
    text = {"family": token.family, "current": token.digest, "client": "test", "account": "local-admin"}
    account = {"email": email, "password": password, "scopes": "admin", "tenant": "t"}
    yield "accounts", {"id": {"S": f"email#{email}"}, "account": {"S": "local-admin"}}
    yield "accounts", {"id": {"S": "local-admin"}} | {name: {"S": value} for name, value in account.items()}
    yield "sessions", {"id": {"S": token.session}} | {name: {"S": value} for name, value in text.items()} | number

    board = {"id": {"S": "board"}, "board": {"B": zstd.compress(b'{"first": ["webhook"]}')}, "version": {"N": "1"}}
    yield "alerts", board | {"expires_at": {"N": "9999999999"}}

    now = datetime.now(UTC)
    for table, name, keys in (("figures", "span", old_spans), ("health", "shelf", old_shelves)):
        yield table, {name: {"S": keys(now - timedelta(days=7), now)[0]}, "expires_at": {"N": "1"}}
    old = {"task": {"S": "cache_warming"}, "started_at": {"S": "2020-01-01T00:00:00.000000Z"}, "expires_at": {"N": "1"}}
    yield "maintenance-runs", old | {"body": {"B": zstd.compress(OLD_RUN)}}
    yield from some_tasks()
    yield from some_jobs()

    key = read_key(json.loads((EVENTS / "auth_token.json").read_text())["headers"]["x-api-key"])
    text = {"digest": key.digest, "name": "test", "account": "local-admin", "tenant": "t", "scopes": "admin"}
    yield "api-keys", {"id": {"S": key.id}} | {name: {"S": value} for name, value in text.items()} | number


def mass_run(s3):
    """The file that a sample event begins a mass run with, and the manifest that another one ends it with."""
    event = json.loads((EVENTS / "bulk_map_finish.json").read_text())
    bucket = next(name for each in s3.list_buckets()["Buckets"] if "-bulk-" in (name := each["Name"]))
    manifest = json.dumps({"ResultFiles": {"FAILED": [], "PENDING": [], "SUCCEEDED": []}})
    s3.put_object(Bucket=bucket, Key=event["finish"]["key"], Body=b"address\n55901\n")
    s3.put_object(Bucket=bucket, Key=event["map"]["ResultWriterDetails"]["Key"], Body=manifest.encode())


def background(session):
    """The tasks that the sample events are about, one of which failed and has a letter, and their schedules."""
    ids = {name: json.loads((EVENTS / f"tasks_{name}.json").read_text()) for name in ("cancel", "redrive")}
    ids = {name: event["pathParameters"]["id"] for name, event in ids.items()}
    ids["redrive_all"] = f"{ids['redrive'][:-1]}A"
    rows = [
        {"id": ids["cancel"], "state": "scheduled", "due": 4_000_000_000_000},
        {"id": ids["redrive"], "state": "failed", "reason": "own", "letter": 1},
        {"id": ids["redrive_all"], "state": "failed", "reason": "own", "letter": 1, "priority": "low"},
    ]
    common = {"name": "noop", "priority": "normal", "policy": "fail", "since": 0, "most": 4, "next": 1}
    common["spec"] = b'{"at": "2026-11-20T12:00:00Z"}'
    dynamodb, sqs = session.create_client("dynamodb", REGION), session.create_client("sqs", REGION)
    for each in rows:
        row = row_of(Head(**{**common, "shelf": shelf_of(each["state"], each["id"]), **each}))
        waits = {"id": each["id"], "part": f"next#{each['id'][:-1]}Z"}
        for item in (row, waits):
            dynamodb.put_item(TableName="brightspot-local-tasks", Item=item_of(item))
    letter = {"schema_version": 1, "key": "k", "body": {"id": ids["redrive_all"], "name": "noop"}}
    url = sqs.get_queue_url(QueueName="brightspot-local-tasks-dead-letters")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(letter))
    firing = Firing(schedule="nightly", cron="0 2 * * *", time_zone="UTC", task="noop")
    target = {"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "RoleArn": ROLE}
    for name in ("cron.nightly", f"once.{ids['cancel']}"):
        session.create_client("scheduler", REGION).create_schedule(
            GroupName="brightspot-local-tasks",
            Name=name,
            ScheduleExpression="cron(0 2 * * ? *)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={**target, "Input": firing_text(firing)},
        )


def some_tasks():
    """One that its sample event does, with one per priority that waits for it, lost ones, and one that has failed."""
    text = {"part": "head", "policy": "fail", "owner": "", "reason": "", "cause": ""}
    numbers = ("since", "waits", "bad", "run", "attempt", "due", "lease", "next", "stop", "letter", "done", "total")

    def head(task_id, state, priority="normal", *, name="noop", args=(), **changes):
        changed = {
            name: {"N": str(value)} for name, value in ({**dict.fromkeys(numbers, 0), "most": 1, **changes}).items()
        }
        its = {**text, "id": task_id, "name": name, "state": state, "shelf": f"{state}#0", "priority": priority}
        spec = {
            "spec": {"B": json.dumps({"at": "2026-11-28T15:49:02.685Z", "args": args}).encode()},
            "log": {"B": b"{}"},
        }
        return "tasks", {name: {"S": value} for name, value in its.items()} | changed | spec

    record = json.loads((EVENTS / "task_worker.json").read_text())["Records"][0]
    sent = json.loads(record["body"])["body"]["id"]
    yield head(sent, "queued", next=1)
    for priority in ("high", "normal", "low"):
        waits = f"WAITS{priority}"
        yield head(f"LOST{priority}", "queued", priority)
        yield head(waits, "waiting", priority, waits=1)
        yield "tasks", {"id": {"S": sent}, "part": {"S": f"next#{waits}"}}
    table, failed = head("FAILED", "failed")
    yield table, failed | {"reason": {"S": "own"}}
    for task_id, (name, args) in STEPS_OF_JOBS.items():
        yield head(task_id, "queued", name=name, args=args)


def some_jobs():
    """One whose file is to be read, and three that are at the steps that come after that."""
    numbers = {"created_at": {"N": "0"}, "started_at": {"N": "0"}, "expires_at": {"N": "9999999999"}}
    of_a_file = zstd.compress(b'{"parameters":{"upload":"%s"}}' % UPLOAD.encode())
    for job, job_type, state in (
        ("FILE", "bulk_analyze", "queued"),
        ("PART", "bulk_analyze", "running"),
        ("DONE", "bulk_analyze", "running"),
        ("REPORT", "generate_report", "running"),
    ):
        text = {"tenant": "t", "job_type": job_type, "priority": "normal", "state": state, "sizes": "[1]"}
        done = {"done_parts": {"NS": ["0"]}} if job == "DONE" else {}
        yield "jobs", {"id": {"S": job}} | {name: {"S": value} for name, value in text.items()} | numbers | done
        yield "jobs", {"id": {"S": f"{job}#asked"}, "asked": {"B": of_a_file}}
    result = {
        "state": {"S": "done"},
        "files": {"S": '[["result.json","application/json",2]]'},
        "finished_at": {"N": "1"},
    }
    text = {"id": FINISHED_JOB, "tenant": "shared", "job_type": "bulk_analyze", "priority": "normal", "sizes": "[1]"}
    yield "jobs", {name: {"S": value} for name, value in text.items()} | numbers | result
    yield "jobs", {"id": {"S": "queue"}, "unfinished": {"N": "4"}}


def some_files(s3):
    """What those jobs are to read."""
    bucket = f"brightspot-local-jobs-{ACCOUNT}-{REGION}"
    for tenant in ("t", "shared"):
        s3.put_object(Bucket=bucket, Key=_upload(tenant, UPLOAD), Body=b"address\n55901\n")
    s3.put_object(Bucket=bucket, Key=f"results/{FINISHED_JOB}/result.json", Body=b"{}")
    line = b'{"index":0,"address":"x","error":"Address not found","reason":"none"}\n'
    s3.put_object(Bucket=bucket, Key=_part("DONE", 0), Body=gzip.compress(line))


def arn(service, parameters):
    """What a call is about, as a policy names it; of a service that nobody taught this yet, nothing any policy has."""
    if service == "dynamodb":
        table = parameters.get("TableName") or ",".join(parameters["RequestItems"])
        index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
        return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}{index}"
    if service == "sqs":
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{parameters['QueueUrl'].rpartition('/')[2]}"
    if service == "s3":
        name = parameters["Bucket"]
        key = parameters.get("Key") or (parameters["Delete"]["Objects"][0]["Key"] if "Delete" in parameters else None)
        parted = "-bulk-" in name or "-jobs-" in name  # their folders have rights of their own
        folder = f"/{key.partition('/')[0]}" if key and parted else ""
        return f"arn:aws:s3:::{name}" + (f"{folder}/*" if key else "")
    if service == "scheduler":
        if "Name" not in parameters:
            return "*"  # a list is of no schedule
        return f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{parameters['GroupName']}/*"
    return f"calls_made.py must be taught {service}"


def calls_of(service, operation, parameters):
    """What a role must allow for a call: for a transaction each of its parts, for a schedule the role that it has."""
    for each in parameters.get("TransactItems", []):
        ((kind, part),) = each.items()
        yield [service, f"{kind}Item", arn(service, part)]
    if "TransactItems" not in parameters:
        yield [service, operation, arn(service, parameters)]
    if service == "scheduler" and "Target" in parameters:
        yield ["iam", "PassRole", parameters["Target"]["RoleArn"]]


def record(failing):
    """From here on each call is noted, and those to some services fail as these do when they are down."""
    really = botocore.client.BaseClient._make_api_call

    def noted(self, operation, parameters):
        service = self.meta.service_model.service_name
        CALLS.extend(calls_of(service, operation, parameters))
        if operation == "HeadObject":  # without that right, S3 says of what is not there that it is denied
            CALLS.append([service, "ListObjectsV2", arn(service, {"Bucket": parameters["Bucket"]})])
        if service in failing or parameters.get("TableName") in failing:
            raise ClientError(DOWN, operation)
        return really(self, operation, parameters)

    botocore.client.BaseClient._make_api_call = noted
    signed = Bucket._link

    def link(self, what, parameters, seconds):
        """Whoever has a link may do what its signer may."""
        CALLS.append(["s3", {"get_object": "GetObject", "put_object": "PutObject"}[what], arn("s3", parameters)])
        return signed(self, what, parameters, seconds)

    Bucket._link = link


def late_in_an_hour():
    """As when all processes told figures of the hour before, which are about to be forgotten."""
    rollups._FIRST_MINUTE = rollups._LAST_MINUTE = 0
    Ledger.shared = True
    Ledger.fields = lambda self, first, last: {first: {"HttpRequests": 1}}


def old_and_popular():
    """As when somebody asked for a value, and a bucket has an object of long ago."""
    really = Bucket.page
    old = {"LastModified": datetime(2020, 1, 1, tzinfo=UTC), "Size": 1}

    def page(self, prefix, after):
        return [*really(self, prefix, after), *([] if after else [{**old, "Key": f"{prefix}old"}])]

    Bucket.page = page
    ComputedCache.most_popular = lambda *_: ["shared:analysis:Rochester, MN 55901"]


def told(function, case):
    """In a process that may be spoilt: what comes of one event."""
    context = SimpleNamespace(aws_request_id="one-of-the-tests", get_remaining_time_in_millis=lambda: 20_000)
    os.environ.update(function["environment"])
    sys.path.insert(0, function["folder"])
    module, _, handler = function["handler"].partition(".")
    late_in_an_hour()
    old_and_popular()
    record(case["failing"])
    try:
        return {"returned": getattr(import_module(module), handler)(case["event"], context), "calls": CALLS}
    except Exception as error:  # noqa: BLE001  # as Lambda tells of any
        return {"raised": repr(error), "calls": CALLS}


def begun(function, case):
    """A process of its own for one event: its id, and where it will say what came of it."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        with os.fdopen(writing, "w") as channel:
            json.dump(told(function, case), channel)
        os._exit(0)
    os.close(writing)
    return child, reading


def ended(name, child, reading):
    """What came of it. Raises EOFError when the process ended without a word."""
    with os.fdopen(reading) as channel:
        said = channel.read()
    os.waitpid(child, 0)
    if not said:
        raise EOFError(f"{name} ended its process")
    return json.loads(said)


def all_told(asked):
    """What comes of every case, as many at once as there are processors."""
    found, running = {name: {} for name in asked}, []
    cases = [(name, case) for name, function in asked.items() for case in function["cases"]]
    for name, case in cases:
        if len(running) == (os.cpu_count() or 1):
            first, its, *process = running.pop(0)
            found[first][its] = ended(f"{first}: {its}", *process)
        running.append((name, case, *begun(asked[name], asked[name]["cases"][case])))
    for name, case, *process in running:
        found[name][case] = ended(f"{name}: {case}", *process)
    return found


def read_once():
    """Have this process read what describes AWS's services, for all: half of what a case would take is reading it."""
    reader = create_loader()
    botocore.session.create_loader = lambda *_: reader


def main():
    asked = json.load(sys.stdin)
    for each in HEAVY:
        import_module(each)
    read_once()
    with mock_aws():
        session = botocore.session.get_session()
        dynamodb = session.create_client("dynamodb", REGION)
        for stack in Intrinsics(load(), {"Env": "local"}).stacks():
            resources._create_tables(stack, dynamodb)
            resources._create_queues(stack, session.create_client("sqs", REGION))
            resources._create_buckets(stack, session.create_client("s3", REGION))
            resources._create_groups(stack, session.create_client("scheduler", REGION))
        mass_run(session.create_client("s3", REGION))
        dynamodb.put_item(TableName="brightspot-local-analyses", Item=OF_LONG_AGO)
        background(session)
        for aggregate, item in somebody():
            dynamodb.put_item(TableName=f"brightspot-local-{aggregate}", Item=item)
        some_files(session.create_client("s3", REGION))
        found = all_told(asked)
    json.dump(found, sys.stderr)


main()
