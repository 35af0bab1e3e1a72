"""A bucket in moto."""

import botocore.session
import pytest
from moto import mock_aws

from tests.s3 import refusing  # noqa: F401  # a fixture

REGION = "us-east-1"
BUCKET = "tests-reports"


@pytest.fixture(autouse=True)
def _access(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


@pytest.fixture
def s3():
    with mock_aws():
        client = botocore.session.get_session().create_client("s3", REGION)
        client.create_bucket(Bucket=BUCKET)
        yield client
