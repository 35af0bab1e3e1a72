"""Two accounts, an API key and nobody, over HTTP and between the processes of `make dev`: each sees its own."""

import secrets
import time

import httpx
import pytest

PASSWORD = "correct horse battery"
ADDRESS = {"address": "Bemidji, MN 56601"}


@pytest.fixture(scope="module")
def client(system):
    with httpx.Client(base_url=system.url, timeout=60) as made:
        yield made


def signed_up(client):
    body = {"email": f"{secrets.token_hex(8)}@e2e.example", "password": PASSWORD}
    told = client.post("/api/auth/signup", json=body)
    assert told.status_code == 201, told.text
    return {"authorization": f"Bearer {told.json()['access_token']}"}


def history(client, headers, wanted):
    """The ids that a caller lists; indexes follow a moment later, so what is wanted is waited for."""
    for _ in range(50):
        told = client.get("/api/v1/history", params={"limit": 100}, headers=headers)
        ids = {each["id"] for each in told.json()["results"]}
        if wanted <= ids:
            return ids
        time.sleep(0.1)
    return ids


def test_each_sees_its_own_and_a_key_sees_its_accounts(client):
    ada, bob = signed_up(client), signed_up(client)
    made = client.post("/api/auth/keys", headers=ada, json={"name": "e2e", "scopes": ["read"]}).json()
    by_key = {"x-api-key": made["key"]}
    first = client.post("/api/v1/analyze", json=ADDRESS, headers=by_key)
    again = client.post("/api/v1/analyze", json=ADDRESS, headers=ada)
    assert (first.status_code, again.json()["cached"], again.json()["id"]) == (200, True, first.json()["id"])
    theirs, nobodys = (client.post("/api/v1/analyze", json=ADDRESS, headers=each).json()["id"] for each in (bob, {}))
    assert len({first.json()["id"], theirs, nobodys}) == 3

    assert history(client, by_key, {first.json()["id"]}) == {first.json()["id"]}
    assert history(client, bob, {theirs}) == {theirs}
    assert not {first.json()["id"], theirs} & history(client, {}, {nobodys})
    page = f"/api/v1/analyses/{first.json()['id']}/report.json"
    assert [client.get(page, headers=each).status_code for each in (ada, by_key, bob, {})] == [200, 200, 404, 404]

    assert client.delete(f"/api/auth/keys/{made['id']}", headers=ada).status_code == 200
    assert client.get(page, headers=by_key).status_code == 401
    assert client.post("/api/v1/analyze", json=ADDRESS, headers=by_key).status_code == 401
