"""Pages of the history in DynamoDB: newest first over shards, filtered, at one cost, without what has expired."""

from datetime import timedelta

import pytest

from brightspot.core.codec import dumps, loads
from brightspot.core.errors import InputRefused
from brightspot.locations.dataset.points import CATEGORIES
from brightspot.locations.past import paging
from brightspot.locations.past.table import SHARDS
from tests.integration.history.conftest import PLACE, START, put_all


def all_pages(ask):
    """Every page, following the cursors."""
    pages, cursor = [], None
    while True:
        pages.append(ask(cursor))
        cursor = pages[-1].next_cursor
        if cursor is None:
            return pages


def ids(pages):
    return [each.id for page in pages for each in page.results]


def test_two_hundred_rows_over_all_shards_come_newest_first(history, aws, made):
    written = [made(minutes=minute) for minute in range(200)]
    for analysis in sorted(written, key=lambda each: hash(each.id)):
        history.record(analysis, PLACE)
    assert {row["recent_shard"]["S"] for row in aws.rows()} == {f"recent#{shard}" for shard in range(SHARDS)}
    newest_first = [each.id for each in reversed(written)]
    assert ids([history.recent(10)]) == newest_first[:10]
    pages = all_pages(lambda cursor: history.recent(30, cursor=cursor))
    assert [page.count for page in pages] == [30] * 6 + [20]
    assert ids(pages) == newest_first


def test_a_page_shows_the_scores(history, made):
    analysis = made()
    history.record(analysis, PLACE)
    (shown,) = history.recent(10).results
    body = loads(dumps(shown))
    assert set(body) == {"id", "address", "scores", "persona", "created_at", "status"}
    assert body["scores"] == {
        "overall": analysis.overall_score,
        **{name: analysis.categories[name].score for name in CATEGORIES},
    }


def test_a_last_page_that_is_exactly_full_has_no_next(history, made):
    for minute in range(10):
        history.record(made(minutes=minute), PLACE)
    assert history.recent(10).next_cursor is None
    assert history.recent(9).next_cursor is not None


def test_a_persona_sees_its_own_newest_first(history, made):
    for minute in range(40):
        history.record(made(minutes=minute, persona="family" if minute % 4 == 0 else "business"), PLACE)
    pages = all_pages(lambda cursor: history.recent(3, persona="family", cursor=cursor))
    assert [each.created_at[11:16] for page in pages for each in page.results] == [
        f"00:{minute:02}" for minute in range(36, -1, -4)
    ]


def test_a_stretch_of_time_has_its_first_moment_and_not_its_last(history, made):
    written = [made(minutes=minute) for minute in range(60)]
    for analysis in written:
        history.record(analysis, PLACE)
    since, until = START + timedelta(minutes=10), START + timedelta(minutes=20)
    expected = [each.id for each in reversed(written[10:20])]
    assert ids(all_pages(lambda cursor: history.recent(4, since=since, until=until, cursor=cursor))) == expected
    assert ids([history.of_place(PLACE, 60, since=since, until=until)]) == expected
    assert ids([history.recent(60, persona="business", since=since, until=until)]) == expected


def test_a_place_has_only_its_own(history, made):
    elsewhere = "DULUTH, MN 55802"
    for minute in range(30):
        history.record(made(minutes=minute), elsewhere if minute % 3 else PLACE)
    assert len(ids(all_pages(lambda cursor: history.of_place(PLACE, 4, cursor)))) == 10
    assert len(ids(all_pages(lambda cursor: history.of_place(elsewhere, 7, cursor)))) == 20
    assert history.of_place("NOWHERE, MN 55999", 10).results == []


def test_a_place_can_be_asked_for_one_persona(history, made):
    for minute in range(30):
        history.record(made(minutes=minute, persona="family" if minute < 5 else "business"), PLACE)
    pages = all_pages(lambda cursor: history.of_place(PLACE, 2, cursor, persona="family"))
    assert [page.count for page in pages] == [2, 2, 1]


