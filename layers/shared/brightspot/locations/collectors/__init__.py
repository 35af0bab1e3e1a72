"""Collectors: what can be known about a site, asked in parallel, each costing only its own points when it fails."""

from brightspot.locations.collectors.embedded import embedded_collectors
from brightspot.locations.collectors.gather import Collected, gather
from brightspot.locations.collectors.seam import Collector, Observation, Site

__all__ = ["Collected", "Collector", "Observation", "Site", "embedded_collectors", "gather"]
