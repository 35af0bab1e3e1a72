"""What health asks of the analysis and what it stands on."""

from collections.abc import Callable, Mapping
from typing import Any

from brightspot.cache import shared_cache
from brightspot.locations.analysis_service import service
from brightspot.locations.dataset.file import shared_dataset


def probes() -> Mapping[str, Callable[[], Mapping[str, Any]]]:
    """A probe by name; each raises when its backend cannot be used."""
    return {
        "dataset": _dataset,
        "cache": shared_cache().state,
        "database": service().history_state,
    }


def _dataset() -> Mapping[str, Any]:
    dataset = shared_dataset()
    zips = dataset.rows("SELECT count(*) FROM zips")[0][0]
    return {"version": dataset.version, "zips": zips}
