"""Locations: how good an address is as the site of a child-care centre, and why."""

from brightspot.core.codec import dumps as encode
from brightspot.locations.addresses import AddressError
from brightspot.locations.analysis import Analysis
from brightspot.locations.dataset import DatasetUnavailable, shared_dataset
from brightspot.locations.explain import Driver, drivers
from brightspot.locations.personas import PERSONAS
from brightspot.locations.points import CATEGORIES
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
    "DEFAULT_PERSONA",
    "DEFAULT_RADIUS_MILES",
    "LEAST_RADIUS_MILES",
    "MOST_RADIUS_MILES",
    "PERSONAS",
    "AddressError",
    "Analysis",
    "AnalysisService",
    "AnalyzeRequest",
    "DatasetUnavailable",
    "Driver",
    "RequestRefused",
    "drivers",
    "encode",
    "probes",
    "service",
    "shared_dataset",
]
