"""FEMA's National Risk Index: how much a county stands to lose by natural hazards, and how well it can bear that."""

from typing import Annotated, Final

import msgspec

from brightspot.locations.collectors.live.arcgis import MEDIA, attributes
from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Found, LiveSource, Request, as_read
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_CONNECTICUT_PAIR: Final = 9_000_000  # docs/dataset.md: 9,000,000 + planning region x 1000 + old county
_NUMBERS: Final = {
    "natural_hazard_risk_score": "risk_score",
    "natural_hazard_annual_loss": "eal_valt",
    "social_vulnerability_score": "sovi_score",
    "community_resilience_score": "resl_score",
}
# Inland flooding was riverine flooding, RFLD, before version 1.20.
_RATINGS: Final = {
    "inland_flood_risk": "ifld_riskr",
    "tornado_risk": "trnd_riskr",
    "wildfire_risk": "wfir_riskr",
    "heat_wave_risk": "hwav_riskr",
    "winter_weather_risk": "wntw_riskr",
}
_CODES: Final = {
    rating: float(code)
    for code, rating in enumerate(
        ("Very Low", "Relatively Low", "Relatively Moderate", "Relatively High", "Very High"), start=1
    )
}

FACTS: Final = Facts(
    id="fema_nri",
    name="National Risk Index by county, FEMA",
    licence="Public domain (US government), under FEMA's terms",
    credit=(
        "This product uses the FEMA National Risk Index dataset API or downloadable datasets but is not endorsed by "
        "FEMA. The Federal Government or FEMA cannot vouch for the data or analyses derived from these data after the "
        "data have been retrieved from the Agency's website(s)."
    ),
    terms=(
        "No key and no published limit; 10 a second is ours. The credit is worded as its terms ask for; they also ask "
        "to name version and day (the point's vintage, the answer's created_at), and forbid presenting changed data as "
        "FEMA's. For planning only."
    ),
    url=(
        "https://services.arcgis.com/XG15cJAlne2vxtgt/arcgis/rest/services/National_Risk_Index_Counties/FeatureServer/0"
    ),
    gives={
        "natural_hazard_risk_score": "score 0 to 100",
        "natural_hazard_annual_loss": "USD/year",
        "social_vulnerability_score": "score 0 to 100",
        "community_resilience_score": "score 0 to 100",
        **dict.fromkeys(_RATINGS, "rating 1 to 5"),
    },
    limits=(Limit(10, 1),),
    fresh_hours=720.0,
    stale_hours=2160.0,
    media=MEDIA,
)

_Score = Annotated[float, msgspec.Meta(ge=0, le=100)]


class _County(msgspec.Struct, frozen=True, rename="upper"):
    stcofips: str
    risk_score: _Score | None
    eal_valt: Annotated[float, msgspec.Meta(ge=0)] | None
    sovi_score: _Score | None
    resl_score: _Score | None
    ifld_riskr: str | None
    trnd_riskr: str | None
    wfir_riskr: str | None
    hwav_riskr: str | None
    wntw_riskr: str | None
    nri_ver: str


def _query(site: Site) -> Request:
    fips = site.place.county_fips
    if fips is None:
        raise SourceSilent("the county of the place is unknown")
    if fips >= _CONNECTICUT_PAIR:  # the index has Connecticut by planning regions, as the census has since 2022
        fips = 9000 + (fips - _CONNECTICUT_PAIR) // 1000
    asked = {
        "where": f"STCOFIPS='{fips:05d}'",
        "outFields": ",".join(name.upper() for name in _County.__struct_fields__),
        "returnGeometry": "false",
        "f": "json",
    }
    return Request("/query", asked)


def read(body: bytes, ask: Ask) -> list[Found]:  # noqa: ARG001  # one answer says it all
    """Every point, None with a reason where the index has no figure. Raises SourceFailed."""
    counties = attributes(body, _County)
    if not counties:
        return [
            Found(point, None, level="county", reason="the index does not have this county") for point in FACTS.gives
        ]
    if len(counties) > 1:
        raise SourceFailed(f"its answer is not what it should be ({len(counties)} counties)")
    (county,) = counties
    return [
        *(_number(point, getattr(county, name), county.nri_ver) for point, name in _NUMBERS.items()),
        *(_rating(point, getattr(county, name), county.nri_ver) for point, name in _RATINGS.items()),
    ]


def _number(point: str, value: float | None, vintage: str) -> Found:
    reason = "the index has no figure for this county" if value is None else None
    return Found(point, None if value is None else round(value, 2), vintage, "county", "estimated", reason=reason)


def _rating(point: str, text: str | None, vintage: str) -> Found:
    """Rated 1 (very low) to 5 (very high). What is not applicable or not rated is no low risk: it is unknown."""
    code = _CODES.get((text or "").strip())
    if code is not None and text is not None:
        return Found(point, code, vintage, "county", "estimated", label=text.strip())
    said = f"the index says {text.strip()[:40]!r} for this county" if text else "the index does not rate this county"
    return Found(point, None, vintage, "county", "estimated", reason=said)


SOURCE: Final = LiveSource(FACTS, list[Found], _query, read, as_read)
