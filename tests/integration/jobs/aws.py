"""Jobs as they are deployed: both functions by their Lambda entries, over tables, queues and the bucket in moto."""

import importlib
import json
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from moto import mock_aws

from brightspot_local.dev.intrinsics import ACCOUNT, REGION, STACK, Intrinsics
from brightspot_local.dev.template import functions, load
from brightspot_local.services import resources
from tests.integration.http.conftest import FUNCTIONS, forget

BUCKET = f"{STACK}-jobs-{ACCOUNT}-{REGION}"
JOBS = "/api/v2/batch/jobs"
QUEUES = ("high", "normal", "low")
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": REGION}
_WANTED = ("BATCH_", "HISTORY_", "TABLE_", "TASK", "JOBS_", "REPORTS_")


class Killed(BaseException):
    """A worker is gone: it does nothing more."""


@dataclass
class Aws:
    """What a test sees of moto, and the worker function."""

    dynamodb: Any
    sqs: Any
    s3: Any
    handler: Any = None

    def url(self, queue):
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{STACK}-{queue}"

    def unfinished(self):
        """What the row of the queue counts."""
        row = self.dynamodb.get_item(TableName=f"{STACK}-jobs", Key={"id": {"S": "queue"}}).get("Item")
        return 0 if row is None else int(row["unfinished"]["N"])

    def behind(self, url):
        """What a signed link leads to, and its query."""
        at = urlsplit(url)
        key = at.path.lstrip("/").removeprefix(f"{BUCKET}/")
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read(), parse_qs(at.query)

    def put(self, url, body):
        """As a PUT to the link does."""
        key = urlsplit(url).path.lstrip("/").removeprefix(f"{BUCKET}/")
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    def received(self):
        """What waits in the queues of tasks, ten of each."""
        told = {"AttributeNames": ["All"], "MaxNumberOfMessages": 10}
        for priority in QUEUES:
            for each in self.sqs.receive_message(QueueUrl=self.url(f"tasks-{priority}"), **told).get("Messages", []):
                yield f"tasks-{priority}", each

    def work(self, rounds=1000, *, twice=False):
        """Hand messages to the worker, as Lambda does, until there are none; with `twice`, each is delivered twice."""
        for _ in range(rounds):
            taken = list(self.received())
            if not taken:
                return
            for queue, message in taken:
                handled = [self._handled(queue, message) for _ in range(2 if twice else 1)]
                if all(handled):
                    self.sqs.delete_message(QueueUrl=self.url(queue), ReceiptHandle=message["ReceiptHandle"])

    def drop(self):
        """Have nothing wait."""
        while taken := list(self.received()):
            for queue, message in taken:
                self.sqs.delete_message(QueueUrl=self.url(queue), ReceiptHandle=message["ReceiptHandle"])

    def _handled(self, queue, message):
        """Whether it was; a message of a killed worker comes again."""
        try:
            return not self.handler({"Records": [_record(queue, message)]}, _context())["batchItemFailures"]
        except Killed:
            return False


def _record(queue, message):
    told = {"messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"]}
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{STACK}-{queue}"
    return {**told, "attributes": message["Attributes"], "eventSourceARN": arn}


def _context():
    return SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)


@pytest.fixture(scope="module")
def moto():
    """All that both functions stand on, made once."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**_CREDENTIALS, "MOTO_ACCOUNT_ID": ACCOUNT}.items():
            patch.setenv(name, value)
        with mock_aws():
            session = botocore.session.get_session()
            made = Aws(*(session.create_client(each, REGION) for each in ("dynamodb", "sqs", "s3")))
            for stack in Intrinsics(load(), {"Env": "local"}).stacks():
                resources._create_tables(stack, made.dynamodb)
                resources._create_queues(stack, made.sqs)
                resources._create_buckets(stack, made.s3)
            yield made


@pytest.fixture
def aws(moto, _environment, monkeypatch):
    """The environment of both functions as the template gives it; nothing waits, and nothing is unfinished."""
    known = functions(Intrinsics(load(), {"Env": "local"}, f"https://sqs.{REGION}.amazonaws.com"))
    settings = {**_CREDENTIALS, "MOTO_ACCOUNT_ID": ACCOUNT, "RATE_LIMIT_ENABLED": "false"}
    for function in ("JobsFunction", "TaskWorkerFunction"):
        settings |= {k: v for k, v in known[function].environment.items() if k.startswith(_WANTED)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    moto.drop()
    moto.dynamodb.delete_item(TableName=f"{STACK}-jobs", Key={"id": {"S": "queue"}})
    forget()
    monkeypatch.syspath_prepend(str(FUNCTIONS / "task_worker"))
    monkeypatch.delitem(sys.modules, "task_worker_handler", raising=False)
    moto.handler = importlib.import_module("task_worker_handler").handler
    return moto


@dataclass
class Client:
    """Sends jobs to the function and looks at them."""

    call: Any

    def submit(self, parameters, job_type="bulk_analyze", *, headers=None, **more):
        body = {"job_type": job_type, "parameters": parameters, **more}
        return self.call("jobs", "POST", JOBS, body, headers=headers)

    def status(self, job):
        return self.call("jobs", "GET", f"{JOBS}/{job}/status").json

    def result(self, job):
        return self.call("jobs", "GET", f"{JOBS}/{job}/result")

    def upload(self, aws, body):
        place = self.call("jobs", "POST", "/api/v2/batch/uploads", {"bytes": len(body)}).json
        aws.put(place["url"], body)
        return place["id"]


@pytest.fixture
def client(aws, call):
    return Client(call)


def told(answer):
    """A result's inline JSON."""
    return json.loads(answer.text)["result"]
