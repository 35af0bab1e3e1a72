"""The file and its digest."""

import sqlite3
from contextlib import closing

import pytest

from dataset import catalogue, checks, digest
from dataset.content import Content
from dataset.places import Place
from dataset.ranks import rank
from dataset.writer import write


def content(**values):
    place = Place(501, "NY", "Holtsville", "HOLTSVILLE", "standard", 1, 2, 10, 100, 0, 36103, None)
    zips = {501: {"population": 10.0, "median_age": 40.06, **values}, 502: {"population": None}}
    return Content([place], zips, {36103: {}}, {}, {}, {36103: ("Suffolk County", "NY")}, {})


def rows(file, sql):
    with closing(digest.open_readonly(file)) as database:
        return database.execute(sql).fetchall()


@pytest.fixture
def file(tmp_path):
    written = tmp_path / "places.sqlite"
    write(written, content(), [("population", 0, rank([10.0]))])
    return written


def test_values_are_scaled_and_unknown_values_are_null(file):
    assert rows(file, "SELECT population, median_age, households FROM zip_values WHERE zip = 501") == [(10, 401, None)]


def test_a_zip_of_which_nothing_is_known_has_no_row_of_values(file):
    assert rows(file, "SELECT zip FROM zip_values") == [(501,)]


def test_writing_again_gives_the_same_digest(file, tmp_path):
    write(tmp_path / "again.sqlite", content(), [("population", 0, rank([10.0]))])
    assert digest.content_digest(tmp_path / "again.sqlite") == digest.content_digest(file)


def test_another_value_gives_another_digest(file, tmp_path):
    write(tmp_path / "other.sqlite", content(median_age=40.2), [("population", 0, rank([10.0]))])
    assert digest.content_digest(tmp_path / "other.sqlite") != digest.content_digest(file)


def test_the_digest_does_not_depend_on_how_the_rows_lie_in_the_file(file, tmp_path):
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as copy:
        copy.execute("PRAGMA page_size = 1024")
        copy.executescript("\n".join(closing_dump(file)))
    assert digest.content_digest(tmp_path / "copy.sqlite") == digest.content_digest(file)


def closing_dump(file):
    with closing(sqlite3.connect(file)) as database:
        return list(database.iterdump())


def test_every_field_names_a_source_a_level_and_a_kind():
    sources = {row["id"] for row in catalogue.rows("sources")}
    for field in catalogue.fields():
        assert field.source in sources, field.name
        assert field.level in {"zip", "county", "metro", "state", "site"}, field.name
        assert field.kind in {"observed", "estimated", "derived"}, field.name
        assert field.kind != "estimated" or field.caveat, field.name


def test_names_of_fields_are_unique():
    names = [field.name for field in catalogue.fields()]
    assert len(names) == len(set(names))


def test_agreement_with_a_crosswalk_counts_residents_by_share_of_homes():
    crosswalk = {1: {10: 0.75, 11: 0.25}, 2: {11: 1.0}}
    assert checks.agreement({1: 10, 2: 10, 3: 10}, crosswalk, {1: 100, 2: 100, 3: 100}) == pytest.approx(0.375)


def test_too_many_young_children_stop_the_build():
    with pytest.raises(checks.CheckFailed, match="00501"):
        checks.check_children(
            Content([], {501: {"children_under_18": 10.0, "children_under_5": 9.0}}, {}, {}, {}, {}, {})
        )
