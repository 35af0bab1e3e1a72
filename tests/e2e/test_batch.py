"""Batches over `make dev`: through queue and workers, waited for or not."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

BATCH = "/api/v1/analyze/batch"
ZIPS = [
    "55901", "10001", "60601", "94103", "73301", "98101", "33101", "02108", "80202", "55802",
    "55101", "30301", "19101", "48201", "85001", "37201", "70112", "84101", "97201", "63101",
]  # fmt: skip


def submit(system, addresses, **more):
    headers = {"Prefer": more.pop("prefer", "wait=20")}
    return httpx.post(system.url + BATCH, json={"addresses": addresses, **more}, headers=headers, timeout=60)


def finished(system, answer):
    """The whole answer, once it is there."""
    url = system.url + answer.headers["location"]
    gives_up_at = time.monotonic() + 60
    while (told := httpx.get(url, timeout=60).json())["status"] == "running":
        assert time.monotonic() < gives_up_at
        time.sleep(0.5)
    return told


@pytest.fixture(scope="module")
def fifty(system):
    """Fifty different questions, with two duplicates and one bad address among them."""
    addresses = [*ZIPS, ZIPS[0], "Atlantis, MN", *(f"{each:05d}" for each in range(60601, 60629))]
    assert len(addresses) == 50
    # An empty cache takes the first answer for its beginning, and no other that was begun earlier.
    httpx.post(system.url + "/api/v1/analyze", json={"address": "59901"}, timeout=60)
    answer = submit(system, addresses)
    return addresses, answer.json() if answer.status_code == 200 else finished(system, answer)


def test_fifty_addresses_are_answered_in_their_order(fifty):
    addresses, told = fifty
    errors = {each["index"] for each in told["errors"]}
    assert (told["status"], told["total"], told["successful"] + told["failed"]) == ("completed", 50, 50)
    assert 21 in errors
    assert [each["index"] for each in told["results"]] == [at for at in range(50) if at not in errors]
    for each in told["results"]:
        assert each["location"]["zip"] == addresses[each["index"]]
    first = [each["id"] for each in told["results"] if each["index"] in {0, 20}]
    assert len(first) == 2
    assert len(set(first)) == 1


def test_what_a_batch_analysed_is_cached_for_everybody_and_in_the_history(system, fifty):
    _, told = fifty
    ids = {each["id"] for each in told["results"]}
    single = httpx.post(system.url + "/api/v1/analyze", json={"address": ZIPS[3]}, timeout=60).json()
    assert (single["cached"], single["id"] in ids) == (True, True)
    again = submit(system, ZIPS).json()
    assert (again["successful"], all(each["cached"] for each in again["results"])) == (20, True)
    past = httpx.get(f"{system.url}/api/v1/history/{ZIPS[3]}", timeout=60).json()
    assert single["id"] in {each["id"] for each in past["results"]}


def test_who_does_not_wait_is_told_where_to_ask(system):
    answer = submit(system, ZIPS, radius=4.5, prefer="respond-async")
    told = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"{BATCH}/{told['id']}"
    assert (told["status"], told["total"]) == ("running", 20)
    assert [each["location"]["zip"] for each in finished(system, answer)["results"]] == ZIPS


def test_more_waiting_batches_than_workers_keep_nobody_waiting_for_ever(system):
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda radius: submit(system, ZIPS, radius=radius), [5, 5.5, 6, 6.5, 7, 7.5]))
    told = [each.json() if each.status_code == 200 else finished(system, each) for each in answers]
    assert [each["successful"] for each in told] == [20] * 6
    assert len({each["results"][0]["id"] for each in told}) == 6


def test_an_unknown_batch_is_404(system):
    answer = httpx.get(f"{system.url}{BATCH}/01M834A9KFZZ1434Y8FPGZG2TE", timeout=60)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
