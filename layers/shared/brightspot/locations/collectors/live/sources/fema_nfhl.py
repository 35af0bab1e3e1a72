"""FEMA's National Flood Hazard Layer: whether a point is in a Special Flood Hazard Area, and in which zone."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from brightspot.locations.collectors.live.arcgis import MEDIA, attributes
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Embedded, Found, LiveSource, Request
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_Kind = Literal["observed", "estimated"]

_ELEVATION: Final = "base_flood_elevation_feet"
_FIELDS: Final = "DFIRM_ID,FLD_ZONE,ZONE_SUBTY,SFHA_TF,STATIC_BFE,V_DATUM,LEN_UNIT"
_NO_VERDICT: Final = frozenset({"", "D", "NP", "OPEN WATER", "AREA NOT INCLUDED"})
_SPECIAL: Final = {"T": True, "F": False}
_FEET: Final = {"feet": 1.0, "foot": 1.0, "meters": 1 / 0.3048, "metres": 1 / 0.3048}
_LOWEST_FEET: Final = -1000.0  # below any land; -9999 and -8888 stand for no elevation
_NOT_THE_SITE: Final = {
    "zip_centroid": "at the middle of the ZIP, not at a street",
    "city_centroid": "at the middle of the city, not at a street",
    "po_box_zip": "at the point of a ZIP without an area, not at a street",
}

FACTS: Final = Facts(
    id="fema_nfhl",
    name="National Flood Hazard Layer, FEMA",
    licence="Public domain (US government), under FEMA's terms",
    credit=(
        "This product uses FEMA's National Flood Hazard Layer, but is not endorsed by FEMA. The Federal Government or "
        "FEMA cannot vouch for the data or analyses derived from these data after the data have been retrieved from "
        "the Agency's website(s)."
    ),
    terms=(
        "No key and no published limit; 5 a second is ours. No flood determination: for insurance, lending or building "
        "ask the Map Service Center (msc.fema.gov) and the community's floodplain administrator."
    ),
    url="https://hazards.fema.gov/arcgis/rest/services/public/NFHL/MapServer",
    gives={"flood_zone": "1 or 0", _ELEVATION: "feet"},
    limits=(Limit(5, 1),),
    timeout_seconds=10.0,
    fresh_hours=720.0,
    stale_hours=1440.0,
    media=MEDIA,
)


class Zone(msgspec.Struct, frozen=True):
    """One zone of the map. `special`: inside a Special Flood Hazard Area, None where the map gives no verdict.

    `elevation_feet` is that of the base flood above `datum`, `firm` the map's id.
    """

    zone: str
    subtype: str
    special: bool | None
    elevation_feet: float | None
    datum: str
    firm: str


class _Row(msgspec.Struct, frozen=True, rename="upper"):
    fld_zone: str | None
    sfha_tf: str | None
    zone_subty: str | None = None
    static_bfe: float | None = None
    v_datum: str | None = None
    len_unit: str | None = None
    dfirm_id: str | None = None


def _query(site: Site) -> Request:
    lat, lon = round(site.place.lat, 4), round(site.place.lon, 4)
    asked = {
        "geometry": f"{lon},{lat}",
        "geometryType": "esriGeometryPoint",
        "inSR": "4326",
        "spatialRel": "esriSpatialRelIntersects",
        "outFields": _FIELDS,
        "returnGeometry": "false",
        "f": "json",
    }
    return Request("/28/query", asked)


def read(body: bytes, ask: Ask) -> list[Zone]:  # noqa: ARG001  # one answer says it all
    """The zones at a point, the strictest first; none where nothing is mapped. Raises SourceFailed."""
    return sorted({_zone(each) for each in attributes(body, _Row)}, key=_by_strictness)


def _zone(row: _Row) -> Zone:
    zone = (row.fld_zone or "").strip().upper()
    return Zone(
        zone,
        (row.zone_subty or "").strip().lower(),
        None if zone in _NO_VERDICT else _SPECIAL.get((row.sfha_tf or "").strip().upper()),
        _elevation(row),
        (row.v_datum or "").strip(),
        (row.dfirm_id or "").strip(),
    )


def _elevation(row: _Row) -> float | None:
    per_unit = _FEET.get((row.len_unit or "").strip().lower())
    if row.static_bfe is None or row.static_bfe <= _LOWEST_FEET or per_unit is None:
        return None
    return round(row.static_bfe * per_unit, 1)


def _by_strictness(zone: Zone) -> tuple[object, ...]:
    """Inside, then without verdict, then outside; inside, coasts with waves and floodways come first."""
    return (
        {True: 0, None: 1, False: 2}[zone.special],
        not zone.zone.startswith("V"),
        "floodway" not in zone.subtype,
        "minimal" in zone.subtype,
        zone.zone,
        zone.subtype,
        -(zone.elevation_feet or _LOWEST_FEET),
        zone.datum,
        zone.firm,
    )


def _found(zones: list[Zone], site: Site, embedded: Embedded) -> Sequence[Found]:  # noqa: ARG001  # the map alone
    """Where zones meet or overlap, the strictest counts: inside before no verdict before outside."""
    aside = _NOT_THE_SITE.get(site.place.precision)
    if not zones:
        unmapped = "the place is on no flood map of FEMA's, which does not mean that it is safe"
        return [Found(point, None, "effective map", reason=unmapped) for point in FACTS.gives]
    first = zones[0]
    vintage = f"effective map {first.firm}".strip()
    if first.special is None:
        reason = f"FEMA's flood map gives no verdict here ({_label(zones) or 'a zone without a name'})"
        return [Found(point, None, vintage, reason=reason) for point in FACTS.gives]
    kind: _Kind = "observed" if aside is None else "estimated"
    label = "; ".join(filter(None, (_label(zones), aside)))
    return [
        Found("flood_zone", float(first.special), vintage, kind=kind, label=label),
        _base_flood([each for each in zones if each.special], vintage, kind),
    ]


def _label(zones: list[Zone]) -> str:
    named = list(dict.fromkeys(", ".join(filter(None, (each.zone, each.subtype))) for each in zones))
    return named[0] if len(named) == 1 else f"{named[0]} (the strictest of {len(named)} zones that meet here)"


def _base_flood(inside: list[Zone], vintage: str, kind: _Kind) -> Found:
    """The highest one: feet above the datum that is its label."""
    known = [(each.elevation_feet, each.datum) for each in inside if each.elevation_feet is not None]
    if not known:
        return Found(_ELEVATION, None, vintage, kind=kind, reason="the map has no elevation of the base flood here")
    feet, datum = max(known)
    return Found(_ELEVATION, feet, vintage, kind=kind, label=f"above {datum}" if datum else None)


SOURCE: Final = LiveSource(FACTS, list[Zone], _query, read, _found)
