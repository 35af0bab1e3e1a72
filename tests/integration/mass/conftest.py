"""The bucket of mass runs in moto, and their state machine over the function's own handler."""

import gzip
import importlib.util
import json

import botocore.session
import pytest
from moto import mock_aws

from brightspot_local.paths import ROOT
from tests.integration.mass.machine import Machine, definition

REGION = "us-east-1"
BUCKET = "tests-bulk"
KEY = "in/sites.csv"


@pytest.fixture
def s3(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("BULK_BUCKET", BUCKET)
    with mock_aws():
        client = botocore.session.get_session().create_client("s3", REGION)
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def put(s3):
    """Put a file where runs look for it."""

    def put(text, key=KEY):
        s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())

    return put


@pytest.fixture(scope="session")
def handler():
    file = ROOT / "functions" / "bulk_map" / "bulk_map_handler.py"
    spec = importlib.util.spec_from_file_location("bulk_map_handler", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


@pytest.fixture
def machine(s3, handler):
    return Machine(
        definition(Function="arn:aws:lambda:us-east-1:123456789012:function:tests-bulk-map:live", Bucket=BUCKET),
        s3,
        lambda event: handler(event, None),
    )


@pytest.fixture
def lines(s3):
    """What is in a result: its lines as JSON."""

    def lines(key):
        body = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return [json.loads(line) for line in gzip.decompress(body).splitlines()]

    return lines
