"""Bulk analyses: parted, each address analysed or told why not, and put together as scores, a table and the whole."""

import csv
import gzip
import io
import json

import pytest

from brightspot.core.clock import SystemClock
from brightspot.core.errors import InputRefused
from brightspot.jobs import JobFailed, Packed
from brightspot.jobs.shapes import Job
from brightspot.locations import BULK_ANALYZE, BulkParameters, decode, service
from brightspot.resilience import Deadline

NAMES = ["Rochester, MN 55901", "Atlantis, MN", "Duluth, MN 55802", "", "Rochester, MN 55901"]
JOB = Job(
    id="01M7WEYZ4S3T9Q4R7Y2K5H8N0C", tenant="ann", job_type="bulk_analyze", priority="normal", state="running",
    created_at=0.0, expires_at=1,
)  # fmt: skip


class Uploads:
    """One file of ann's."""

    def __init__(self, body=None):
        self.body = body

    def size(self, tenant, _upload):
        return None if self.body is None or tenant != "ann" else len(self.body)

    def read(self, tenant, _upload):
        return self.body if tenant == "ann" else None


def parts_of(parameters, uploads=None):
    BULK_ANALYZE.check(parameters, "ann", uploads or Uploads())
    return BULK_ANALYZE.split(parameters, JOB, uploads or Uploads()).parts


def run(part):
    value = json.loads(json.dumps(part.value))  # as it travels
    return BULK_ANALYZE.run(value, JOB, Deadline.after(SystemClock(), 60))


def merged(parts):
    packed = (Packed(gzip.compress(run(each))) for each in parts)
    return {each.name: each.body for each in BULK_ANALYZE.merge(JOB, packed)}


def test_parts_are_of_25_addresses_and_keep_their_order():
    parts = parts_of(BulkParameters(addresses=[str(each) for each in range(60)]))
    assert [each.size for each in parts] == [25, 25, 10]
    assert [each.value["first"] for each in parts] == [0, 25, 50]
    assert [each for part in parts for each in part.value["addresses"]] == [str(each) for each in range(60)]


def test_the_same_work_has_the_same_digest_and_other_work_another():
    split = BULK_ANALYZE.split
    one, again = (split(BulkParameters(addresses=["55901"]), JOB, Uploads()).digest for _ in range(2))
    assert one == again
    assert split(BulkParameters(addresses=["55901"], radius_miles=5), JOB, Uploads()).digest != one
    assert split(BulkParameters(addresses=["55902"]), JOB, Uploads()).digest != one


def test_an_upload_is_read_when_its_turn_comes():
    upload = BulkParameters(upload="01M7WEYZ4S3T9Q4R7Y2K5H8N0C")
    parts = parts_of(upload, Uploads(b"\xef\xbb\xbfname,Address\nA,55901\nB,55802\n"))
    assert parts[0].value["addresses"] == ["55901", "55802"]
    with pytest.raises(JobFailed, match="row 2"):
        parts_of(upload, Uploads(b"address,x\n1\n"))
    with pytest.raises(JobFailed, match="deleted by now"):
        BULK_ANALYZE.split(upload, JOB, Uploads())


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        (BulkParameters(), "addresses"),
        (BulkParameters(addresses=["a"], upload="u"), "addresses"),
        (BulkParameters(addresses=[]), "addresses"),
        (BulkParameters(addresses=["a"] * 1001), "addresses"),
        (BulkParameters(addresses=["a"], radius_miles=99), "radius_miles"),
        (BulkParameters(addresses=["a"], persona="king"), "persona"),
        (BulkParameters(addresses=["a"], weights={"safety": -1}), "weights"),
        (BulkParameters(upload="nonsense"), "upload"),
        (BulkParameters(upload="01M7WEYZ4S3T9Q4R7Y2K5H8N0C"), "upload"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_field(parameters, field):
    with pytest.raises(InputRefused) as refused:
        parts_of(parameters)
    assert refused.value.field.startswith(field)


def test_the_three_files_tell_of_the_same_addresses():
    files = merged(parts_of(BulkParameters(addresses=NAMES, persona="parent")))
    result = json.loads(files["result.json"])
    assert (result["total"], result["successful"], result["failed"]) == (5, 3, 2)
    assert [each["index"] for each in result["results"]] == [0, 2, 4]
    assert [each["index"] for each in result["errors"]] == [1, 3]
    assert (result["errors"][0]["address"], result["errors"][0]["error"]) == ("Atlantis, MN", "Address not found")
    lines = gzip.decompress(files["analyses.jsonl.gz"]).splitlines()
    whole = [decode(line) for line in (lines[0], lines[2], lines[4])]
    assert [each.overall_score for each in whole] == [each["overall_score"] for each in result["results"]]
    assert [each.id for each in whole] == [each["id"] for each in result["results"]]
    assert {each.persona for each in whole} == {"parent"}
    rows = list(csv.DictReader(io.StringIO(files["results.csv"].decode(), newline="")))
    assert [row["index"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert [row["address"] for row in rows] == NAMES
    assert float(rows[2]["overall_score"]) == whole[1].overall_score
    assert float(rows[2]["safety"]) == whole[1].categories["safety"].score
    assert (rows[2]["zip"], rows[2]["error"], rows[1]["overall_score"]) == ("55802", "", "")
    assert rows[1]["error"].startswith("Address not found: ")


def test_a_part_that_is_run_again_analyses_under_the_same_ids():
    (part,) = parts_of(BulkParameters(addresses=["Winona, MN 55987"]))
    first, again = (json.loads(run(part)) for _ in range(2))
    assert first["id"] == again["id"]


def test_one_address_that_fails_is_an_error_and_the_others_are_scored(monkeypatch):
    real, tries = service().analyze, []

    def analyze(request, deadline=None, **more):
        if "55105" in request.address:
            tries.append(request.address)
            raise RuntimeError("as the test asks")
        return real(request, deadline, **more)

    monkeypatch.setattr(service(), "analyze", analyze)
    (part,) = parts_of(BulkParameters(addresses=["55105", "55106"]))
    failed, scored = run(part).splitlines()
    assert json.loads(failed)["error"] == "Analysis failed"
    assert "overall_score" in json.loads(scored)
    assert len(tries) == 2


def test_a_part_of_which_nothing_can_be_analysed_is_tried_again(monkeypatch):
    monkeypatch.setattr(service(), "analyze", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("all away")))
    (part,) = parts_of(BulkParameters(addresses=["55107", "55108"]))
    with pytest.raises(RuntimeError, match="all away"):
        run(part)
