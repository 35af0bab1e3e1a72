"""`sam local`: each sample event in a container, answered as without one, and the API (docs/sam-local.md)."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from brightspot_local.bundle import Bundle
from brightspot_local.bundle.built import BUILD
from brightspot_local.paths import EVENTS, ROOT
from brightspot_local.services.process import HOST, free_port
from tests.bundle.conftest import Start, function_of, samples
from tests.codings import body_of

FUNCTION_OF = function_of()
SAM = ROOT / ".tools" / "sam" / "bin"
IMAGE = "localhost/brightspot-lambda:python3.13"  # as docs/sam-local.md makes it
# Asked with the client that SAM asks with: whether an engine answers, and which of the images it has.
ASK = "import docker, sys; print(*(tag for each in docker.from_env(timeout=10).images.list() for tag in each.tags))"
ALONE = {
    "TABLE_PREFIX": "",
    "HISTORY_QUEUE_URL": "",
    "REPORTS_BUCKET": "",
    "JOBS_BUCKET": "",
    "BULK_BUCKET": "",
}  # no tables and queues: each function remembers for itself
ADDRESS = {"address": "Rochester, MN 55901"}
START_SECONDS = 120

type Invoke = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def images() -> list[str]:
    """The container engine's images."""
    command = [str(SAM / "python"), "-c", ASK]
    asked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if asked.returncode:
        pytest.skip("no container engine answers (DOCKER_HOST, else /var/run/docker.sock); see docs/sam-local.md")
    return asked.stdout.split()


@pytest.fixture(scope="module")
def options(images: list[str], bundle: Bundle, arch: str, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What every `sam local` command is given."""
    overrides = tmp_path_factory.mktemp("sam") / "environment.json"
    overrides.write_text(json.dumps({"Parameters": ALONE}))
    given = ["--template-file", str(BUILD / "template.yaml"), "--env-vars", str(overrides)]
    given += ["--parameter-overrides", f"Env=local Architecture={arch} AuthRequired=false"]
    return [*given, "--skip-pull-image", "--invoke-image", IMAGE] if IMAGE in images else given


@pytest.fixture(scope="module")
def invoke(options: list[str]) -> Invoke:
    def run(name: str) -> subprocess.CompletedProcess[str]:
        event = ["--event", str(EVENTS / f"{name}.json")]
        command = [str(SAM / "sam"), "local", "invoke", FUNCTION_OF[name], *event, *options]
        return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=300)

    tried = run("health")
    if tried.returncode and "Error building docker image" in tried.stderr and IMAGE not in options:
        pytest.skip(f"the engine has no {IMAGE} and gets no image of AWS's; docs/sam-local.md says how to make one")
    return run


@pytest.fixture
def api(invoke: Invoke, options: list[str], tmp_path: Path) -> Iterator[int]:
    """The port of `sam local start-api`; `invoke` has found out whether there is an image."""
    port, log = free_port(), tmp_path / "start-api.log"
    command = [str(SAM / "sam"), "local", "start-api", "--host", HOST, "--port", str(port), *options]
    with log.open("wb") as out, subprocess.Popen(command, env=environment(), stdout=out, stderr=out) as server:
        try:
            gives_up_at = time.monotonic() + START_SECONDS
            while not listens(port):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < gives_up_at, log.read_text()
                time.sleep(0.2)
            yield port
        finally:
            server.terminate()


def environment() -> dict[str, str]:
    """The caller's way to an engine, and none of their credentials."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    access = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "us-east-1"}
    return {**kept, **access, "AWS_CONFIG_FILE": "/dev/null", "SAM_CLI_TELEMETRY": "0"}


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def ask(port: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    with closing(HTTPConnection(HOST, port, timeout=120)) as connection:
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"content-type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def told(returned: dict[str, Any]) -> Any:
    """Of an answer over HTTP what is the same each time; anything else whole."""
    if "statusCode" not in returned:
        return returned
    headers = {name.lower(): value for name, value in returned["headers"].items()}
    body = body_of(returned)
    return returned["statusCode"], headers["content-type"], sorted(json.loads(body)) if body.startswith("{") else body


@pytest.mark.parametrize("name", samples())
def test_an_event_is_answered_in_a_container_as_without_one(name: str, invoke: Invoke, start: Start) -> None:
    done = invoke(name)
    assert done.returncode == 0, done.stderr
    answered = json.loads(done.stdout.splitlines()[-1])
    assert answered.get("statusCode", 200) < 500, done.stderr
    assert told(answered) == told(start(FUNCTION_OF[name]).invoke(samples()[name]))


def test_the_api_answers_over_http(api: int) -> None:
    assert ask(api, "GET", "/health")[1]["status"] == "healthy"
    status, analysis = ask(api, "POST", "/api/v1/analyze", ADDRESS)
    assert status == 200
    assert 0 <= analysis["overall_score"] <= 100
    assert ask(api, "GET", "/api/v1/history/Rochester%2C%20MN")[0] == 200
