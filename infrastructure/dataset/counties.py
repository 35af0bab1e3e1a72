"""County fields and the children under 5, put together from the publishers' counties."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dataset import county_acs, county_keys, pep, qcew
from dataset.acs import ZipRow
from dataset.packages import Packages
from dataset.values import Number, Values, ratio, times, total

type Published = dict[int, Values]


@dataclass(frozen=True, slots=True)
class CountySources:
    """What PEP, ACS and QCEW published, by FIPS code."""

    pep: Published
    acs: Published
    qcew: Published


def read(packages: Packages) -> CountySources:
    return CountySources(pep.read(packages), county_acs.read(packages), qcew.read(packages))


def county_values(fips: int, sources: CountySources, zip_residents: Number) -> Values:
    """The county fields other than air; `zip_residents` stands in where ACS 2015-19 does not know the county."""
    in_estimates = county_keys.in_estimates(fips)
    births = members(sources.pep, in_estimates)
    survey = members(sources.acs, in_estimates)
    jobs = members(sources.qcew, county_keys.in_jobs(fips))
    values = county_acs.county_values(survey) | qcew.county_values(jobs)
    values |= pep.county_values(births) if births else {}
    same_county = in_estimates == county_keys.in_jobs(fips)
    residents = county_acs.residents(survey) if same_county and survey else zip_residents
    return values | {"jobs_per_resident": ratio(values["county_jobs"], residents)}


def members(published: Published, fips: Iterable[int]) -> list[Values]:
    """The members' rows; none when a member is missing, since the others alone are not the county."""
    wanted = tuple(fips)
    return [published[one] for one in wanted] if all(one in published for one in wanted) else []


def under_5_per_under_18(rows: Iterable[tuple[int, ZipRow]], births: Published) -> dict[int, float]:
    """Children under 5 per resident under 18, by county of the given (county, ZIP) rows.

    = births 2015-19 / (PEP population 2019 x under-18 share of the county's ZIPs). The share comes from the ZIPs, the
    level from PEP: a ZIP stands with one county only, so that the under-18 of a county's ZIPs can be a multiple of
    the county's own. Counties without births on record are left out.
    """
    people: dict[tuple[int, ...], list[tuple[float, float]]] = defaultdict(list)
    groups: dict[int, tuple[int, ...]] = {}
    for fips, row in rows:
        groups[fips] = tuple(sorted(county_keys.in_estimates(fips)))
        minors, everyone = row.values["children_under_18"], row.values["population"]
        if minors is not None and everyone is not None:
            people[groups[fips]].append((minors, everyone))
    ratios = {group: _ratio(people[group], members(births, group)) for group in people}
    return {fips: known for fips, group in groups.items() if (known := ratios.get(group)) is not None}


def _ratio(people: list[tuple[float, float]], counties: list[Values]) -> Number:
    if not counties:
        return None
    county = pep.combined(counties)
    share = ratio(total(minors for minors, _ in people), total(everyone for _, everyone in people))
    return ratio(pep.births(county, 2015, 2019), times(county["POPESTIMATE2019"], share))
