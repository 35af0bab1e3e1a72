"""Jobs over HTTP, done by the process itself: sent, looked at, had, ended, listed, and what is refused."""

import json
from urllib.parse import urlencode

import pytest

from brightspot.jobs import job_service, job_types
from brightspot.jobs.backend import _files, _jobs
from brightspot.jobs.shapes import Asked, Job
from brightspot.jobs.shelf import _upload

JOBS = "/api/v2/batch/jobs"
ADDRESSES = ["Rochester, MN 55901", "Atlantis, MN", "Duluth, MN 55802"]


@pytest.fixture
def send(call):
    """`send(parameters)`: what a job is answered with."""

    def submit(parameters=None, job_type="bulk_analyze", *, headers=None, **more):
        body = {"job_type": job_type, "parameters": parameters or {"addresses": ADDRESSES}, **more}
        return call("jobs", "POST", JOBS, body, headers=headers)

    return submit


@pytest.fixture
def get(call):
    def ask(path="", **query):
        return call("jobs", "GET", f"{JOBS}{path}", query=urlencode(query))

    return ask


def test_addresses_are_analysed_and_their_scores_told_with_every_file(send, get):
    made = send(priority="high")
    assert (made.status, made.json["priority"]) == (202, "high")
    assert made.headers["location"] == f"{JOBS}/{made.json['id']}/status"
    told = get(f"/{made.json['id']}/status")
    assert (told.status, told.json["state"], told.json["progress"]) == (
        200, "done", {"done": 3, "total": 3, "percent": 100.0},
    )  # fmt: skip
    assert (told.headers["cache-control"], "retry-after" in told.headers) == ("no-store", False)
    found = get(f"/{made.json['id']}/result")
    result = found.json["result"]
    assert (result["job"], result["total"], result["successful"], result["failed"]) == (made.json["id"], 3, 2, 1)
    assert [each["zip"] for each in result["results"]] == ["55901", "55802"]
    assert result["errors"][0]["error"] == "Address not found"
    assert [each["name"] for each in found.json["files"]] == ["result.json", "results.csv", "analyses.jsonl.gz"]


def test_the_scores_are_those_of_single_analyses_and_stand_in_the_history(send, get, call):
    result = get(f"/{send({'addresses': ['55901'], 'persona': 'parent'}).json['id']}/result").json["result"]
    single = call("analyze", "POST", "/api/v1/analyze", {"address": "55901", "persona": "parent"})
    assert single.json["overall_score"] == result["results"][0]["overall_score"]
    assert single.json["id"] == result["results"][0]["id"]  # from the cache: it was analysed by the job


def test_a_thousand_addresses_are_taken_inline_and_answered_in_their_order(send, get, monkeypatch):
    monkeypatch.setenv("JSON_MAX_ITEMS", "1000")  # as the template has it for this function
    made = send({"addresses": ["55901", "55802"] * 500})
    result = get(f"/{made.json['id']}/result").json["result"]
    assert [each["zip"] for each in result["results"]] == ["55901", "55802"] * 500
    assert get(f"/{made.json['id']}/status").json["progress"]["total"] == 1000
    assert send({"addresses": ["55901"] * 1001}).status == 413  # as of any list that is longer


def test_a_report_is_made(send, get):
    made = send({"period": "day"}, "generate_report")
    found = get(f"/{made.json['id']}/result").json
    assert found["result"]["period"]["kind"] == "day"
    assert [each["name"] for each in found["files"]] == ["result.json", "report.html"]
    refused = send({"period": "year"}, "generate_report")
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "parameters.period")
    stretch = send({"from": "2020-01-01", "to": "2020-01-02"}, "generate_report")
    assert (stretch.status, stretch.json["errors"][0]["field"]) == (422, "parameters.from")


