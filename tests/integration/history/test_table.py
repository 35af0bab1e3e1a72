"""Analyses in DynamoDB: written once with every score, listed newest first over shards, filtered, forgotten."""

from datetime import timedelta

import msgspec
import pytest

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.core.codec import dumps, loads
from brightspot.core.errors import InputRefused
from brightspot.core.ids import new_id
from brightspot.locations.gazetteer import Gazetteer
from brightspot.locations.history_dynamo import DynamoHistory
from brightspot.locations.history_table import SHARDS, AnalysisRow
from brightspot.locations.points import CATEGORIES
from brightspot_local.dev.template import load
from tests.integration.history.conftest import PLACE, START


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


def test_the_model_and_the_template_describe_the_same_table():
    def plain(keys):
        return {(key["AttributeName"], key["KeyType"]) for key in keys}

    template = load()["Resources"]["AnalysesTable"]["Properties"]
    model = AnalysisRow._get_schema()
    assert plain(model["key_schema"]) == plain(template["KeySchema"])
    ours = {
        each["index_name"]: (plain(each["key_schema"]), each["projection"])
        for each in model["global_secondary_indexes"]
    }
    theirs = {
        each["IndexName"]: (plain(each["KeySchema"]), each["Projection"]) for each in template["GlobalSecondaryIndexes"]
    }
    assert ours == theirs
    assert AnalysisRow._ttl_attribute().attr_name == template["TimeToLiveSpecification"]["AttributeName"]


def test_a_recorded_analysis_stands_in_its_row_with_every_score(history, aws, made):
    analysis = made()
    history.record(analysis, PLACE)
    (row,) = aws.rows()
    assert row["id"]["S"] == analysis.id
    assert row["address"]["S"] == analysis.address
    assert row["place"]["S"] == PLACE
    assert float(row["lat"]["N"]) == analysis.location.lat
    assert float(row["lon"]["N"]) == analysis.location.lon
    assert row["persona"]["S"] == "business"
    assert row["status"]["S"] == "completed"
    assert row["created_at"]["S"] == analysis.created_at
    assert int(row["data_points_collected"]["N"]) == analysis.data_points_collected
    assert float(row["execution_time_seconds"]["N"]) == analysis.execution_time_seconds
    assert int(row["expires_at"]["N"]) == int((START + timedelta(days=90)).timestamp())
    stored = {name: None if "NULL" in value else float(value["N"]) for name, value in row["scores"]["M"].items()}
    assert stored == {
        "overall": analysis.overall_score,
        **{name: analysis.categories[name].score for name in CATEGORIES},
    }


def test_the_full_answer_comes_back_as_it_was_and_lies_compressed(history, aws, made):
    analysis = made()
    history.record(analysis, PLACE)
    assert history.get(analysis.id) == analysis
    assert len(aws.rows()[0]["body"]["B"]) < len(dumps(analysis)) / 2
    assert history.get(new_id(START)) is None


def test_recording_is_one_put_item(history, made, calls):
    history.record(made(), PLACE)
    assert [operation for operation, *_ in calls] == ["PutItem"]


def test_recording_an_id_twice_keeps_the_first_and_is_no_failure(history, aws, made):
    analysis = made()
    history.record(analysis, PLACE)
    history.record(msgspec.structs.replace(analysis, overall_score=1.0), PLACE)
    assert history.get(analysis.id) == analysis
    assert len(aws.rows()) == 1
    assert aws.messages() == []


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


def test_a_page_costs_the_same_however_many_rows_there_are(history, made, calls):
    def cost(ask):
        calls.clear()
        assert ask().count == 10
        read = [answer for operation, _, answer in calls if operation == "Query"]
        return sum(answer["ScannedCount"] for answer in read), len(read)

    questions = {
        "recent": lambda: history.recent(10),
        "persona": lambda: history.recent(10, persona="business"),
        "place": lambda: history.of_place(PLACE, 10),
    }
    costs = []
    for stretch in (range(100), range(100, 1000)):
        for minute in stretch:
            history.record(made(minutes=minute), PLACE)
        costs.append({name: cost(ask) for name, ask in questions.items()})
    most = {"recent": (6 * SHARDS, 2 * SHARDS), "persona": (6 * SHARDS, 2 * SHARDS), "place": (11, 1)}
    for measured in costs:
        for name, (rows, queries) in measured.items():
            assert rows <= most[name][0], (name, costs)
            assert queries <= most[name][1], (name, costs)
    assert costs[1]["place"] == costs[0]["place"]


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


def test_a_failed_analysis_is_remembered_as_failed(history, clock):
    place = Gazetteer(locations.shared_dataset()).locate("Rochester, MN 55901")
    failed = locations.FailedAnalysis(new_id(START), "55901", place, "business", START, 0.25, "ValueError")
    history.record_failed(failed)
    (shown,) = history.of_place(place.normal_form, 10).results
    assert (shown.id, shown.status, shown.scores.overall) == (failed.id, "failed", None)
    assert history.get(failed.id) is None


def test_the_number_of_analyses_is_dynamodbs_own(history, made):
    for minute in range(3):
        history.record(made(minutes=minute), PLACE)
    assert history.count() == 3


def test_nothing_of_aws_is_loaded_before_the_table_is_used(aws):
    import subprocess
    import sys

    code = (
        "import sys; from brightspot import locations; locations.history(); locations.past_analyses; "
        "print([name for name in sys.modules if name.startswith(('boto', 'pynamodb', 'backports'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"TABLE_PREFIX": "x"}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
    assert DynamoHistory(aws.settings, SystemClock(), retention_days=90, queue_url="").backend == "dynamodb"
