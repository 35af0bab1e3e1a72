"""Dashboards tell what was measured, judge it, and say why nobody knows the rest."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from brightspot.core.errors import NotFound
from brightspot.operations import DashboardList, dashboard, dashboard_list
from brightspot.operations.dashboards.making import made
from brightspot.operations.dashboards.readers import counted, labelled, quantile_ms, route, share
from brightspot.operations.dashboards.seen import Seen
from brightspot.operations.dashboards.sheets import SHEETS, Sheet
from brightspot.operations.dashboards.tile import Reading, Tile
from brightspot.operations.rollups import MemoryShelf, Rollups
from brightspot.store import TableUnavailable
from brightspot.telemetry import BATCH_ITEMS, CACHE_HITS, CACHE_MISSES, HTTP_REQUESTS, REQUEST_SECONDS, Ledger
from brightspot.telemetry.fields import field_of
from brightspot.valkey import StoreUnavailable

SERVED = (HTTP_REQUESTS.name, "POST /api/v1/search", "200")
FAILED = (HTTP_REQUESTS.name, "POST /api/v1/search", "503")


@pytest.fixture
def ledger(clock):
    return Ledger(None, clock)


@pytest.fixture
def seen(ledger, clock):
    """`seen(minutes)`: what a dashboard of the last minutes looks at."""
    shelf = MemoryShelf()
    rollups = Rollups(shelf, ledger, clock)

    def look(minutes=60, hours=()):
        for back, number in hours:
            hour = ledger.minute() // 60 - back
            at = clock.now().replace(minute=0)
            key = f"hour#{at.fromtimestamp(hour * 3600, at.tzinfo):%Y-%m-%dT%H}"
            shelf.join(key, {field_of(SERVED): number}, at)
        return Seen(minutes, ledger, rollups)

    return look


def test_a_count_is_that_of_all_minutes_and_its_points_that_of_each(ledger, clock, seen):
    for number in (1, 2, 4):
        ledger.count(SERVED, number)
        clock.advance(seconds=60)
    told = counted(HTTP_REQUESTS)(seen(10))
    assert told.value == 7
    assert [each.value for each in told.points] == [0, 0, 0, 0, 0, 0, 1, 2, 4, 0]
    assert told.points[-1].at == clock.now().replace(second=0, microsecond=0)


def test_minutes_before_the_period_do_not_count(ledger, clock, seen):
    ledger.count(SERVED, 5)
    clock.advance(seconds=600)
    assert counted(HTTP_REQUESTS)(seen(10)).value == 0
    assert counted(HTTP_REQUESTS)(seen(11)).value == 5


def test_beyond_two_hours_points_are_hours_of_which_something_is_known(ledger, seen):
    ledger.count(SERVED, 1)
    told = counted(HTTP_REQUESTS)(seen(24 * 60, hours=((3, 30), (5, 50), (40, 9))))
    assert told.value == 81
    assert [each.value for each in told.points if each.value] == [50, 30, 1]
    assert all(each.at.minute == 0 for each in told.points)


def test_a_share_of_nothing_is_not_known_and_says_so(ledger, seen):
    hits = share((CACHE_HITS, None), (CACHE_HITS, None), (CACHE_MISSES, None))
    assert hits(seen()).value is None
    assert hits(seen()).reason == "there was none in this time"
    ledger.count((CACHE_HITS.name, "analysis"), 3)
    ledger.count((CACHE_MISSES.name, "analysis"), 1)
    assert hits(seen()).value == 0.75


def test_a_quantile_is_in_milliseconds_and_of_those_that_are_kept(ledger, seen):
    for served, seconds in (("cached", 0.002), ("computed", 0.5)):
        ledger.observe((REQUEST_SECONDS.name, "POST /api/v1/analyze", served), seconds)
    assert quantile_ms(REQUEST_SECONDS, 0.5, labelled("cached", at=1))(seen()).value == pytest.approx(2, rel=0.01)
    assert quantile_ms(REQUEST_SECONDS, 0.99)(seen()).value == pytest.approx(500, rel=0.01)


def test_requests_of_a_route_are_those_that_were_answered_well(ledger, seen):
    ledger.count(SERVED, 2)
    ledger.count(FAILED, 7)
    ledger.count((HTTP_REQUESTS.name, "POST /api/v1/compare", "200"), 5)
    assert counted(HTTP_REQUESTS, route("POST /api/v1/search"))(seen()).value == 2
    assert counted(HTTP_REQUESTS, route("POST /api/v1/*"))(seen()).value == 7
    assert counted(BATCH_ITEMS)(seen()).value == 0


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_what_is_worse_is_never_judged_better(one, other, limit):
    order = ["ok", "warning", "critical"]
    for sign, warn, bad in ((1, limit, limit + 10), (-1, limit + 10, limit)):
        better, worse = sorted((one, other), reverse=sign < 0)
        judged = [Tile("t", "count", lambda _, it=each: Reading(it), warn, bad).panel(None) for each in (better, worse)]
        assert order.index(judged[0].status) <= order.index(judged[1].status)


@pytest.mark.parametrize(
    ("value", "warn", "bad", "status"),
    [
        (0.9, 1, 5, "ok"), (1, 1, 5, "warning"), (5, 1, 5, "critical"), (1, None, 1, "critical"),
        (9, 1, None, "warning"),
        (0.96, 0.95, 0.8, "ok"), (0.95, 0.95, 0.8, "warning"), (0.8, 0.95, 0.8, "critical"), (3, None, None, "ok"),
        (None, 1, 5, "unknown"),
    ],
)  # fmt: skip
def test_a_limit_is_where_it_begins(value, warn, bad, status):
    assert Tile("t", "count", lambda _: Reading(value), warn, bad).panel(None).status == status


@pytest.mark.parametrize("error", [StoreUnavailable("the store is away"), TableUnavailable("the table is away")])
def test_what_cannot_be_read_is_not_known_and_the_rest_is_told(seen, clock, error):
    def fails(_):
        raise error

    sheet = Sheet(
        "x", "X", "all", (Tile("bad", "count", fails), Tile("good", "count", lambda _: Reading(1))), fails, fails
    )
    told = made(sheet, seen(), clock)
    bad, good, missing = told.panels
    assert (bad.value, bad.status, bad.reason) == (None, "unknown", str(error))
    assert (good.value, good.status) == (1, "ok")
    assert (missing.status, missing.reason) == ("unknown", str(error))
    assert told.recommendations == []


def test_what_is_not_well_is_advised_about(seen, clock):
    tile = Tile("Server errors", "share", lambda _: Reading(0.25), 0.01, 0.05, "the log has each")
    told = made(Sheet("x", "X", "all", (tile,)), seen(), clock)
    assert told.recommendations == ["Server errors 0.25 (share): the log has each"]
    assert (told.generated_at, told.scope) == (clock.now(), "this process")


def test_every_dashboard_of_the_documents_is_there_and_told_once():
    told = dashboard_list()
    assert isinstance(told, DashboardList)
    assert [each.name for each in told.dashboards] == [
        "executive", "business", "technical", "sla", "system-health", "performance", "security", "tasks", "cache",
    ]  # fmt: skip
    assert {each.name for each in told.dashboards if each.needs == "admin"} == {"security"}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_panels_of_a_dashboard_have_titles_of_their_own_and_a_value_or_a_reason(sheet, seen, clock):
    told = made(sheet, seen(), clock)
    assert len({each.title for each in told.panels}) == len(told.panels)
    for each in told.panels:
        assert (each.value is None) == (each.status == "unknown"), each
        assert each.value is not None or each.reason, each


def test_figures_of_business_that_nobody_records_are_null_with_the_reason(seen, clock):
    (business,) = (each for each in SHEETS if each.name == "business")
    told = {each.title: each for each in made(business, seen(), clock).panels}
    for title in ("Leads", "Conversion", "Views", "Inquiries", "Revenue", "Engagement"):
        assert (told[title].value, told[title].reason) == (None, "engagement events are not recorded yet")
    assert told["Searches"].value == 0


@pytest.mark.parametrize("name", ["security", "Executive", "", "executive/"])
def test_a_name_that_none_has_or_that_is_not_for_readers_is_not_found(name):
    with pytest.raises(NotFound, match="there are executive, business"):
        dashboard(name)


def test_promises_are_told_with_what_is_left_of_their_budgets_and_the_whole_report(seen, clock):
    (sla,) = (each for each in SHEETS if each.name == "sla")
    looked = seen()
    kept = SimpleNamespace(status="at_risk", reason="a little is left", budget_left=0.2)
    report = SimpleNamespace(objectives={"latency": kept}, recommendations=["be quicker"])
    looked.__dict__["service_levels"] = report
    told = made(sla, looked, clock)
    last = told.panels[-1]
    assert (last.title, last.value, last.status) == ("Error budget left: latency", 0.2, "warning")
    assert "be quicker" in told.recommendations
    assert told.sla is report


def test_promises_that_cannot_be_read_are_unknown_for_the_reason(seen, clock, monkeypatch):
    def away():
        raise TableUnavailable("the table figures is away")

    monkeypatch.setattr("brightspot.operations.dashboards.seen.sla_report", away)
    (sla,) = (each for each in SHEETS if each.name == "sla")
    told = made(sla, seen(), clock)
    assert (told.panels[-1].value, told.panels[-1].reason) == (None, "the table figures is away")
    assert (told.recommendations, told.sla) == ([], UNSET)


def test_no_other_dashboard_reckons_promises(seen, clock):
    (business,) = (each for each in SHEETS if each.name == "business")
    assert made(business, seen(), clock).sla is UNSET
