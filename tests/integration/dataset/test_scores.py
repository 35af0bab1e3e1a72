"""The scores of all ZIPs that the file holds are those that an analysis gives, and can be worked out anew from it."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from brightspot import locations
from brightspot.locations.dataset.points import CATEGORIES
from dataset import digest
from dataset.build import PLACES, rescore

# City and country, no water data, an island, Puerto Rico, a student town, a Connecticut pair, Alaska, fewer than ten.
SAMPLE = (501, 601, 934, 6103, 10001, 10464, 16802, 38751, 55901, 58844, 79255, 84097, 90011, 94027, 96863, 99553)
STORED = f"SELECT zip, precision, {', '.join(CATEGORIES)} FROM zip_scores NATURAL JOIN standings"


@pytest.fixture(scope="session")
def sample(places):
    """The sample, and every 2,000th ZIP in which somebody lives."""
    listed = [code for (code,) in places.execute("SELECT zip FROM zips WHERE population > 0 ORDER BY zip")]
    return sorted({*SAMPLE, *listed[::2000]} & set(listed))


def test_every_zip_in_which_somebody_lives_has_scores_and_no_other(places):
    listed, scored = (
        {code for (code,) in places.execute(f"SELECT zip FROM {table}")}
        for table in ("zips WHERE population > 0", "zip_scores")
    )
    assert scored == listed
    assert len(scored) > 33_000


def test_they_are_worked_out_for_the_radius_that_an_analysis_has_by_default(places):
    said = places.execute("SELECT value FROM meta WHERE name = 'score_radius_miles'").fetchone()
    assert said == (str(locations.DEFAULT_RADIUS_MILES),)


def test_a_sample_has_the_scores_that_its_analyses_have(places, sample):
    rows = {row[0]: row[1:] for row in places.execute(STORED)}
    told = "SELECT * FROM zip_scores NATURAL JOIN standings WHERE zip = ?"
    for code in sample:
        found = locations.service().analyze(locations.AnalyzeRequest(f"{code:05d}"))
        precision, *stored = rows[code]
        assert precision == found.location.precision
        with closing(places.cursor()) as cursor:
            row = cursor.execute(told, (code,)).fetchone()
            named = dict(zip([column[0] for column in cursor.description], row, strict=True))
        for name, score in zip(CATEGORIES, stored, strict=True):
            category = found.categories[name]
            assert category.score == (None if score is None else score / 1e6), (code, name)
            assert category.status == named[f"{name}_status"], (code, name)
            assert category.confidence == named[f"{name}_confidence"] / 1e4, (code, name)


def test_worked_out_anew_they_are_the_same(tmp_path, places, sample):
    """In a copy in which nobody lives elsewhere, so that it does not take minutes; neighbours keep their figures."""
    copy = tmp_path / "places.sqlite"
    shutil.copyfile(PLACES, copy)
    listed = ", ".join(map(str, sample))
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute(f"UPDATE zips SET population = NULL WHERE zip NOT IN ({listed})")
        database.execute("DROP TABLE zip_scores")
        database.execute("DROP TABLE standings")
    found = rescore(copy)
    columns = ", ".join(f"{name}_status, {name}_confidence" for name in CATEGORIES)
    sql = f"SELECT zip, precision, {', '.join(CATEGORIES)}, {columns} FROM zip_scores NATURAL JOIN standings"
    with closing(sqlite3.connect(copy)) as database:
        anew = database.execute(f"{sql} ORDER BY zip").fetchall()
        assert database.execute("PRAGMA user_version").fetchone() == (digest.stamp_of(found),)
    assert anew == places.execute(f"{sql} WHERE zip IN ({listed}) ORDER BY zip").fetchall()
    assert len(anew) == len(sample)
