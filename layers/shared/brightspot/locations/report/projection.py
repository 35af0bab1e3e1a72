"""Maps round one point: the azimuthal equidistant projection, in miles."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

from brightspot.locations.dataset.geo import haversine_miles


@dataclass(frozen=True, slots=True)
class Projection:
    """Points of the globe on the plane that touches it at `lat`, `lon` (degrees).

    Distances from that point and directions at it are true, so a circle round it is a circle. With f latitude, l
    longitude and c the angle between the point and the centre (f1, l1):

        x = R k cos(f) sin(l - l1)
        y = R k (cos(f1) sin(f) - sin(f1) cos(f) cos(l - l1)),  k = c / sin(c)

    J. P. Snyder, "Map Projections: A Working Manual", USGS Professional Paper 1395 (1987), chapter 25. Sines and
    cosines know no date line: Alaska needs no care.
    """

    lat: float
    lon: float

    def project(self, lat: float, lon: float) -> tuple[float, float]:
        """Miles to the east and to the north of the centre."""
        phi, phi_1, turn = radians(lat), radians(self.lat), radians(lon - self.lon)
        east = cos(phi) * sin(turn)
        north = cos(phi_1) * sin(phi) - sin(phi_1) * cos(phi) * cos(turn)
        sine = hypot(east, north)
        if sine == 0:
            return 0.0, 0.0
        scale = haversine_miles(self.lat, self.lon, lat, lon) / sine
        return scale * east, scale * north


def centre_of(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Latitude and longitude in the middle of (longitude, latitude) points: where the sum of their vectors points."""
    x = sum(cos(radians(lat)) * cos(radians(lon)) for lon, lat in points)
    y = sum(cos(radians(lat)) * sin(radians(lon)) for lon, lat in points)
    z = sum(sin(radians(lat)) for _, lat in points)
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))
