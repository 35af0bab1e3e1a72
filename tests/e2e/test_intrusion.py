"""A scan over real HTTP against `make dev`: it is slowed, then blocked, seen by an administrator, and let go."""

import httpx

SECURITY = "/api/v1/monitoring/security"
ANALYZE = "/api/v1/analyze"
ASKED = {"address": "Rochester, MN 55901"}


def test_a_scan_is_blocked_in_every_function_until_an_administrator_lifts_it(own_system):
    admin = {"authorization": f"Bearer {(own_system.data / 'admin-token').read_text().strip()}"}
    with httpx.Client(base_url=own_system.url, timeout=30) as client:
        assert client.post(ANALYZE, json=ASKED).status_code == 200
        refused = scanned(client)
        assert refused.json()["error"] == "Temporarily blocked"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert client.post(ANALYZE, json=ASKED).json()["error"] == "Temporarily blocked"
        assert client.get("/health").status_code == 200
        told = client.get(f"{SECURITY}/monitoring", headers=admin).json()
        assert (told["addresses"][0]["client"], told["blocks"]["count"]) == ("127.0.0.1", 1)
        assert 90 < told["security_score"] < 100
        lifted = client.delete(f"{SECURITY}/blocks/127.0.0.1", headers=admin)
        assert lifted.json()["lifted"] == ["address:127.0.0.1"]
        assert client.post(ANALYZE, json=ASKED).status_code == 200


def scanned(client):
    """What the scanner is told in the end, once it is not only over its limit."""
    for number in range(300):
        answer = client.get(f"/wp-admin/{number}.php")
        if answer.json()["error"] == "Temporarily blocked":
            return answer
        assert answer.status_code == (404 if number < 35 else 429)
    raise AssertionError("the scan was never blocked")