def test_pages_neither_repeat_nor_lose_a_row_while_new_ones_arrive(history, made):
    before = [made(minutes=minute) for minute in range(50)]
    for analysis in before:
        history.record(analysis, PLACE)
    for ask in (
        lambda cursor: history.recent(7, cursor=cursor),
        lambda cursor: history.recent(7, persona="business", cursor=cursor),
        lambda cursor: history.of_place(PLACE, 7, cursor),
    ):
        first = ask(None)
        newest = iter(range(100, 1000))
        seen = [each.id for each in first.results]
        cursor = first.next_cursor
        while cursor is not None:
            for _ in range(3):
                history.record(made(minutes=1000 + next(newest)), PLACE)
            page = ask(cursor)
            seen += [each.id for each in page.results]
            cursor = page.next_cursor
        assert len(seen) == len(set(seen))
        assert seen[-50:] == [each.id for each in reversed(before)]


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "=", "é", "WzEsImhpc3RvcnkiLCJub3BlIl0", "x" * 5000])
def test_a_cursor_that_is_none_of_ours_is_refused_with_what_to_send(history, cursor):
    with pytest.raises(InputRefused, match="next_cursor") as refused:
        history.recent(10, cursor=cursor)
    assert refused.value.field == "cursor"


def test_what_expired_is_not_shown_even_before_dynamodb_deletes_it(history, clock, aws, made):
    old, young = made(), made(minutes=60 * 24 * 10)
    for analysis in (old, young):
        history.record(analysis, PLACE)
    clock.advance(seconds=timedelta(days=61).total_seconds())
    assert len(aws.rows()) == 2
    assert ids([history.recent(10)]) == [young.id]
    assert ids([history.of_place(PLACE, 10)]) == [young.id]
    assert ids([history.recent(10, persona="business")]) == [young.id]
    assert history.get(old.id) is None
    assert history.get(young.id) is not None


def test_what_is_older_than_it_is_kept_now_is_not_even_read(history, clock, made, calls):
    for minute in (0, 60 * 24 * 40):
        history.record(made(minutes=minute), PLACE)
    clock.advance(seconds=timedelta(days=80).total_seconds())
    calls.clear()
    assert history.of_place(PLACE, 10).count == 1
    assert [answer["ScannedCount"] for _, _, answer in calls] == [1]


@pytest.mark.parametrize("bound", ["since", "until"])
def test_a_stretch_that_lies_past_the_cursor_or_before_what_is_kept_is_empty_and_asks_nothing(
    history, made, calls, bound
):
    for minute in range(5):
        history.record(made(minutes=minute), PLACE)
    cursor = history.recent(2).next_cursor
    asked = {"since": START + timedelta(minutes=4)} if bound == "since" else {"until": START - timedelta(days=365)}
    calls.clear()
    for page in (history.recent(2, cursor=cursor, **asked), history.of_place(PLACE, 2, cursor, **asked)):
        assert (page.results, page.next_cursor) == ([], None)
    assert calls == []


def test_rare_rows_come_in_short_pages_whose_cursors_lead_on(history, made, monkeypatch):
    monkeypatch.setattr(paging, "MOST_READ", 10)
    put_all(
        history, [made(minutes=minute, persona="family" if minute in {3, 31} else "business") for minute in range(40)]
    )
    pages = all_pages(lambda cursor: history.of_place(PLACE, 5, cursor, persona="family"))
    assert [page.count for page in pages] == [1, 0, 0, 1]


def test_a_full_page_leads_on_from_its_last_row_and_not_from_what_was_read_to_know_of_more(history, made):
    put_all(history, [made(minutes=minute, persona="family" if minute % 2 else "business") for minute in range(6)])
    first = history.of_place(PLACE, 1, persona="family")
    history.record(made(minutes=4.5, persona="family"), PLACE)
    second = history.of_place(PLACE, 1, first.next_cursor, persona="family")
    assert [page.results[0].created_at[14:19] for page in (first, second)] == ["05:00", "04:30"]
