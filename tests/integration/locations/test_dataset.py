"""A dataset that is missing or damaged is said so, with how to get it back."""

import sqlite3

import pytest

from brightspot.locations.dataset.file import Dataset, DatasetUnavailable


def test_a_missing_file_says_how_to_build_it(tmp_path):
    with pytest.raises(DatasetUnavailable, match="make dataset"):
        Dataset(tmp_path / "places.sqlite")


def test_a_file_that_is_no_database_says_how_to_build_it(tmp_path):
    file = tmp_path / "places.sqlite"
    file.write_bytes(b"not a database" * 100)
    with pytest.raises(DatasetUnavailable, match="make dataset"):
        Dataset(file)


def test_a_database_without_a_version_says_how_to_build_it(tmp_path):
    file = tmp_path / "places.sqlite"
    made = sqlite3.connect(file)
    made.execute("CREATE TABLE meta(name TEXT, value TEXT)")
    made.close()
    with pytest.raises(DatasetUnavailable, match="make dataset"):
        Dataset(file)


def test_the_file_cannot_be_written_to():
    opened = Dataset()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened.rows("DELETE FROM zips")
    opened.close()
