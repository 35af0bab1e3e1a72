"""Hosts: the ZIP whose residents surround a ZIP that has none counted, such as a post office's boxes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from brightspot.locations.dataset.geo import haversine_miles

NEAR_MILES: Final = 10.0
_MILES_PER_DEGREE_OF_LATITUDE: Final = 68.7


class Located(Protocol):
    """What a host is found by: a ZIP with its position (degrees x 10^5) and reach (miles x 100)."""

    @property
    def zip(self) -> int: ...
    @property
    def state(self) -> str | None: ...
    @property
    def lat(self) -> int | None: ...
    @property
    def lon(self) -> int | None: ...
    @property
    def population(self) -> int | None: ...
    @property
    def reach(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Host:
    """The host's ZIP and its distance."""

    zip: int
    miles: float


@dataclass(frozen=True, slots=True)
class _Home:
    zip: int
    lat: float
    lon: float
    reach: float


def find_hosts(zips: Iterable[Located]) -> dict[int, Host]:
    """Hosts by the guest's ZIP; a guest that no ZIP of its state covers or comes near has none.

    A guest is a ZIP without residents: none counted (no ACS row), or a count of zero. Its host has residents and is, in
    the same state, the nearest whose reach covers the guest, else the nearest within 10 miles, by distance between
    centroids.
    """
    homes: dict[str, list[_Home]] = defaultdict(list)
    guests: list[Located] = []
    for one in zips:
        if not one.population:
            guests.append(one)
        elif one.state and one.reach and one.lat is not None and one.lon is not None:
            homes[one.state].append(_Home(one.zip, one.lat / 1e5, one.lon / 1e5, one.reach / 100))
    found = ((guest.zip, _host(guest, homes[guest.state])) for guest in guests if guest.state in homes)
    return {guest: host for guest, host in found if host is not None}


def _host(guest: Located, homes: list[_Home]) -> Host | None:
    if guest.lat is None or guest.lon is None:
        return None
    lat, lon = guest.lat / 1e5, guest.lon / 1e5
    near = []
    for home in homes:
        limit = max(NEAR_MILES, home.reach)
        if abs(home.lat - lat) * _MILES_PER_DEGREE_OF_LATITUDE <= limit:
            miles = haversine_miles(lat, lon, home.lat, home.lon)
            if miles <= limit:
                near.append((miles > home.reach, miles, home.zip))
    if not near:
        return None
    _, miles, home_zip = min(near)
    return Host(home_zip, miles)
