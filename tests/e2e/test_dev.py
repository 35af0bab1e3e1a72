"""`make dev` over real HTTP."""

import os
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx

ANALYZE = "/api/v1/analyze"


def alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


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


def test_health_docs_and_the_gateways_own_404(system):
    assert httpx.get(system.url + "/health", timeout=30).json()["status"] == "healthy"
    assert "POST /api/v1/analyze" in httpx.get(system.url + "/docs", timeout=30).text
    missing = httpx.get(system.url + "/nothing", timeout=30)
    assert (missing.status_code, missing.json()) == (404, {"message": "Not Found"})


def test_more_requests_at_once_than_workers_are_all_answered(system):
    zips = ["10001", "60601", "94103", "73301", "98101", "33101", "02108", "80202"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda code: httpx.post(system.url + ANALYZE, json={"address": code}, timeout=60), zips)
        )
    assert [answer.status_code for answer in answers] == [200] * 8
    assert [answer.json()["location"]["zip"] for answer in answers] == zips


def test_it_listens_on_loopback_only(system):
    port = int(system.url.rsplit(":", 1)[1])
    listening = subprocess.run(["cat", "/proc/net/tcp", "/proc/net/tcp6"], capture_output=True, text=True, check=True)
    local = re.findall(rf"^\s*\d+: ([0-9A-F]+):{port:04X} \S+ 0A", listening.stdout, re.MULTILINE)
    assert local == ["0100007F"]


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
    workers = [int(found[1]) for line in own_system.lines if (found := re.search(r"started .* process (\d+)", line))]
    assert len(workers) == 2
    assert not any(alive(worker) for worker in workers)
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
