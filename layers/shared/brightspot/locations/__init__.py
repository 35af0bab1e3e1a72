"""Locations: how good an address is as the site of a child-care centre, and why."""

from brightspot.core.codec import dumps as encode
from brightspot.locations.addresses import AddressError
from brightspot.locations.analysis import Analysis, decode
from brightspot.locations.answers import KeptAnalyses, shared_answers
from brightspot.locations.dataset import DatasetUnavailable, shared_dataset
from brightspot.locations.explain import Driver, drivers
from brightspot.locations.guarded import CollectorStates
from brightspot.locations.history_backend import history, save_deferred
from brightspot.locations.history_service import DEFAULT_LISTED, MOST_LISTED, HistoryRequest, past_analyses
from brightspot.locations.history_shapes import FailedAnalysis, HistoryPage, PastAnalysis, Record
from brightspot.locations.personas import PERSONAS
from brightspot.locations.points import CATEGORIES, COLLECTORS
from brightspot.locations.probes import probes
from brightspot.locations.request import (
    DEFAULT_PERSONA,
    DEFAULT_RADIUS_MILES,
    LEAST_RADIUS_MILES,
    MOST_RADIUS_MILES,
    AnalyzeRequest,
    RequestRefused,
)
from brightspot.locations.service import AnalysisService, service

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
