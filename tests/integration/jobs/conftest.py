"""Jobs in memory and in a table of moto."""

import botocore.session
import pytest
from moto import mock_aws

from brightspot.jobs.dynamo import DynamoJobs
from brightspot.jobs.seam import MemoryJobs
from brightspot.store import StoreSettings
from brightspot_local.dev.intrinsics import REGION, STACK, Intrinsics
from brightspot_local.dev.template import load
from brightspot_local.services import resources
from tests.integration.http.conftest import _environment, call
from tests.integration.jobs.aws import aws, client, moto
from tests.integration.jobs.made import World

__all__ = ["_environment", "aws", "call", "client", "moto"]  # the functions are called as over there


@pytest.fixture
def table(monkeypatch):
    """Settings that lead to the tables of the template."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        dynamodb = botocore.session.get_session().create_client("dynamodb", REGION)
        for stack in Intrinsics(load(), {"Env": "local"}).stacks():
            resources._create_tables(stack, dynamodb)
        yield StoreSettings(table_prefix=STACK, region=REGION)


@pytest.fixture(params=["memory", "table"])
def jobs(request, clock):
    if request.param == "memory":
        return MemoryJobs(clock)
    return DynamoJobs(request.getfixturevalue("table"), clock)


@pytest.fixture
def world(jobs, clock):
    return World(jobs, clock)
