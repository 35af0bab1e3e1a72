"""Prometheus takes what is exposed, and answers every question of the Grafana dashboards."""

import json
import math

import pytest

from brightspot.telemetry import METRICS, exposed
from brightspot_local.boards.boards import GRAFANA
from brightspot_local.boards.files import files
from brightspot_local.boards.promql import promql
from tests.integration.telemetry.prometheus import JOB, figures, promtool, told_to_prometheus

QUESTIONS = {
    f"{board.name}: {panel.title}, {number}": promql(ask)
    for board in GRAFANA
    for panel in board.panels
    for number, ask in enumerate(panel.ours)
}


def filled(question):
    """As Grafana sends it."""
    return question.replace("$__rate_interval", "1m").replace("$job", JOB)


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    with told_to_prometheus(tmp_path_factory.mktemp("prometheus")) as ask:
        yield ask


def test_promtool_has_nothing_against_what_is_exposed():
    assert promtool("check", "metrics", given=exposed(figures(3), METRICS)) == (True, "")


def test_promtool_reads_every_question(tmp_path):
    rules = [{"record": f"panel:{number}", "expr": filled(each)} for number, each in enumerate(QUESTIONS.values())]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))  # YAML as well
    taken, said = promtool("check", "rules", str(file))
    assert taken, said
    assert f"{len(rules)} rules found" in said


def test_the_files_ask_these_questions():
    boards = [json.loads(text) for path, text in files().items() if path.parent.name == "grafana"]
    asked = [each["expr"] for board in boards for panel in board["panels"] for each in panel["targets"]]
    assert asked == list(QUESTIONS.values())


@pytest.mark.parametrize("name", QUESTIONS)
def test_prometheus_answers_every_question(prometheus, name):
    result = prometheus("query", query=filled(QUESTIONS[name]))["result"]
    values = [float(each["value"][1]) for each in result]
    assert values
    assert all(math.isfinite(each) for each in values)


def test_the_job_to_choose_is_found(prometheus):
    assert prometheus("label/job/values", **{"match[]": "circuit_breaker_state"}) == [JOB]


def test_without_a_failure_the_share_of_failures_is_0(prometheus):
    question = filled(QUESTIONS["enhanced_features_overview: Server errors, 0"]).replace("5..", "no such status")
    (share,) = prometheus("query", query=question)["result"]
    assert float(share["value"][1]) == 0
