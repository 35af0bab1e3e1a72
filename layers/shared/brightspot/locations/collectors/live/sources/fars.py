"""NHTSA's Fatality Analysis Reporting System: the county's fatal crashes in five years, and per resident."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from brightspot.locations.collectors.live.county import county_of
from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Embedded, Found, LiveSource, Request, decoded
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_YEARS: Final = range(2019, 2024)
_VINTAGE: Final = f"{_YEARS[0]}-{_YEARS[-1]}"
_MOST_ROWS: Final = 5_000
_VIRGINIA: Final = 51
_PEOPLE: Final = 100_000

FACTS: Final = Facts(
    id="fars",
    name="Fatality Analysis Reporting System, NHTSA Crash API",
    licence="Public domain (US government)",
    credit="US National Highway Traffic Safety Administration, Fatality Analysis Reporting System",
    terms=(
        "No key and no published limit; 5 a second is ours. It answers 5,000 crashes at most, and refuses agents that "
        "do not look like a browser: ours says so and names itself."
    ),
    url="https://crashviewer.nhtsa.dot.gov/CrashAPI",
    gives={"fatal_crashes_per_100k_people": "per 100000 people a year", "traffic_deaths_5y": "deaths"},
    limits=(Limit(5, 1),),
    timeout_seconds=10.0,
    fresh_hours=720.0,
    stale_hours=2160.0,
    browser_like=True,
)


class Toll(msgspec.Struct, frozen=True):
    """Fatal crashes and deaths of the years; `capped` when there may be more than the provider tells."""

    crashes: int
    deaths: int
    capped: bool


class _Crash(msgspec.Struct, frozen=True):
    """A crash is one by state, year and case; numbers come as text."""

    state: str | int = msgspec.field(name="STATE")
    case: str | int = msgspec.field(name="ST_CASE")
    year: str | int = msgspec.field(name="CaseYear")
    deaths: str | int = msgspec.field(name="FATALS")


class _Answer(msgspec.Struct, frozen=True):
    """`Results` are a list of lists; `Count` counts the former, so nothing goes by it."""

    message: str = msgspec.field(name="Message")
    results: list[list[_Crash]] = msgspec.field(name="Results")


def _query(site: Site) -> Request:
    state, county = county_of(site.place)
    years = {"fromCaseYear": str(_YEARS[0]), "toCaseYear": str(_YEARS[-1])}
    asked = {**years, "state": str(state), "county": str(county), "format": "json"}
    return Request("/crashes/GetCrashesByLocation", asked)


def read(body: bytes, ask: Ask) -> Toll:  # noqa: ARG001  # the largest county has fewer crashes than one answer holds
    """What the county lost; no crash is an answer too. Raises SourceFailed."""
    answer = decoded(body, _Answer)
    if "success" not in answer.message.lower():
        raise SourceFailed(f"it did not do what it was asked ({answer.message[:100]!r})")
    rows = [each for part in answer.results for each in part]
    deaths = {(_whole(each.state), _year(each), _whole(each.case)): _deaths(each) for each in rows}
    return Toll(len(deaths), sum(deaths.values()), capped=len(rows) >= _MOST_ROWS)


def _year(crash: _Crash) -> int:
    year = _whole(crash.year)
    if year not in _YEARS:
        raise SourceFailed(f"its answer is not what it should be (a crash of {year})")
    return year


def _deaths(crash: _Crash) -> int:
    deaths = _whole(crash.deaths)
    if deaths < 1:
        raise SourceFailed("its answer is not what it should be (a fatal crash without a death)")
    return deaths


def _whole(told: str | int) -> int:
    text = str(told).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004  # a case has six or seven digits
        raise SourceFailed(f"its answer is not what it should be (a number of {text[:20]!r})")
    return int(text)


def _found(toll: Toll, site: Site, embedded: Embedded) -> Sequence[Found]:
    bound: Literal["at_least"] | None = "at_least" if toll.capped else None
    residents, unknown = _residents(site, embedded)
    rate = None if residents is None else round(toll.crashes / len(_YEARS) / residents * _PEOPLE, 1)
    return [
        Found("fatal_crashes_per_100k_people", rate, _VINTAGE, "county", "derived", bound, reason=unknown),
        Found("traffic_deaths_5y", toll.deaths, _VINTAGE, "county", bound=bound),
    ]


def _residents(site: Site, embedded: Embedded) -> tuple[float | None, str | None]:
    """People of the county, or why they are not known.

    The dataset has them in `jobs_per_resident`. The sum over ZIPs would be wrong: a ZIP on the border counts with its
    people whole in one county, which can make a multiple of a small one.
    """
    state, _ = county_of(site.place)
    if state == _VIRGINIA:
        return None, "in Virginia the embedded residents of a county include independent cities, its crashes do not"
    jobs, ratio = (each.value for each in embedded.dataset.read(("county_jobs", "jobs_per_resident"), site.place))
    if not jobs or not ratio:
        return None, "the number of the county's residents is not in the embedded data"
    return jobs / ratio, None


SOURCE: Final = LiveSource(FACTS, Toll, _query, read, _found)
