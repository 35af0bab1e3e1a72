"""One record per ZIP: its city, reach, county, labor-market area and, without residents counted, its host."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import pi, sqrt
from typing import Final

from brightspot.locations.addresses.city_names import city_key
from dataset import connecticut
from dataset.acs import ZipRow
from dataset.catalogue import states
from dataset.hosts import Host, find_hosts
from dataset.oews import Area

_TIER_REACHES: Final = (5.0, 20.0)


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the table `zips`, in the file's integers (see schema.sql)."""

    zip: int
    state: str | None
    city: str | None
    city_key: str | None
    kind: str
    lat: int | None
    lon: int | None
    population: int | None
    reach: int | None
    tier: int | None
    county_fips: int | None
    area: int | None
    host_zip: int | None = None
    host_miles: int | None = None


def places(rows: Iterable[ZipRow], areas: dict[int, Area]) -> list[Place]:
    """All ZIPs with their hosts; a hosted ZIP takes the county and area of its host."""
    own = [place(row, areas) for row in rows]
    by_zip = {known.zip: known for known in own}
    hosts = find_hosts(own)
    return [_hosted(known, by_zip, hosts.get(known.zip)) for known in own]


def place(row: ZipRow, areas: dict[int, Area]) -> Place:
    """A ZIP by itself. Reach = sqrt(land / pi), the radius of a circle of equal land."""
    reach = None if not row.land else max(1, round(sqrt(row.land / pi) * 100))
    lat = None if row.lat is None else round(row.lat * 1e5)
    lon = None if row.lon is None else round(row.lon * 1e5)
    return Place(
        zip=row.zip,
        state=row.state,
        city=row.city,
        city_key=city_key(row.city) if row.city else None,
        kind=row.kind,
        lat=lat,
        lon=lon,
        population=row.population,
        reach=reach,
        tier=None if reach is None or lat is None or lon is None else tier(reach / 100),
        county_fips=county(row),
        area=area(row, areas),
    )


def tier(reach: float) -> int:
    """0 up to 5 miles, 1 up to 20, 2 beyond: a radius search pads its box by the largest reach of a tier."""
    return sum(reach > limit for limit in _TIER_REACHES)


def county(row: ZipRow) -> int | None:
    """The county of a ZIP; in Connecticut the pair of old county and planning region."""
    if row.county is None or row.county // 1000 != connecticut.STATE_FIPS or row.city is None:
        return row.county
    return connecticut.pair_fips(connecticut.region_of(row.city), row.county)


def area(row: ZipRow, areas: dict[int, Area]) -> int | None:
    """The OEWS area: the metropolitan one, else that of the state, else None (military mail, most territories)."""
    if row.state == "CT" and row.county is not None and row.city is not None:
        return connecticut.region_of(row.city).oews_area
    if row.metro in areas:
        return row.metro
    fips = states()[row.state].fips if row.state else None
    whole_state = None if fips is None else fips * 100_000
    return whole_state if whole_state in areas else None


def _hosted(guest: Place, by_zip: dict[int, Place], host: Host | None) -> Place:
    if host is None:
        return guest
    home = by_zip[host.zip]
    return replace(
        guest,
        county_fips=home.county_fips,
        area=home.area,
        host_zip=host.zip,
        host_miles=round(host.miles * 100),
    )
