"""A city as a place: the population-weighted middle of its ZIPs and how far they spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from brightspot.locations.dataset.geo import haversine_miles
from brightspot.locations.gazetteer.rows import ZipRow
from brightspot.locations.place import Alternative

_MOST_ALTERNATIVES: Final = 10


@dataclass(frozen=True, slots=True)
class CityPoint:
    """The middle of a city, the ZIP nearest to it, and the other populated ZIPs, the most people first."""

    lat: float
    lon: float
    nearest: ZipRow
    uncertainty_miles: float
    alternatives: tuple[Alternative, ...]
    populated: int

    def miles_to(self, row: ZipRow) -> float | None:
        """Return the distance to the centroid of `row`, None where that is unknown."""
        if row.lat is None or row.lon is None:
            return None
        return haversine_miles(self.lat, self.lon, row.lat, row.lon)


@dataclass(frozen=True, slots=True)
class _Pin:
    row: ZipRow
    lat: float
    lon: float
    people: int


def city_point(rows: Sequence[ZipRow]) -> CityPoint | None:
    """Return the population-weighted mean of the centroids of the populated `rows`, or None when there are none.

    The mean is taken over degrees, which is right for a city's extent away from the poles and the date line.
    Uncertainty is sqrt(s^2 + r^2): s = sqrt(sum(p_i d_i^2) / sum(p_i)) over population p_i and distance d_i from
    the mean, r the reach of the nearest ZIP; the errors of "where in the city" and "where in the ZIP" add as squares.
    """
    pins = _pins(rows)
    if not pins:
        return None
    people = sum(pin.people for pin in pins)
    lat = sum(pin.lat * pin.people for pin in pins) / people
    lon = sum(pin.lon * pin.people for pin in pins) / people
    miles = {pin.row.zip: haversine_miles(lat, lon, pin.lat, pin.lon) for pin in pins}
    nearest = min(pins, key=lambda pin: (round(miles[pin.row.zip], 3), -pin.people, pin.row.zip)).row
    spread = sum(pin.people * miles[pin.row.zip] ** 2 for pin in pins) / people
    others = sorted((pin for pin in pins if pin.row is not nearest), key=lambda pin: (-pin.people, pin.row.zip))
    alternatives = tuple(_alternative(pin, miles[pin.row.zip]) for pin in others[:_MOST_ALTERNATIVES])
    return CityPoint(lat, lon, nearest, sqrt(spread + (nearest.reach_miles or 0.0) ** 2), alternatives, len(pins))


def _pins(rows: Sequence[ZipRow]) -> list[_Pin]:
    return [
        _Pin(row, row.lat, row.lon, row.population)
        for row in rows
        if row.population and row.lat is not None and row.lon is not None
    ]


def _alternative(pin: _Pin, miles: float) -> Alternative:
    return Alternative(pin.row.code, pin.row.city, pin.row.state or "", pin.people, round(miles, 2))
