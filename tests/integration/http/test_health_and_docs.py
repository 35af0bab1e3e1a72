"""GET /health and the documentation routes through their Lambda entries."""

from brightspot import locations, operations


def test_health_tells_every_backend_live(call):
    answer = call("health", "GET", "/health")
    assert answer.status == 200
    body = answer.json
    assert body["status"] == "healthy"
    assert body["dataset"]["zips"] == 41_994
    assert body["cache"]["backend"] == "in-memory"
    assert body["features"] == {
        "redis_caching": False, "database_storage": False, "circuit_breakers": True, "batch_analysis": True,
    }  # fmt: skip


def test_without_its_dataset_the_service_is_unhealthy_and_answers_503(call, monkeypatch):
    def gone():
        raise locations.DatasetUnavailable("places.sqlite cannot be read")

    working = locations.probes()
    monkeypatch.setattr(locations, "probes", lambda: {**working, "dataset": gone})
    answer = call("health", "GET", "/health")
    assert answer.status == 503
    assert answer.json["status"] == "unhealthy"
    assert answer.json["dataset"] == {"status": "failed", "reason": "places.sqlite cannot be read"}


def test_another_backend_that_fails_only_degrades():
    def refuse():
        raise OSError("connection refused")

    working = locations.probes()
    report = operations.health({**working, "cache": refuse, "circuit_breakers": lambda: {"economy": "closed"}})
    assert report.status == "degraded"
    assert report.cache == {"status": "failed", "reason": "connection refused"}


def test_without_a_database_that_answers_there_are_no_batches():
    def refuse():
        raise OSError("connection refused")

    report = operations.health({**locations.probes(), "database": refuse, "circuit_breakers": dict})
    assert (report.status, report.features["batch_analysis"]) == ("degraded", False)


def test_a_breaker_that_is_open_degrades():
    states = dict.fromkeys(locations.COLLECTORS, "closed") | {"economy": "open"}
    report = operations.health({**locations.probes(), "circuit_breakers": lambda: states})
    assert report.status == "degraded"
    assert report.circuit_breakers["economy"] == "open"


def test_the_docs_page_needs_nothing_from_elsewhere(call):
    page = call("docs", "GET", "/docs")
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "POST /api/v1/analyze" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text


def test_the_pages_assets_and_the_description_are_served(call):
    assert call("docs", "GET", "/docs/docs.js").headers["content-type"].startswith("text/javascript")
    assert call("docs", "GET", "/docs/docs.css").headers["content-type"].startswith("text/css")
    described = call("docs", "GET", "/openapi.json").json
    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/analyze", "/health"} <= set(described["paths"])


def test_no_other_file_can_be_had_through_the_docs(call):
    for path in ("/docs/docs_routes.py", "/docs/..%2fdocs_routes.py", "/docs/index.htm"):
        assert call("docs", "GET", path).status == 404
