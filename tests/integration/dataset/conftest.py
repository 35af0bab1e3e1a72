"""The committed file, opened as its readers open it."""

import pytest

from dataset.build import PLACES
from dataset.digest import open_readonly


@pytest.fixture(scope="session")
def places():
    database = open_readonly(PLACES)
    yield database
    database.close()


@pytest.fixture(scope="session")
def fields(places):
    """{name: (level, decimals)} of every field that the file stores."""
    rows = places.execute("SELECT name, level, decimals FROM fields WHERE level <> 'site'").fetchall()
    return {name: (level, decimals) for name, level, decimals in rows}
