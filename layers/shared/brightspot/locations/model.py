"""Which scorer makes the answers, and which live sources add to the embedded data it scores by."""

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

from brightspot.core.settings import load, setting

MODEL_ID: Final = "brightspot-percentile"
_VERSION: Final = "1"
MODEL_VARIANT: Final = "reference"


@dataclass(frozen=True, slots=True)
class LiveSwitches:
    """Whether each live source is asked, by its id: the module of `collectors.live.sources` that it is."""

    bls: bool = setting(
        "LIVE_BLS_ENABLED", False, "ask the Bureau of Labor Statistics for the newest unemployment rate"
    )
    census_acs: bool = setting("LIVE_CENSUS_ACS_ENABLED", False, "ask the Census Bureau for ZIP figures (a key)")
    census_geocoder: bool = setting("LIVE_CENSUS_GEOCODER_ENABLED", False, "ask the Census Bureau where a street is")
    epa_tri: bool = setting("LIVE_EPA_TRI_ENABLED", False, "ask EPA for the facilities of the Toxics Release Inventory")
    fars: bool = setting("LIVE_FARS_ENABLED", False, "ask NHTSA for the county's fatal crashes")
    fema_nfhl: bool = setting("LIVE_FEMA_NFHL_ENABLED", False, "ask FEMA for the flood zone")
    fema_nri: bool = setting("LIVE_FEMA_NRI_ENABLED", False, "ask FEMA for the county's natural hazards")
    nws: bool = setting("LIVE_NWS_ENABLED", False, "ask the National Weather Service for alerts and the forecast")
    open_meteo: bool = setting("LIVE_OPEN_METEO_ENABLED", False, "ask Open-Meteo for the air now (non-commercial use)")
    overpass: bool = setting("LIVE_OVERPASS_ENABLED", False, "ask OpenStreetMap what is near")
    usgs: bool = setting("LIVE_USGS_ENABLED", False, "ask the Geological Survey for earthquakes")


LIVE_SOURCES: Final = tuple(each.name for each in fields(LiveSwitches))


@lru_cache(maxsize=1)
def live_sources() -> tuple[str, ...]:
    """Ids of the live sources that the environment switches on; none by default."""
    switches = load(LiveSwitches)
    return tuple(name for name in LIVE_SOURCES if getattr(switches, name))


def namespace_of(source: str) -> str:
    """The cache namespace of a live source's copies."""
    return f"live-{source}"


def live_namespaces() -> tuple[str, ...]:
    """The cache namespaces of the live sources that are switched on."""
    return tuple(map(namespace_of, live_sources()))


def model_version(dataset_version: str) -> str:
    """The version of the method and of the data it scores by: answers of another one are other answers."""
    return "+".join((embedded_version(dataset_version), *live_sources()))


def embedded_version(dataset_version: str) -> str:
    """The same of what is worked out from the embedded data alone, whatever is switched on."""
    return f"{_VERSION}+{dataset_version}"
