"""What keeps a batch, or one of its rows, from being scored."""

import gzip
import json
import logging

import pytest

from brightspot.core import codec
from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.locations import DatasetUnavailable, service
from brightspot.locations.collectors.embedded import EmbeddedCollector
from brightspot.locations.mass.batch import BatchLate, BatchScorer
from brightspot.locations.mass.run import RunEnds
from brightspot.locations.mass.settings import MassSettings
from brightspot.locations.mass.shapes import Asked, Batch, Question, Row, Run
from brightspot.resilience import Deadline
from brightspot.store import Bucket, BucketUnavailable, StoreSettings
from tests.integration.mass.conftest import BUCKET, KEY, REGION
from tests.s3 import refusing  # noqa: F401  # a fixture

ROWS = [Row(number, address) for number, address in enumerate(("55901", "10001", "60601"), start=7)]
RUN = Run("run-1", "2026-11-28T12:00:00.000Z", Question(3.0, "business", None, "scores", record=False))


class Broken:
    """The real service, but for what it raises about some addresses."""

    def __init__(self, **raised):
        self._raised = raised

    def analyze(self, request, *rest, **more):
        if f"zip{request.address}" in self._raised:
            raise self._raised[f"zip{request.address}"]
        return service().analyze(request, *rest, **more)


class Slow:
    """The real service, with an analysis taking half a minute."""

    def __init__(self, clock):
        self._clock = clock

    def analyze(self, *asked, **more):
        self._clock.advance(seconds=30)
        return service().analyze(*asked, **more)


def soon():
    return Deadline.after(SystemClock(), 60)


def bucket(**settings):
    return Bucket(BUCKET, StoreSettings(region=REGION, **settings))


def written(s3):
    return [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_an_analysis_that_breaks_costs_its_own_row_alone(s3, caplog):
    scorer = BatchScorer(Broken(zip10001=RuntimeError("as the test asks")), bucket())
    with caplog.at_level(logging.ERROR, "brightspot"):
        done = scorer.score(Batch(ROWS, RUN), soon())
    assert (done.scored, done.refused, done.key) == (2, 1, "out/run-1/rows/000000007.jsonl.gz")
    body = gzip.decompress(s3.get_object(Bucket=BUCKET, Key=done.key)["Body"].read())
    (line,) = [told for told in map(json.loads, body.splitlines()) if "error" in told]
    assert (line["row"], line["error"]) == (8, "Analysis failed")
    assert "RuntimeError" in line["reason"]
    (record,) = [each for each in caplog.records if each.message == "mass_row_failed"]
    assert (record.run, record.row, record.exc_info is None) == ("run-1", 8, False)


def test_a_batch_all_of_whose_analyses_break_fails_and_writes_nothing(s3):
    broken = Broken(**{f"zip{each.address}": RuntimeError("no memory") for each in ROWS})
    with pytest.raises(RuntimeError, match="no memory"):
        BatchScorer(broken, bucket()).score(Batch(ROWS, RUN), soon())
    assert written(s3) == []


def test_a_batch_without_a_dataset_fails_and_writes_nothing(s3):
    scorer = BatchScorer(Broken(zip60601=DatasetUnavailable("it cannot be read")), bucket())
    with pytest.raises(DatasetUnavailable):
        scorer.score(Batch(ROWS, RUN), soon())
    assert written(s3) == []


def test_a_batch_that_runs_out_of_time_fails_and_writes_nothing(s3, clock):
    with pytest.raises(BatchLate, match="2 of 3 rows were scored in time"):
        BatchScorer(Slow(clock), bucket()).score(Batch(ROWS, RUN), Deadline.after(clock, 57))
    assert written(s3) == []


def test_a_collector_that_fails_makes_an_incomplete_line_that_says_which(s3, monkeypatch):
    really = EmbeddedCollector.collect

    def collect(self, site, deadline):
        if self.name == "safety":
            raise OSError("as the test asks")
        return really(self, site, deadline)

    monkeypatch.setattr(EmbeddedCollector, "collect", collect)
    done = BatchScorer(service(), bucket()).score(Batch(ROWS[:1], RUN), soon())
    assert (done.scored, done.incomplete) == (1, 1)
    line = json.loads(gzip.decompress(s3.get_object(Bucket=BUCKET, Key=done.key)["Body"].read()))
    assert line["lacks"] == ["safety"]


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (403, "AccessDenied"), (500, "InternalError")])
def test_what_s3_refuses_fails_each_state_by_the_name_that_is_tried_again(refusing, monkeypatch, status, code):  # noqa: F811
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with refusing(status, code) as server:
        away = bucket(endpoint_url=server.url)
        with pytest.raises(BucketUnavailable, match=code):
            BatchScorer(service(), away).score(Batch(ROWS, RUN), soon())
        with pytest.raises(BucketUnavailable, match=code):
            RunEnds(away, MassSettings()).begin(Asked(KEY), "run-1", RUN.started_at)


def test_without_a_bucket_a_state_fails_and_says_what_is_not_set(handler, monkeypatch):
    monkeypatch.delenv("BULK_BUCKET", raising=False)
    with pytest.raises(SettingsError, match="BULK_BUCKET is not set"):
        handler({"Items": [{"row": 0, "address": "55901"}], "BatchInput": codec.loads(codec.dumps(RUN))}, None)
