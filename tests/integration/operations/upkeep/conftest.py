"""Where runs are kept, in moto and in memory; and the environment of a process that has tables, a bucket and a store."""

import pytest

from brightspot.operations.upkeep.kept import MemoryRuns
from brightspot.operations.upkeep.table import TableRuns
from brightspot.store import StoreSettings

PREFIX = "tests"
REGION = "us-east-1"
SETTINGS = StoreSettings(table_prefix=PREFIX, region=REGION)


@pytest.fixture(params=["table", "memory"])
def runs(request):
    """Runs as a table keeps them, and as a process without one does."""
    if request.param == "memory":
        return MemoryRuns()
    request.getfixturevalue("made_table")("MaintenanceRunsTable", f"{PREFIX}-maintenance-runs")
    return TableRuns(SETTINGS)
