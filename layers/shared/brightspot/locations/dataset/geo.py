"""Distances on the globe and the overlap of two discs, in miles."""

from math import acos, asin, cos, pi, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_MILES: Final = 3958.7613
"""Mean radius R1 = 6371.0088 km of the WGS 84 ellipsoid (Moritz, Geodetic Reference System 1980), in statute miles."""


def haversine_miles(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance in miles between two points given in degrees.

    hav(d/R) = hav(dlat) + cos(lat_a) cos(lat_b) hav(dlon), hav(x) = sin^2(x/2): R. W. Sinnott, "Virtues of the
    Haversine", Sky and Telescope 68 (1984). The sphere is off by at most 0.6 % against the ellipsoid.
    """
    phi_a, phi_b = radians(lat_a), radians(lat_b)
    half_lat = sin((phi_b - phi_a) / 2)
    half_lon = sin(radians(lon_b - lon_a) / 2)
    square = half_lat * half_lat + cos(phi_a) * cos(phi_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(min(1.0, square)))


def lens_area(distance: float, radius: float, reach: float) -> float:
    """Area in square miles that two flat discs share, their centres `distance` miles apart.

    A = r^2 acos((d^2 + r^2 - R^2) / 2dr) + R^2 acos((d^2 + R^2 - r^2) / 2dR)
        - 1/2 sqrt((-d + r + R)(d + r - R)(d - r + R)(d + r + R)):
    E. W. Weisstein, "Circle-Circle Intersection", MathWorld.
    """
    if distance >= radius + reach:
        return 0.0
    if distance <= abs(radius - reach):
        return pi * min(radius, reach) ** 2
    d2, r2, s2 = distance * distance, radius * radius, reach * reach
    near = acos(_cosine((d2 + r2 - s2) / (2 * distance * radius)))
    far = acos(_cosine((d2 + s2 - r2) / (2 * distance * reach)))
    kite = (radius + reach - distance) * (distance + radius - reach) * (distance - radius + reach)
    return r2 * near + s2 * far - 0.5 * sqrt(max(0.0, kite * (distance + radius + reach)))


def disc_share(distance: float, radius: float, reach: float) -> float:
    """Which part, 0 to 1, of a place lies within `radius` miles of a site.

    The place is taken as a disc of `reach` miles (> 0) whose centre is `distance` miles from the site:
    lens_area / (pi reach^2). It never falls when the radius grows.
    """
    if distance >= radius + reach:
        return 0.0
    if distance + reach <= radius:
        return 1.0
    return min(1.0, max(0.0, lens_area(distance, radius, reach)) / (pi * reach * reach))


def _cosine(value: float) -> float:
    """Undo rounding that leaves the domain of acos."""
    return max(-1.0, min(1.0, value))
