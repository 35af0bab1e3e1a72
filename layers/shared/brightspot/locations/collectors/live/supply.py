"""Child care supplied near a site against the children there: the desert rule, and two-step floating catchments."""

from collections.abc import Sequence
from typing import Final

import msgspec

CATCHMENT_MILES: Final = 3.0
DESERT_CHILDREN: Final = 50
DESERT_CHILDREN_PER_SLOT: Final = 3


class Provider(msgspec.Struct, frozen=True):
    """A child-care centre, preschool or kindergarten: degrees, and how many children it takes where that is known."""

    lat: float
    lon: float
    name: str
    capacity: int | None


class Verdict(msgspec.Struct, frozen=True):
    """Whether a neighbourhood is a desert; None is insufficient data. `because` says why, for people."""

    desert: bool | None
    because: str


def desert(children: float | None, providers: Sequence[Provider]) -> Verdict:
    """The child-care-desert rule of the Center for American Progress, over one catchment.

    A desert has more than 50 children under 5 and either no provider, or more than three times as many children as
    licensed slots (Malik, Hamm, Schochet, Novoa, Workman & Jessen-Howard 2018, "America's Child Care Deserts in 2018",
    Center for American Progress; there over census tracts). `children` live in the catchment that `providers` are in.
    Slots are capacities as published; a provider without one has an unknown number, never an assumed one. So the rule
    is decided only where what is unknown could not change it: known slots may be too few and unknown ones fill the gap.
    """
    if children is None:
        return Verdict(None, "insufficient: the number of children under 5 is unknown")
    if children <= DESERT_CHILDREN:
        return Verdict(False, f"no desert: at most {DESERT_CHILDREN} children under 5")
    if not providers:
        return Verdict(True, "desert: no provider is on the map, which may lack some")
    known = [each.capacity for each in providers if each.capacity is not None]
    if children <= DESERT_CHILDREN_PER_SLOT * sum(known):
        return Verdict(False, f"no desert: {children / sum(known):.1f} children per known slot")
    if len(known) == len(providers):
        return Verdict(True, f"desert: more than {DESERT_CHILDREN_PER_SLOT} children per slot")
    return Verdict(None, f"insufficient: {len(known)} of {len(providers)} providers state their slots")


def two_step_access(children_round_providers: Sequence[float | None]) -> float | None:
    """Providers per 1,000 children under 5 by two-step floating catchments (2SFCA); None when children are unknown.

    Step 1, for each provider j: R_j = S_j / sum of P_k over the places k within d0 of j. Step 2, for the site i:
    A_i = sum of R_j over the providers j within d0 of i (Luo & Wang 2003, "Measures of spatial accessibility to health
    care in a GIS environment: synthesis and a case study in the Chicago region", Environment and Planning B 30(6),
    865-884). Here d0 is 3 miles in a straight line; P_k are children under 5, a ZIP counting with the share of its disc
    that lies within d0 of j instead of wholly or not at all; S_j is 1, since capacities are rarely published: as Luo &
    Wang count physicians, this counts providers, and a large one as much as a small one.

    `children_round_providers` has the sum over P_k for each provider within d0 of the site. A provider round which no
    child is counted adds nothing, where its ratio would be infinite.
    """
    known = [children for children in children_round_providers if children is not None]
    if len(known) < len(children_round_providers):
        return None
    return sum(1000 / children for children in known if children > 0)
