"""The steps of `make deploy-local`, each where it must fail: what is left, what is not allowed, what did not run."""

import io
import json
import time
import zipfile
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session

from brightspot_local.deploy import DeployFailed, inventory, proof, routes
from brightspot_local.deploy.aws import Clients, local_aws
from brightspot_local.deploy.stack import Resource, Stack
from brightspot_local.dev.intrinsics import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/runner"
LOGS = "/aws/lambda/runner"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "kept"}}
TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "TableName": "kept",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    },
}
CODE = """
import importlib.util, os, sys
def handler(event, context):
    if event.get("fail"):
        raise RuntimeError("as asked")
    return {
        "found": [name for name in event["look"] if importlib.util.find_spec(name)],
        "key": os.environ["AWS_ACCESS_KEY_ID"],
        "secret": os.environ["AWS_SECRET_ACCESS_KEY"],
        "token": os.environ["AWS_SESSION_TOKEN"],
    }
"""


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    with local_aws(tmp_path_factory.mktemp("aws")) as running:
        yield running.endpoint


@pytest.fixture(scope="module")
def client(endpoint):
    return Clients(endpoint)


@contextmanager
def stack(client, endpoint, **resources):
    """A stack of these resources, and what there was before it."""
    s3 = client("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="small.json", Body=json.dumps({"Resources": resources}).encode())
    before = inventory.held(client)
    made = Stack("small", client("cloudformation"), lambda *_: None)
    made.create(f"{endpoint}/templates/small.json", {})
    yield made, before


@pytest.fixture
def function(client):
    """A function under a role without any policy."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("code.py", CODE)
    client("iam").create_role(RoleName="runner", AssumeRolePolicyDocument=json.dumps(TRUST))
    made = client("lambda").create_function(
        FunctionName="runner",
        Runtime="python3.13",
        Role=ROLE,
        Handler="code.handler",
        Code={"ZipFile": code.getvalue()},
    )
    client("logs").create_log_group(logGroupName=LOGS)
    yield made["FunctionArn"]
    client("logs").delete_log_group(logGroupName=LOGS)
    client("lambda").delete_function(FunctionName="runner")
    client("iam").delete_role(RoleName="runner")


@pytest.fixture
def scheduled(client, function):
    with schedule(client, function, "each-minute", "rate(1 minute)"):
        yield


@contextmanager
def schedule(client, function, name, expression):
    target = {"Arn": function, "RoleArn": ROLE, "Input": json.dumps({"look": []})}
    client("scheduler").create_schedule(
        Name=name, ScheduleExpression=expression, FlexibleTimeWindow={"Mode": "OFF"}, Target=target
    )
    yield
    client("scheduler").delete_schedule(Name=name)


def run(client, **event):
    done = client("lambda").invoke(FunctionName="runner", Payload=json.dumps({"look": [], **event}).encode())
    return json.loads(done["Payload"].read())


def logged(client, *lines):
    stream = {"logGroupName": LOGS, "logStreamName": "one"}
    client("logs").create_log_stream(**stream)
    events = [{"timestamp": int(time.time() * 1000), "message": each} for each in lines]
    client("logs").put_log_events(**stream, logEvents=events)


def test_what_the_caller_says_of_aws_counts_for_nothing(endpoint, monkeypatch):
    said = {"AWS_PROFILE": "callers", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_REGION": "eu-west-3"}
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    sqs = Clients(endpoint)("sqs")
    assert (sqs.meta.region_name, sqs.meta.endpoint_url) == (REGION, endpoint)
    assert not sqs.list_queues().get("QueueUrls")


def test_of_a_deleted_stack_nothing_is_left(client, endpoint):
    with stack(client, endpoint, Queue=QUEUE, Table=TABLE) as (made, before):
        assert {"table kept", "stack small"} < inventory.held(client) - before
        assert made.delete() == []
        assert inventory.held(client) == before


def test_what_a_deletion_policy_keeps_is_known_and_a_table_is_removed_while_others_are_told_as_left(client, endpoint):
    kept = {"DeletionPolicy": "Retain"}
    with stack(client, endpoint, Queue={**QUEUE, **kept}, Table={**TABLE, **kept}) as (made, before):
        skipped = made.delete()
        assert {each.logical for each in skipped} == {"Queue", "Table"}
        assert inventory.remove(skipped, client) == ["table kept"]
        (left,) = inventory.held(client) - before
        assert left.startswith("queue ")
        client("sqs").delete_queue(QueueUrl=left.removeprefix("queue "))


def test_a_stack_that_cannot_be_made_says_which_resource_and_why(client, endpoint):
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [{"Id": "a"}], "EvaluationPeriods": 1}}
    with (
        pytest.raises(DeployFailed, match=r"small is CREATE_FAILED\n  Alarm \(AWS::CloudWatch::Alarm\): .*Metrics"),
        stack(client, endpoint, Alarm=alarm),
    ):
        pass
    client("cloudformation").delete_stack(StackName="small")


def test_a_function_sees_its_code_and_the_standard_library_alone(client, function):
    assert run(client, look=["json", "botocore", "ministack", "pytest"])["found"] == ["json"]


def test_a_function_may_do_what_its_role_allows_and_no_more(client, endpoint, function):
    has = run(client)
    as_function = Session().create_client(
        "dynamodb",
        REGION,
        endpoint_url=endpoint,
        aws_access_key_id=has["key"],
        aws_secret_access_key=has["secret"],
        aws_session_token=has["token"],
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        as_function.list_tables()
    statement = {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("iam").put_role_policy(RoleName="runner", PolicyName="list", PolicyDocument=policy)
    assert as_function.list_tables()["TableNames"] == []
    client("iam").delete_role_policy(RoleName="runner", PolicyName="list")


def test_a_stack_without_schedules_proves_none(client):
    with pytest.raises(DeployFailed, match="no schedule"):
        next(proof.fired(client))


def test_a_schedule_that_did_not_run_is_told_and_so_is_one_whose_function_failed(client, scheduled):
    with pytest.raises(DeployFailed, match="each-minute did not run runner after 0 s"):
        next(proof.fired(client, seconds=0))
    run(client)
    assert next(proof.fired(client, seconds=5)) == proof.Fired("each-minute", "runner", {})
    run(client, fail=True)
    with pytest.raises(DeployFailed, match="each-minute ran runner, which failed"):
        next(proof.fired(client, seconds=5))
    assert "RuntimeError: as asked" in proof.logs(client)


def test_a_schedule_that_is_due_later_is_run_with_its_input(client, function):
    with schedule(client, function, "each-year", "cron(0 0 1 1 ? *)"):
        (found,) = proof.fired(client, seconds=5)
    assert (found.schedule, found.function, found.by_itself) == ("each-year", "runner", False)


def test_a_call_that_a_role_does_not_allow_is_told_though_the_function_went_on(client, function):
    run(client)
    assert proof.quiet(client) == 1
    logged(client, '{"level":"WARNING","error":"rows: AccessDeniedException"}')
    with pytest.raises(DeployFailed, match=r"/aws/lambda/runner: .*rows: AccessDeniedException"):
        proof.quiet(client)


def test_a_health_probe_that_tells_that_it_is_ill_fails_the_proof(client, scheduled):
    written = {"_aws": {"CloudWatchMetrics": [{"Metrics": [{"Name": "Healthy"}]}]}, "Healthy": [1, 0]}
    logged(client, json.dumps(written), "REPORT done")
    with pytest.raises(DeployFailed, match="each-minute ran runner, which failed"):
        next(proof.fired(client, seconds=5))


def test_a_route_that_leads_to_no_function_of_the_stack_is_told(client):
    uri = {"Fn::Sub": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Gone.Arn}/invocations"}
    body = {"paths": {"/a": {"get": {"x-amazon-apigateway-integration": {"uri": uri}}}}}
    template = {"Resources": {"Api": {"Type": routes.API, "Properties": {"Body": body}}}}
    with pytest.raises(DeployFailed, match=r"GET /a leads to .*Gone"):
        routes.make(client("apigatewayv2"), template, [Resource("Api", "a1", routes.API)])
