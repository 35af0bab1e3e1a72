"""Place: where an address is taken to be, how precisely, and which ZIP's data describe it."""

from dataclasses import dataclass
from typing import Literal

Precision = Literal["street", "zip_centroid", "city_centroid", "po_box_zip"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another populated ZIP of the same city.

    `population` is the number of residents, `miles` the great-circle distance from the place to this ZIP's centroid.
    """

    zip: str
    city: str
    state: str
    population: int
    miles: float


@dataclass(frozen=True, slots=True)
class Place:
    """A located address.

    `lat` and `lon` are degrees (WGS 84). `zip` is the five-digit ZIP the place stands for. `city` and `county` are in
    display form; `county`, `county_fips` and `area` (a key of the dataset's metro table) are None where unknown.
    `data_zip` is the ZIP whose values describe the place: its own, its host's, or None when neither has any.

    `precision` says what `lat` and `lon` are:

    - `street`: the address itself, found by a live geocoder; `uncertainty_miles` is that geocoder's.
    - `zip_centroid`: the centroid of the ZIP, also for a street address, since street positions are not embedded.
      `uncertainty_miles` is the ZIP's reach, the radius of the circle with the ZIP's land area.
    - `city_centroid`: the population-weighted mean of the centroids of the city's populated ZIPs.
      `uncertainty_miles` is sqrt(s^2 + r^2): s the population-weighted root mean square distance of those centroids
      from the mean, r the reach of `zip`, which is the populated ZIP nearest to the mean.
    - `po_box_zip`: the point of a ZIP without an area of its own (PO boxes, or one large receiver of mail).
      `uncertainty_miles` is the distance to the host ZIP plus the host's reach.

    `notes` are sentences for people. `normal_form` is the canonical text of the request, such as
    "ROCHESTER, MN 55901": spellings of one address share it, and without a live geocoder it determines every other
    attribute. `street` is the street as written, None when there is none.
    """

    lat: float
    lon: float
    zip: str | None
    city: str
    state: str
    county: str | None
    county_fips: int | None
    area: int | None
    data_zip: int | None
    precision: Precision
    uncertainty_miles: float
    alternatives: tuple[Alternative, ...]
    notes: tuple[str, ...]
    normal_form: str
    street: str | None = None
