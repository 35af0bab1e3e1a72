"""The committed file is the one that was built, small, documented and credited."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from dataset import digest, page, shapes
from dataset.__main__ import main
from dataset.build import PLACES

TABLES = {"zip": "zip_values", "county": "county_values", "metro": "metro_values", "state": "state_values"}


def test_the_file_has_the_recorded_digest(capsys):
    assert main(["verify"]) == 0
    assert capsys.readouterr().out.split() == [digest.recorded_digest(), shapes.recorded_digest()]


def test_a_file_with_other_content_fails_verification(tmp_path, capsys):
    copy = tmp_path / "places.sqlite"
    shutil.copyfile(PLACES, copy)
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("UPDATE zip_values SET population = 1 WHERE zip = 55901")
    assert main(["verify", "--file", str(copy)]) == 1
    assert "recorded is" in capsys.readouterr().err


def test_the_file_is_at_most_twelve_megabytes():
    assert PLACES.stat().st_size <= 12_000_000


def test_the_docs_are_in_step_with_the_file():
    assert page.PAGE.read_text(encoding="utf-8") == page.text(PLACES)


def test_the_notice_credits_every_source_and_package(places):
    notice = (page.PAGE.parents[1] / "NOTICE").read_text(encoding="utf-8")
    for package, licence in places.execute("SELECT package, licence FROM sources"):
        assert package.split()[0] in notice
        assert licence.split(" (")[0].replace("Apache 2.0", "Apache License 2.0").lower() in notice.lower() or (
            "Public domain" in licence and "Public-domain" in notice
        )
    assert "https://zipcheckup.com" in notice
    assert "https://www.geonames.org" in notice


@pytest.mark.parametrize("level", TABLES)
def test_every_column_has_its_provenance(places, fields, level):
    columns = [row[1] for row in places.execute(f"PRAGMA table_info({TABLES[level]})")][1:]
    assert columns == [name for name, (its_level, _) in fields.items() if its_level == level]


def test_every_field_names_a_source_with_vintage_licence_and_credit(places):
    rows = places.execute(
        "SELECT f.name, f.unit, f.vintage, f.description, s.vintage, s.licence, s.credit "
        "FROM fields f LEFT JOIN sources s ON s.id = f.source"
    ).fetchall()
    assert len(rows) > 80
    for name, *told in rows:
        assert all(told), name
        assert told[1] == told[3], name


def test_nothing_of_huds_crosswalk_is_named_as_a_source(places):
    assert not [row for row in places.execute("SELECT name, publisher FROM sources") if "HUD" in " ".join(row)]


def test_the_file_is_stamped_with_its_content():
    with closing(digest.open_readonly(PLACES)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (digest.stamp_of(digest.recorded_digest()),)
