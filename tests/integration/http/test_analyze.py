"""POST /api/v1/analyze through the function's Lambda entry."""

import pytest

PATH = "/api/v1/analyze"
ROCHESTER = {"address": "Rochester, MN 55901"}
PROBLEM_MEMBERS = {"type", "title", "status", "detail", "instance", "error", "error_class", "request_id"}


def test_an_address_is_scored(call):
    answer = call("analyze", "POST", PATH, ROCHESTER)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["location"]["zip"] == "55901"
    assert answer.json["data_points_collected"] >= 60
    assert answer.json["radius_miles"] == 3.0
    assert answer.json["persona"] == "business"


def test_a_field_that_does_not_apply_is_absent_and_what_is_unknown_is_null(call):
    body = call("analyze", "POST", PATH, {"address": "Charlotte Amalie, VI 00802"}).json
    assert body["overall_score"] is None
    assert "cache_age_seconds" not in body
    points = [point for each in body["categories"].values() for point in each["points"].values()]
    assert all("bound" not in point for point in points)
    assert any(point["value"] is None for point in points)


def test_radius_is_an_alias_of_radius_miles(call):
    assert call("analyze", "POST", PATH, {**ROCHESTER, "radius": 5}).json["radius_miles"] == 5.0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "address"),
        ({"address": 55901}, "address"),
        ({"address": None}, "address"),
        ({**ROCHESTER, "radius_miles": 0.4}, "radius"),
        ({**ROCHESTER, "radius_miles": 25.1}, "radius"),
        ({**ROCHESTER, "radius_miles": "3"}, "radius"),
        ({**ROCHESTER, "radius_miles": True}, "radius"),
        ({**ROCHESTER, "radius": 3, "radius_miles": 4}, "radius"),
        ({**ROCHESTER, "persona": "tourist"}, "persona"),
        ({**ROCHESTER, "weights": {"parking": 1}}, "weights"),
        ({**ROCHESTER, "weights": {"safety": 0}}, "weights"),
        ({**ROCHESTER, "weights": {"safety": "much"}}, "weights"),
        ({**ROCHESTER, "color": "red"}, "color"),
        ([], "body"),
        ({"address": ""}, "address"),
        ({"address": "x" * 10_000}, "address"),
        ({"address": "Rochester\u0000, MN 55901"}, "address"),
        ({"address": "Rochester, WI 55901"}, "address"),
        ({"address": "00000"}, "address"),
        ({"address": "Atlantis, MN"}, "address"),
        ({"address": "10 Downing Street, London SW1A 2AA, UK"}, "address"),
        ({"address": "CMR 402, APO AE 09180"}, "address"),
    ],
)
def test_bad_input_is_a_422_that_names_the_field_and_says_what_to_send(call, body, field):
    answer = call("analyze", "POST", PATH, body)
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert problem.keys() >= PROBLEM_MEMBERS
    assert problem["status"] == 422
    assert problem["error_class"] == "validation"
    assert problem["instance"] == PATH
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert any(each["field"].startswith(field) and each["message"] for each in problem["errors"]), problem["errors"]
    assert len(problem["detail"]) < 600


def test_an_address_problem_tells_what_was_understood(call):
    problem = call("analyze", "POST", PATH, {"address": "Rochester, WI 55901"}).json
    assert problem["understood"]["zip"] == "55901"
    assert problem["understood"]["state"] == "Wisconsin (WI)"
    assert "MN" in problem["detail"]


@pytest.mark.parametrize("body", ["{", "not json", '{"address": "55901"'])
def test_malformed_json_is_a_400(call, body):
    assert call("analyze", "POST", PATH, body).status == 400


@pytest.mark.parametrize("body", ['{"address": "\\ud800"}', '{"address": "55901", "radius_miles": NaN}', "[" * 5000])
def test_json_that_only_python_accepts_is_refused(call, body):
    answer = call("analyze", "POST", PATH, body)
    assert answer.status in {400, 413, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_not_said_to_be_json_is_a_415(call):
    assert call("analyze", "POST", PATH, "address=55901", headers={"content-type": "text/plain"}).status == 415


def test_a_body_beyond_the_limit_is_a_413(call):
    assert call("analyze", "POST", PATH, {"address": "x" * 70_000}).status == 413


def test_headers_beyond_the_limit_are_a_431(call):
    assert call("analyze", "POST", PATH, ROCHESTER, headers={"x-filler": "x" * 11_000}).status == 431


def test_a_url_beyond_the_limit_is_a_414(call):
    assert call("analyze", "POST", PATH, ROCHESTER, query="x=" + "y" * 5_000).status == 414


def test_another_method_is_a_405_that_says_which_to_send(call):
    answer = call("analyze", "GET", PATH)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert "POST" in answer.json["detail"]


def test_another_path_is_a_404_that_points_to_the_docs(call):
    answer = call("analyze", "GET", "/api/v1/nothing")
    assert answer.status == 404
    assert "/docs" in answer.json["detail"]


def test_a_request_id_of_the_caller_is_kept_when_it_is_well_formed(call):
    sent = call("analyze", "POST", PATH, ROCHESTER, headers={"x-request-id": "order-4711-abc"})
    assert sent.headers["x-request-id"] == "order-4711-abc"
    forged = call("analyze", "POST", PATH, ROCHESTER, headers={"x-request-id": "a\r\nset-cookie: x"})
    assert forged.headers["x-request-id"] == "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


def test_what_fails_inside_is_a_500_that_tells_no_secret(call, monkeypatch, capfd):
    from brightspot.locations import analysis_service

    def broken():
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(analysis_service, "service", broken)
    answer = call("analyze", "POST", PATH, ROCHESTER)
    assert answer.status == 500
    assert answer.json["error_class"] == "internal"
    assert "hunter2" not in answer.text


def test_the_deadline_of_the_invocation_is_kept(call, monkeypatch):
    from brightspot import locations
    from brightspot.locations import analysis_service

    seen = []

    class Service:
        def analyze(self, request, deadline, **options):
            seen.append(deadline.remaining())
            raise locations.RequestRefused("address", "enough")

    monkeypatch.setattr(analysis_service, "service", Service)  # the gate asks it
    monkeypatch.setattr(locations, "service", Service)  # and so does the app, for what the gate does not answer
    assert call("analyze", "POST", PATH, ROCHESTER, remaining=5.0).status == 422
    assert [3.0 < each <= 4.0 for each in seen] == [True, True]
