"""Locations: how good an address is as the site of a child-care centre, and why.

Each name is loaded when it is first used, with what it needs: a cached answer must not pay for scoring, nor a health
check for history.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brightspot.core.codec import dumps as encode
    from brightspot.locations.addresses import AddressError
    from brightspot.locations.analysis import Analysis, decode
    from brightspot.locations.analysis_service import AnalysisService, service
    from brightspot.locations.answers import KeptAnalyses, shared_answers
    from brightspot.locations.collector_states import CollectorStates
    from brightspot.locations.dataset import DatasetUnavailable, shared_dataset
    from brightspot.locations.explain import Driver, drivers
    from brightspot.locations.health_probes import probes
    from brightspot.locations.history_backend import history, save_deferred
    from brightspot.locations.history_service import DEFAULT_LISTED, MOST_LISTED, HistoryRequest, past_analyses
    from brightspot.locations.history_shapes import FailedAnalysis, HistoryPage, PastAnalysis, Record
    from brightspot.locations.personas import PERSONAS
    from brightspot.locations.points import CATEGORIES, COLLECTORS
    from brightspot.locations.request import (
        DEFAULT_PERSONA,
        DEFAULT_RADIUS_MILES,
        LEAST_RADIUS_MILES,
        MOST_RADIUS_MILES,
        AnalyzeRequest,
        RequestRefused,
    )

__all__ = [
    "CATEGORIES",
    "COLLECTORS",
    "DEFAULT_LISTED",
    "DEFAULT_PERSONA",
    "DEFAULT_RADIUS_MILES",
    "LEAST_RADIUS_MILES",
    "MOST_LISTED",
    "MOST_RADIUS_MILES",
    "PERSONAS",
    "AddressError",
    "Analysis",
    "AnalysisService",
    "AnalyzeRequest",
    "CollectorStates",
    "DatasetUnavailable",
    "Driver",
    "FailedAnalysis",
    "HistoryPage",
    "HistoryRequest",
    "KeptAnalyses",
    "PastAnalysis",
    "Record",
    "RequestRefused",
    "decode",
    "drivers",
    "encode",
    "history",
    "past_analyses",
    "probes",
    "save_deferred",
    "service",
    "shared_answers",
    "shared_dataset",
]

_HOMES = {
    "addresses": "AddressError",
    "analysis": "Analysis decode",
    "analysis_service": "AnalysisService service",
    "answers": "KeptAnalyses shared_answers",
    "collector_states": "CollectorStates",
    "dataset": "DatasetUnavailable shared_dataset",
    "explain": "Driver drivers",
    "health_probes": "probes",
    "history_backend": "history save_deferred",
    "history_service": "DEFAULT_LISTED MOST_LISTED HistoryRequest past_analyses",
    "history_shapes": "FailedAnalysis HistoryPage PastAnalysis Record",
    "personas": "PERSONAS",
    "points": "CATEGORIES COLLECTORS",
    "request": (
        "DEFAULT_PERSONA DEFAULT_RADIUS_MILES LEAST_RADIUS_MILES MOST_RADIUS_MILES AnalyzeRequest RequestRefused"
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """A name of this face, from its module (PEP 562)."""
    if name == "encode":
        value: Any = import_module("brightspot.core.codec").dumps
    elif name in _HOME_OF:
        value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value
