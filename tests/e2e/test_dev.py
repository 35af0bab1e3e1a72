"""`make dev` over real HTTP."""

import json
import os
import re
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from brightspot_local.dev.intrinsics import ACCOUNT
from brightspot_local.paths import EVENTS
from brightspot_local.services.aws import client
from tests.codings import decoded
from tests.e2e.conftest import start
from tests.processes import alive, listening

ANALYZE = "/api/v1/analyze"
HISTORY = "/api/v1/history"


def test_an_analysis_over_http(system):
    answer = httpx.post(system.url + ANALYZE, json={"address": "Rochester, MN 55901"}, timeout=30)
    assert answer.status_code == 200
    assert answer.json()["location"]["zip"] == "55901"
    assert answer.headers["x-request-id"]


def test_the_second_time_it_comes_from_the_cache(system):
    asked = {"address": "Duluth, MN 55802"}
    first, second = (httpx.post(system.url + ANALYZE, json=asked, timeout=30).json() for _ in range(2))
    assert (first["cached"], second["cached"], second["id"]) == (False, True, first["id"])


def test_a_refused_address_is_a_problem(system):
    answer = httpx.post(system.url + ANALYZE, json={"address": "Atlantis, MN"}, timeout=30)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_health_docs_and_what_is_not_there(system):
    assert httpx.get(system.url + "/health", timeout=30).json()["status"] == "healthy"
    assert "POST /api/v1/analyze" in httpx.get(system.url + "/docs", timeout=30).text
    missing = httpx.get(system.url + "/nothing", timeout=30)
    assert (missing.status_code, missing.json()["error"]) == (404, "Not found")
    unknown_method = httpx.delete(system.url + "/nothing", timeout=30)  # which the gateway answers itself
    assert (unknown_method.status_code, unknown_method.json()) == (404, {"message": "Not Found"})


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
def test_every_coding_comes_out_of_the_gateway_as_a_client_can_read_it(system, coding):
    asked = {"address": "Duluth, MN 55802"}
    with httpx.stream("POST", system.url + ANALYZE, json=asked, headers={"accept-encoding": coding}, timeout=30) as got:
        sent = b"".join(got.iter_raw())
    plain = httpx.post(system.url + ANALYZE, json=asked, headers={"accept-encoding": "identity"}, timeout=30)
    assert (got.headers["content-encoding"], "content-encoding" in plain.headers) == (coding, False)
    assert got.headers["content-length"] == str(len(sent))
    assert json.loads(decoded(sent, coding))["id"] == plain.json()["id"]
    assert int(plain.headers["age"]) == int(plain.json()["cache_age_seconds"])


def test_a_browser_that_has_the_description_is_told_that_it_is_unchanged(system):
    first = httpx.get(system.url + "/openapi.json", timeout=30)
    again = httpx.get(system.url + "/openapi.json", headers={"if-none-match": first.headers["etag"]}, timeout=30)
    assert (again.status_code, again.content, "content-length" in again.headers) == (304, b"", False)
    assert (first.json()["openapi"][:3], again.headers["etag"]) == ("3.1", first.headers["etag"])


def test_more_requests_at_once_than_workers_are_all_answered(system):
    zips = ["10001", "60601", "94103", "73301", "98101", "33101", "02108", "80202"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda code: httpx.post(system.url + ANALYZE, json={"address": code}, timeout=60), zips)
        )
    assert [answer.status_code for answer in answers] == [200] * 8
    assert [answer.json()["location"]["zip"] for answer in answers] == zips


def test_nothing_listens_beyond_loopback(system):
    for process_id in (system.process.pid, system.process_of("valkey"), system.process_of("ministack")):
        assert listening(process_id) == ["0100007F"]


def test_the_admin_token_is_told_and_left_for_its_owner_only(system):
    file = system.data / "admin-token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert any(line.startswith("admin") and file.read_text().strip() in line for line in system.lines)


def test_a_taken_port_or_data_folder_is_said_at_once(system, tmp_path):
    port = system.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "brightspot_local.cli", "dev"]
    taken = subprocess.run(
        [*command, "--port", port, "--data", str(tmp_path)], capture_output=True, text=True, timeout=30, check=False
    )
    assert (taken.returncode, "PORT=" in taken.stderr) == (2, True)
    owned = subprocess.run(
        [*command, "--port", "0", "--data", str(system.data)], capture_output=True, text=True, timeout=30, check=False
    )
    assert (owned.returncode, "DATA=" in owned.stderr) == (2, True)


def test_interrupting_it_ends_everything_it_started(own_system):
    httpx.post(own_system.url + ANALYZE, json={"address": "55901"}, timeout=30)
    httpx.get(own_system.url + "/health", timeout=30)
    assert own_system.stop() == 0
    started = [int(found[1]) for line in own_system.lines if (found := re.search(r"started .* process (\d+)", line))]
    assert len(started) == 4  # two workers, Valkey and MiniStack
    assert not any(alive(each) for each in started)
    assert own_system.lines[-1].startswith("stopped  everything")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(own_system.url.rsplit(":", 1)[1]))) != 0


def test_a_worker_that_dies_is_replaced(own_system):
    httpx.get(own_system.url + "/health", timeout=30)
    log = (own_system.process.stdout.readline(), own_system.process.stdout.readline())
    worker = int(re.search(r"process (\d+)", "".join(log))[1])
    os.kill(worker, 9)
    failed = httpx.get(own_system.url + "/health", timeout=30)
    assert (failed.status_code, failed.json()) == (500, {"message": "Internal Server Error"})
    assert httpx.get(own_system.url + "/health", timeout=30).status_code == 200


def test_answers_and_history_survive_a_restart(own_system):
    asked = {"address": "Rochester, MN 55901"}
    first = httpx.post(own_system.url + ANALYZE, json=asked, timeout=30).json()
    assert own_system.stop() == 0
    again = start(own_system.data)
    try:
        second = httpx.post(again.url + ANALYZE, json=asked, timeout=30).json()
        assert (first["cached"], second["cached"], second["id"]) == (False, True, first["id"])
        assert [each["id"] for each in httpx.get(again.url + HISTORY, timeout=30).json()["results"]] == [first["id"]]
    finally:
        again.stop()


def test_what_a_killed_one_left_behind_is_ended_by_the_next(own_system):
    left = [own_system.process_of(name) for name in ("valkey", "ministack")]
    own_system.process.kill()
    own_system.process.wait()
    own_system.process.stdout.close()
    again = start(own_system.data)
    try:
        assert not any(alive(each) for each in left)
        assert sum(line.startswith("ended ") for line in again.lines) == 2
    finally:
        again.stop()


def test_a_message_in_the_history_queue_becomes_a_row(system):
    endpoint = next(found[1] for line in system.lines if (found := re.search(r"started +ministack .* on (\S+)", line)))
    sample = json.loads((EVENTS / "history_writer.json").read_text())["Records"][0]
    queue = f"{endpoint}/{ACCOUNT}/brightspot-local-history"
    client("sqs", endpoint).send_message(QueueUrl=queue, MessageBody=sample["body"])
    key = {"id": {"S": json.loads(sample["body"])["body"]["id"]}}
    dynamodb = client("dynamodb", endpoint)
    gives_up_at = time.monotonic() + 20
    while "Item" not in dynamodb.get_item(TableName="brightspot-local-analyses", Key=key):
        assert time.monotonic() < gives_up_at
        time.sleep(0.05)
