"""Analyses in DynamoDB: one row each, written once with every score, failed ones as failed."""

from datetime import timedelta

import msgspec

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.core.codec import dumps
from brightspot.core.ids import new_id
from brightspot.locations.dataset.points import CATEGORIES
from brightspot.locations.gazetteer.locate import Gazetteer, shared_gazetteer
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.shapes import FailedAnalysis
from brightspot.locations.past.table import AnalysisRow
from tests.integration.history.conftest import PLACE, START, TABLE


def test_the_model_and_the_template_describe_the_same_table():
    def plain(keys):
        return {(key["AttributeName"], key["KeyType"]) for key in keys}

    template = TABLE
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


def test_what_was_stored_comes_back_to_the_byte_and_is_gone_when_it_has_expired(history, made, clock):
    analysis = made()
    history.record(analysis, PLACE)
    assert history.stored(analysis.id) == (dumps(analysis), None)
    clock.advance(seconds=timedelta(days=90).total_seconds())
    assert history.stored(analysis.id) is None


def test_of_a_failed_analysis_the_reason_is_stored(history, clock):
    place = shared_gazetteer().locate("Rochester, MN 55901")
    failed = FailedAnalysis(new_id(clock.now()), "Rochester, MN 55901", place, "business", clock.now(), 0.1, "OSError")
    history.record_failed(failed)
    assert history.stored(failed.id) == (None, "OSError")
    assert history.get(failed.id) is None
