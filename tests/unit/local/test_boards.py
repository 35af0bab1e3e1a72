"""Dashboards ask only what is told, as its kind can be asked, and their files are in step."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from brightspot.telemetry import METRICS
from brightspot.telemetry.declared import (
    ANALYSES,
    BREAKER_TRANSITIONS,
    CACHE_HITS,
    CACHE_MISSES,
    HEALTHY,
    HTTP_REQUESTS,
)
from brightspot_local.boards import cloudwatch
from brightspot_local.boards.aws import NAMESPACES, names
from brightspot_local.boards.boards import CLOUDWATCH, GRAFANA
from brightspot_local.boards.files import files
from brightspot_local.boards.grafana import dashboard
from brightspot_local.boards.panel import Ask, AwsAsk, Board, Panel
from brightspot_local.boards.promql import promql
from brightspot_local.dev.template import load

BOARDS = (*GRAFANA, *CLOUDWATCH)
each_grafana = pytest.mark.parametrize("board", GRAFANA, ids=lambda board: board.name)
each_cloudwatch = pytest.mark.parametrize("board", CLOUDWATCH, ids=lambda board: board.name)
PLACES = ("Name", "Api", "TaskQueueName", "AWS::Region")


def asked(*boards: Board) -> set[Any]:
    return {metric for board in boards for panel in board.panels for ask in panel.ours for metric in ask.metrics}


def aws_asks() -> list[AwsAsk]:
    return [ask for board in BOARDS for panel in board.panels for ask in panel.asks if isinstance(ask, AwsAsk)]


def widgets(board: Board) -> list[dict[str, Any]]:
    return json.loads(cloudwatch.body(board))["widgets"]


def test_committed_files_are_those_that_make_boards_writes() -> None:
    stale = [path.name for path, text in files().items() if not path.exists() or path.read_text() != text]
    assert not stale, "run `make boards`"


def test_there_is_no_file_of_a_dashboard_that_is_gone() -> None:
    for folder in {path.parent for path in files() if path.suffix == ".json"}:
        assert set(folder.iterdir()) <= files().keys()


def test_grafana_has_every_declared_metric_and_no_other() -> None:
    missing = [each.name for each in METRICS if each not in asked(*GRAFANA)]
    assert not missing, "put it on a panel in infrastructure/brightspot_local/boards"
    assert asked(*GRAFANA) <= {*METRICS}


def test_cloudwatch_has_every_metric_that_it_is_told_and_no_other() -> None:
    told = {each for each in METRICS if each.emf}
    missing = [each.name for each in told - asked(*CLOUDWATCH)]
    assert not missing, "put it on a panel in infrastructure/brightspot_local/boards"
    assert asked(*CLOUDWATCH) <= told


def test_of_aws_they_ask_what_it_tells_of_what_the_templates_make() -> None:
    dimensions = {
        "AWS/ApiGateway": "ApiId",
        "AWS/DynamoDB": "TableName",
        "AWS/Lambda": "FunctionName",
        "AWS/SQS": "QueueName",
    }
    for ask in aws_asks():
        assert {ask.name, ask.over or ask.name} <= NAMESPACES[ask.namespace]
        assert ask.dimension == dimensions[ask.namespace]
        assert ask.things
    functions = [each for each in load()["Resources"].values() if each["Type"] == "AWS::Serverless::Function"]
    assert len(names("AWS::Serverless::Function", "FunctionName")) == len(functions)


@each_grafana
def test_grafanas_own_model_takes_all_of_a_dashboard(board: Board) -> None:
    register_default_plugins()
    told = json.loads(dashboard(board))
    assert lost(told, json.loads(JSONEncoder().encode(Dashboard.from_json(told)))) == []


def lost(told: Any, back: Any, where: str = "") -> list[str]:
    """Where what came back, with what the model adds, is not what it was given."""
    if isinstance(told, dict) and isinstance(back, dict):
        return [each for key in told for each in lost(told[key], back.get(key, "nothing"), f"{where}.{key}")]
    if isinstance(told, list) and isinstance(back, list) and len(told) == len(back):
        pairs = enumerate(zip(told, back, strict=True))
        return [each for place, (one, other) in pairs for each in lost(one, other, f"{where}[{place}]")]
    return [] if told == back else [f"{where}: {told!r} became {back!r}"]


def test_what_the_model_does_not_know_is_found() -> None:
    register_default_plugins()
    wrong = json.loads(dashboard(GRAFANA[0]))
    wrong["panels"][0]["fieldConfig"]["defaults"]["threshold"] = {}
    (found,) = lost(wrong, json.loads(JSONEncoder().encode(Dashboard.from_json(wrong))))
    assert found.startswith(".panels[0].fieldConfig.defaults.threshold:")


@each_grafana
def test_each_panel_says_what_it_is_in_a_place_of_its_own(board: Board) -> None:
    panels = json.loads(dashboard(board))["panels"]
    assert all(each["title"] and each["description"] and each["fieldConfig"]["defaults"]["unit"] for each in panels)
    assert all(each["targets"] for each in panels)
    apart([each["gridPos"] for each in panels], ("w", "h"))


@each_cloudwatch
def test_a_body_is_json_of_widgets_in_places_of_their_own(board: Board) -> None:
    apart(widgets(board), ("width", "height"))
    refs = [
        line[-1]["id"] if isinstance(line[-1], dict) else None for each in widgets(board)[1:] for line in metrics(each)
    ]
    assert all(refs)
    for each in widgets(board)[1:]:
        own = [line[-1]["id"] for line in metrics(each)]
        assert len(own) == len(set(own)) <= 500
    assert set(re.findall(r"\$\{([^}]+)\}", cloudwatch.body(board))) <= {*PLACES}


def metrics(widget: dict[str, Any]) -> list[Any]:
    return widget["properties"]["metrics"]


def apart(places: list[dict[str, Any]], sides: tuple[str, str]) -> None:
    wide, high = sides
    for one, other in combinations(places, 2):
        beside = one["x"] + one[wide] <= other["x"] or other["x"] + other[wide] <= one["x"]
        assert beside or one["y"] + one[high] <= other["y"] or other["y"] + other[high] <= one["y"]
    assert all(each["x"] + each[wide] <= 24 for each in places)


def test_the_stack_deploys_each_body_as_its_file_has_it() -> None:
    resources = load(next(path for path in files() if path.name == "dashboards.yaml"))["Resources"]
    deployed = {each["Properties"]["DashboardName"]["Fn::Sub"]: each["Properties"] for each in resources.values()}
    assert deployed.keys() == {f"${{Name}}-{board.name}" for board in CLOUDWATCH}
    for board in CLOUDWATCH:
        told = deployed[f"${{Name}}-{board.name}"]["DashboardBody"]["Fn::Sub"]
        assert json.loads(told) == json.loads(cloudwatch.body(board))


def test_a_question_that_does_not_fit_the_metric_is_refused() -> None:
    with pytest.raises(ValueError, match="healthy is not of a kind that has a rate"):
        Ask(HEALTHY, "rate")
    with pytest.raises(ValueError, match="not of a kind that has a quantile"):
        Ask(CACHE_HITS, "quantile")
    with pytest.raises(ValueError, match=r"has no label \['colour'\]"):
        Ask(HTTP_REQUESTS, "rate", ("colour",))
    with pytest.raises(ValueError, match="needs either a part of it or another counter"):
        Ask(CACHE_HITS, "ratio")


def test_a_threshold_of_a_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="not of the same time"):
        Panel("Errors", "All.", "ops", (Ask(ANALYSES, "rate"),), bad=1)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (Ask(HTTP_REQUESTS, "rate"), "is not told"),
        (Ask(BREAKER_TRANSITIONS, "rate", ("state",)), "by all of them"),
        (Ask(CACHE_HITS, "ratio", ("cache",), beside=CACHE_MISSES), "of two whole counters"),
    ],
)
def test_what_cloudwatch_cannot_be_asked_is_refused(ask: Ask, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        cloudwatch.body(Board("x", "X", "A board.", (Panel("A", "B.", "ops", (ask,)),)))


def test_a_share_of_a_counter_is_a_part_of_it_over_all_of_it_and_0_without_a_part() -> None:
    all_of_it = 'sum (rate(http_requests_total{job="$job"}[$__rate_interval]))'
    assert promql(Ask(HTTP_REQUESTS, "ratio", where=("status", "5.."))) == (
        '(sum (rate(http_requests_total{job="$job",status=~"5.."}[$__rate_interval]))'
        f" or 0 * ({all_of_it})) / ({all_of_it})"
    )


def test_the_worst_reading_counts_where_several_were_told() -> None:
    assert promql(Ask(HEALTHY, "lowest")) == 'min (healthy{job="$job"})'
