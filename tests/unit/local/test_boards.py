"""Dashboards ask only what is declared, as its kind can be asked, and their files are in step."""

import json
from itertools import combinations

import pytest

from brightspot.telemetry import METRICS
from brightspot.telemetry.declared import CACHE_HITS, HEALTHY, HTTP_REQUESTS
from brightspot_local.boards.declared import BOARDS
from brightspot_local.boards.files import files
from brightspot_local.boards.grafana import dashboard
from brightspot_local.boards.panel import Ask, Board

each_board = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)


def test_committed_files_are_those_that_make_boards_writes() -> None:
    stale = [path.name for path, text in files().items() if not path.exists() or path.read_text() != text]
    assert not stale, "run `make boards`"


@each_board
def test_asks_only_declared_metrics(board: Board) -> None:
    asked = {each for panel in board.panels for ask in panel.asks for each in (ask.metric, ask.beside) if each}
    assert asked <= {*METRICS}


@each_board
def test_each_panel_says_what_it_is_in_a_place_of_its_own(board: Board) -> None:
    panels = json.loads(dashboard(board))["panels"]
    assert all(each["title"] and each["description"] and each["fieldConfig"]["defaults"]["unit"] for each in panels)
    for one, other in combinations([each["gridPos"] for each in panels], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    assert all(each["gridPos"]["x"] + each["gridPos"]["w"] <= 24 for each in panels)


def test_a_question_that_does_not_fit_the_metric_is_refused() -> None:
    with pytest.raises(ValueError, match="healthy is not of a kind that has a rate"):
        Ask(HEALTHY, "rate")
    with pytest.raises(ValueError, match="not of a kind that has a quantile"):
        Ask(CACHE_HITS, "quantile")
    with pytest.raises(ValueError, match=r"has no label \['colour'\]"):
        Ask(HTTP_REQUESTS, "rate", ("colour",))


def test_a_share_of_a_counter_is_a_part_of_it_over_all_of_it() -> None:
    assert Ask(HTTP_REQUESTS, "ratio", where=("status", "5..")).promql() == (
        'sum (rate(http_requests_total{status=~"5.."}[$__rate_interval]))'
        " / (sum (rate(http_requests_total[$__rate_interval])))"
    )
