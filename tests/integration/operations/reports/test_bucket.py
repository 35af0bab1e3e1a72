"""Reports in their bucket: made again they replace themselves, lists are whole and newest first, outages are told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import InputRefused, NotFound
from brightspot.operations.reports.kept import BucketReports, MemoryReports
from brightspot.operations.reports.period import Period, hour_of
from brightspot.operations.reports.service import ReportAsked, ReportService
from brightspot.store import Bucket, BucketUnavailable, StoreSettings, TableUnavailable
from tests.conftest import HandClock
from tests.integration.operations.reports.conftest import BUCKET, REGION
from tests.unit.operations.reports.made import NOW, YESTERDAY, hours_of, last_season

DAYS = [Period(YESTERDAY.first - 24 * back, 24) for back in range(70)]  # over three months


class Figures:
    """Those of the last 40 days, by hour."""

    def __init__(self, told):
        self.told = told

    def hours(self, first, last):
        return {hour: each for hour, each in self.told.items() if first <= hour <= last}


@pytest.fixture
def clock():
    at = HandClock()
    at.advance(seconds=(NOW - at.now()).total_seconds())
    return at


@pytest.fixture(params=["bucket", "memory"])
def kept(request, clock):
    if request.param == "memory":
        return MemoryReports(clock)
    request.getfixturevalue("s3")
    return BucketReports(Bucket(BUCKET, StoreSettings(region=REGION)), clock)


def service_over(kept, clock, told=None):
    figures = Figures(hours_of(YESTERDAY, back=20 * 24) if told is None else told)
    return ReportService(figures, kept, clock, forecaster=last_season, security=lambda: (90.0, None))


@pytest.fixture
def service(kept, clock):
    return service_over(kept, clock)


def test_what_is_made_can_be_had_in_both_forms(service):
    made = service.ask(ReportAsked("day"))
    assert made.id == YESTERDAY.id
    as_json, as_html = service.read(made.id, "json"), service.read(made.id, "html")
    assert b'"id":"2026-11-27T00-024h"' in as_json.body
    assert (as_json.media_type, as_json.policy) == ("application/json", None)
    assert as_html.body.startswith(b"<!doctype html>")
    assert as_html.policy.startswith("default-src 'none'; style-src 'sha256-")
    assert made.bytes == len(as_json.body)
    assert service.read(f"{made.id}.html", "json") == as_html
    assert service.read(f"{made.id}.json", "html") == as_json


def test_the_report_on_a_period_made_again_takes_its_own_place(service, clock):
    first = service.ask(ReportAsked("day"))
    clock.advance(seconds=600)
    again = service.ask(ReportAsked(None, "2026-11-27", "2026-11-27"))
    assert (again.id, again.made_at - first.made_at) == (first.id, timedelta(seconds=600))
    assert service.listed().count == 1
    assert b'"made_at":"2026-11-28T09:40:00Z"' in service.read(first.id, "json").body


def test_lists_page_from_the_latest_period_back_over_the_months(kept, service):
    for each in DAYS[:40]:
        kept.keep(each.id, {"json": b"{}", "html": b""})
    told, cursor, pages = [], None, 0
    while True:
        page = service.listed(7, cursor)
        told += [each.id for each in page.reports]
        pages, cursor = pages + 1, page.next_cursor
        assert page.count == len(page.reports)
        if cursor is None:
            break
    assert told == [each.id for each in DAYS[:40]]
    assert pages == 6


def test_a_list_may_be_empty_and_a_cursor_of_another_list_is_refused(service):
    assert service.listed().reports == []
    with pytest.raises(InputRefused, match="next_cursor"):
        service.listed(5, "WzEsImF1ZGl0LWFkbWluIiwiNCJd")


def test_what_is_not_kept_is_not_found(service):
    for name in ("2026-11-26T00-024h", "2026-11-26T00-024h.html", "nonsense", "../secrets.json", "tries/x"):
        with pytest.raises(NotFound, match="GET /api/v1/monitoring/reports lists"):
            service.read(name, "json")


def test_tries_under_one_key_are_one_report_also_after_midnight(service, clock):
    asked = ReportAsked("day", key="k", whose="ada")
    first = service.ask(asked)
    clock.advance(seconds=24 * 3600)
    assert service.ask(asked).id == first.id
    assert service.listed().count == 1
    assert service.ask(ReportAsked("day", key="k", whose="bob")).id != first.id


def test_a_key_that_stands_for_another_request_is_refused(service):
    service.ask(ReportAsked("day", key="k"))
    with pytest.raises(InputRefused, match="another request") as refused:
        service.ask(ReportAsked("week", key="k"))
    assert refused.value.field == "Idempotency-Key"


def test_a_key_whose_report_is_deleted_by_now_makes_it_anew(s3, clock):
    service = service_over(BucketReports(Bucket(BUCKET, StoreSettings(region=REGION)), clock), clock)
    service.ask(ReportAsked("day", key="k"))
    s3.delete_object(Bucket=BUCKET, Key=f"json/{YESTERDAY.id}.json")
    assert service.ask(ReportAsked("day", key="k")).id == YESTERDAY.id
    assert service.read(YESTERDAY.id, "json").body


def test_one_that_is_made_while_another_is_half_kept_leaves_a_whole_report(s3, clock, monkeypatch):
    kept, other = (BucketReports(Bucket(BUCKET, StoreSettings(region=REGION)), clock) for _ in range(2))
    really = kept._bucket.put

    def interrupted(key, body, media_type):
        if key.startswith("json/"):
            service_over(other, clock).ask(ReportAsked("day"))
        really(key, body, media_type)

    monkeypatch.setattr(kept._bucket, "put", interrupted)
    made = service_over(kept, clock).ask(ReportAsked("day"))
    service = service_over(kept, clock)
    assert [each.id for each in service.listed().reports] == [made.id]
    assert made.id.encode() in service.read(made.id, "html").body


def test_objects_lie_where_the_docs_say_with_their_types(s3, clock):
    kept = BucketReports(Bucket(BUCKET, StoreSettings(region=REGION)), clock)
    service_over(kept, clock).ask(ReportAsked("day", key="k"))
    names = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert names[:2] == [f"html/{YESTERDAY.id}.html", f"json/{YESTERDAY.id}.json"]
    assert names[2].startswith("tries/")
    assert s3.head_object(Bucket=BUCKET, Key=names[0])["ContentType"] == "text/html; charset=utf-8"
    assert s3.head_object(Bucket=BUCKET, Key=names[1])["ContentType"] == "application/json"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2120, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_no_cursor_makes_a_list_look_through_more_months_than_reports_are_kept(at):
    clock, asked = HandClock(), []

    class Counting:
        def listed(self, prefix):
            asked.append(prefix)
            return []

    BucketReports(Counting(), clock).newest(Period(hour_of(at), 24).id, 20)
    assert len(asked) <= 16
    assert asked == sorted(asked, reverse=True)


@pytest.mark.parametrize(
    ("status", "code"), [(403, "AccessDenied"), (404, "NoSuchBucket"), (503, "SlowDown"), (500, "InternalError")]
)
def test_what_s3_refuses_is_told_with_its_code(refusing, clock, status, code):
    with refusing(status, code) as server:
        kept = BucketReports(Bucket(BUCKET, StoreSettings(region=REGION, endpoint_url=server.url)), clock)
        service = service_over(kept, clock)
        for ask in (
            lambda: service.ask(ReportAsked("day")),
            lambda: service.ask(ReportAsked("day", key="k")),
            service.listed,
            lambda: service.read(YESTERDAY.id, "html"),
        ):
            with pytest.raises(BucketUnavailable) as told:
                ask()
            assert (told.value.code, str(told.value)) == (code, f"{BUCKET}: {code}")
        assert all(BUCKET in each for each in server.asked)


def test_an_s3_that_nobody_serves_is_told_too(clock):
    kept = BucketReports(Bucket(BUCKET, StoreSettings(endpoint_url="http://127.0.0.1:9", connect_ms=100)), clock)
    with pytest.raises(BucketUnavailable) as told:
        service_over(kept, clock).listed()
    assert told.value.code is None


def test_a_bucket_that_is_not_there_is_told_and_what_was_kept_stays(s3, clock):
    """One that cannot be written leaves the report of before as it was."""
    kept = BucketReports(Bucket(BUCKET, StoreSettings(region=REGION)), clock)
    before = service_over(kept, clock).ask(ReportAsked("day"))
    away = BucketReports(Bucket("tests-no-reports", StoreSettings(region=REGION)), clock)
    with pytest.raises(BucketUnavailable, match="NoSuchBucket"):
        service_over(away, clock).ask(ReportAsked("day"))
    assert [each.id for each in service_over(kept, clock).listed().reports] == [before.id]


def test_a_report_is_listed_only_when_it_is_whole(s3, clock, monkeypatch):
    kept = BucketReports(Bucket(BUCKET, StoreSettings(region=REGION)), clock)
    really = kept._bucket.put

    def half(key, body, media_type):
        if key.startswith("json/"):
            raise BucketUnavailable("tests-reports: SlowDown", "SlowDown")
        really(key, body, media_type)

    monkeypatch.setattr(kept._bucket, "put", half)
    service = service_over(kept, clock)
    with pytest.raises(BucketUnavailable):
        service.ask(ReportAsked("day", key="k"))
    assert service.listed().count == 0
    monkeypatch.undo()
    assert service.ask(ReportAsked("day", key="k")).id == YESTERDAY.id  # the try had not been noted
    assert service.listed().count == 1


def test_without_figures_nothing_is_kept(kept, clock):
    class Away:
        def hours(self, first, last):
            raise TableUnavailable("tests-figures: ThrottlingException", "ThrottlingException")

    service = ReportService(Away(), kept, clock, forecaster=last_season, security=lambda: (90.0, None))
    with pytest.raises(TableUnavailable):
        service.ask(ReportAsked("day"))
    assert service.listed().count == 0
