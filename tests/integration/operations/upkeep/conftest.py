"""Where runs are kept, in moto and in memory; and a process with tables, buckets and a store, at a moment in hand."""

import botocore.session
import pytest

from brightspot.operations.upkeep.kept import MemoryRuns, shared_runs
from brightspot.operations.upkeep.service import Upkeep
from brightspot.operations.upkeep.table import TableRuns
from brightspot.resilience import Deadline
from brightspot.store import StoreSettings
from tests.conftest import HandClock
from tests.integration.operations.conftest import RESOURCES

PREFIX = "tests"
REGION = "us-east-1"
SETTINGS = StoreSettings(table_prefix=PREFIX, region=REGION)
BUCKETS = ("reports", "jobs")


@pytest.fixture(params=["table", "memory"])
def runs(request):
    """Runs as a table keeps them, and as a process without one does."""
    if request.param == "memory":
        return MemoryRuns()
    request.getfixturevalue("made_table")("MaintenanceRunsTable", f"{PREFIX}-maintenance-runs")
    return TableRuns(SETTINGS)


class World:
    """`clock` is that of the tasks; `few` is a deadline that comes after so many looks at it."""

    def __init__(self, dynamodb, s3):
        self.dynamodb, self.s3, self.clock = dynamodb, s3, HandClock()

    def run(self, name, *, looks=None, dry_run=False):
        deadline = Deadline.after(self.clock, 1000) if looks is None else Few(looks)
        return Upkeep(shared_runs(), self.clock).run(name, deadline, dry_run=dry_run)

    def keys(self, bucket):
        told = self.s3.list_objects_v2(Bucket=f"{PREFIX}-{bucket}")
        return {each["Key"] for each in told.get("Contents", [])}

    def rows(self, table):
        return self.dynamodb.scan(TableName=f"{PREFIX}-{table}")["Items"]


class Few:
    """A deadline that comes once it was looked at so many times."""

    def __init__(self, looks):
        self.left = looks

    def remaining(self):
        self.left -= 1
        return max(0.0, float(self.left + 1))

    def within(self, _):
        return self


@pytest.fixture
def world(made_table, monkeypatch, valkey_url):
    """Every table of data.yaml, two buckets, a store, and nothing in them."""
    for name, value in {
        "TABLE_PREFIX": PREFIX,
        "AWS_REGION": REGION,
        "REPORTS_BUCKET": f"{PREFIX}-reports",
        "JOBS_BUCKET": f"{PREFIX}-jobs",
        "REDIS_URL": valkey_url,
        "REDIS_CONNECT_TIMEOUT_MS": "5000",
        "REDIS_READ_TIMEOUT_MS": "5000",
    }.items():
        monkeypatch.setenv(name, value)
    tables = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == "AWS::DynamoDB::Table"}
    for name, declared in tables.items():
        client = made_table(name, f"{PREFIX}-{declared['TableName']['Fn::Sub'].removeprefix('${Name}-')}")
    s3 = botocore.session.get_session().create_client("s3", REGION)
    for each in BUCKETS:
        s3.create_bucket(Bucket=f"{PREFIX}-{each}")
    return World(client, s3)


def counted(run):
    """By what was counted: looked at, changed, failed, left."""
    return {name: (each.looked_at, each.changed, each.failed, each.left) for name, each in run.counts.items()}