@pytest.mark.parametrize(
    ("body", "field", "told"),
    [
        ({"job_type": "bulk_recommendations", "parameters": {"user_ids": ["u"], "recommendation_count": 10}},
         "job_type", "'bulk_analyze', 'generate_report'"),
        ({"parameters": {}}, "job_type", "send it"),
        ({"job_type": "bulk_analyze"}, "parameters", "send it"),
        ({"job_type": "bulk_analyze", "parameters": {"addresses": 7}}, "parameters.addresses", "list"),
        ({"job_type": "bulk_analyze", "parameters": {"adresses": ["x"]}}, "parameters.adresses", "unknown field"),
        ({"job_type": "bulk_analyze", "parameters": {}}, "parameters.addresses", "either addresses or an upload"),
        ({"job_type": "bulk_analyze", "parameters": {"addresses": ["x"], "persona": "king"}},
         "parameters.persona", "king"),
        ({"job_type": "bulk_analyze", "parameters": {"addresses": ["x"], "radius_miles": 99}},
         "parameters.radius_miles", "25"),
        ({"job_type": "bulk_analyze", "parameters": {"upload": "u"}}, "parameters.upload", "upload the file first"),
        ({"job_type": "bulk_analyze", "parameters": {"addresses": ["x"]}, "priority": "urgent"}, "priority", "high"),
        ({"job_type": "bulk_analyze", "parameters": {"addresses": ["x"]},
          "webhook": {"url": "https://a.example/", "secret": "short"}}, "webhook.secret", "16"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_its_field(call, body, field, told):
    answer = call("jobs", "POST", JOBS, body)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json["errors"][0]["field"] == field
    assert told in answer.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x", "https://[::1]/", "https://169.254.169.254/latest", "http://a.b/"]
)
def test_a_webhook_to_where_none_may_go_is_refused(send, url):
    answer = send(webhook={"url": url, "secret": "nobody guesses this"})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "webhook.url")


def test_an_upload_is_read(call, send, get):
    body = b'\xef\xbb\xbfsite,address\r\nA,55901\r\nB,"Duluth, MN 55802"\r\n'
    place = call("jobs", "POST", "/api/v2/batch/uploads", {"bytes": len(body)})
    assert (place.status, place.json["method"], place.json["most_bytes"]) == (201, "PUT", 5_000_000)
    assert place.json["headers"]["Content-Length"] == str(len(body))
    early = send({"upload": place.json["id"]})
    assert (early.status, early.json["errors"][0]["field"]) == (422, "parameters.upload")
    _files()._objects.put(_upload("shared", place.json["id"]), body, "text/csv")  # as S3 does, behind the link
    result = get(f"/{send({'upload': place.json['id']}).json['id']}/result").json["result"]
    assert [each["zip"] for each in result["results"]] == ["55901", "55802"]


def test_an_upload_that_cannot_be_read_fails_the_job_with_its_row(call, send, get):
    place = call("jobs", "POST", "/api/v2/batch/uploads", {"bytes": 10}).json
    _files()._objects.put(_upload("shared", place["id"]), b"address,zip\n55901\n", "text/csv")
    made = send({"upload": place["id"]}).json
    told = get(f"/{made['id']}/status").json
    assert (told["state"], told["error"]["error"]) == ("failed", "File unreadable")
    assert "row 2" in told["error"]["reason"]
    result = get(f"/{made['id']}/result")
    assert (result.status, "row 2" in result.json["detail"]) == (409, True)


@pytest.mark.parametrize("size", [0, 5_000_001, "many"])
def test_a_place_is_for_a_file_that_may_be_so_large(call, size):
    answer = call("jobs", "POST", "/api/v2/batch/uploads", {"bytes": size})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "bytes")


def test_tries_with_one_key_are_one_job(send):
    one, again = (send(headers={"idempotency-key": "k1"}) for _ in range(2))
    assert (again.status, again.json["id"]) == (202, one.json["id"])
    other = send({"addresses": ["55901"]}, headers={"idempotency-key": "k1"})
    assert (other.status, other.json["errors"][0]["field"]) == (422, "Idempotency-Key")


def waiting(state="queued"):
    """A job that no worker has taken yet."""
    job = Job(
        id="01M834A9KFZZ1434Y8FPGZG2TE", tenant="shared", job_type="bulk_analyze", priority="normal", state=state,
        created_at=4e9, expires_at=5_000_000_000,
    )  # fmt: skip
    _jobs().create(job, Asked({"addresses": ["55901"]}), 1000)
    return job.id


def test_a_result_that_is_not_there_yet_is_409_and_a_job_that_waits_can_be_ended(get, call):
    job = waiting()
    told = get(f"/{job}/status")
    assert (told.json["state"], told.headers["retry-after"]) == ("queued", "2")
    early = get(f"/{job}/result")
    assert (early.status, early.json["error"]) == (409, "Not finished")
    assert "the job is queued" in early.json["detail"]
    assert call("jobs", "DELETE", f"{JOBS}/{job}").json["state"] == "cancelled"


def test_a_finished_job_cannot_be_ended(send, call):
    made = send().json["id"]
    answer = call("jobs", "DELETE", f"{JOBS}/{made}")
    assert (answer.status, "done already" in answer.json["detail"]) == (409, True)


def test_a_full_queue_is_429_and_says_when_to_come_back(send, monkeypatch):
    monkeypatch.setenv("BATCH_QUEUE_SIZE", "1")
    job_service.cache_clear()
    waiting()
    answer = send()
    assert (answer.status, answer.headers["retry-after"], answer.json["error_class"]) == (429, "30", "rate_limit")


@pytest.mark.parametrize("path", ["/01M834A9KFZZ1434Y8FPGZG2TE/status", "/nonsense/status", "/nonsense/result"])
def test_a_job_that_is_not_there_is_404(get, path):
    assert get(path).status == 404


def test_jobs_are_listed_by_page_and_state(send, get):
    ids = [send().json["id"] for _ in range(3)]
    first = get(limit=2).json
    rest = get(limit=2, cursor=first["next_cursor"]).json
    assert sorted(each["id"] for page in (first, rest) for each in page["jobs"]) == sorted(ids)
    assert get(state="failed").json["jobs"] == []
    assert get(state="lost").status == 422


def test_the_models_of_the_edge_and_the_types_that_are_registered_agree(call, send):
    send()
    import jobs_routes

    models = {each.model_fields["job_type"].annotation.__args__[0]: each for each in jobs_routes.BODIES}
    registered = {each.name: each for each in jobs_routes.JOB_TYPES}
    assert set(models) == set(registered) == set(job_types())
    for name, body in models.items():
        edge = body.model_fields["parameters"].annotation
        kind = registered[name].parameters
        assert {field.alias or at for at, field in edge.model_fields.items()} == set(kind.__struct_encode_fields__)
        told = {field.alias or at: field.default for at, field in edge.model_fields.items()}
        assert told == dict(
            zip(kind.__struct_encode_fields__, json.loads(json.dumps(kind.__struct_defaults__)), strict=True)
        )
