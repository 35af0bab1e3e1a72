"""The Bureau of Labor Statistics: the county's unemployment rate of the newest month, and how it moved in a year."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from brightspot.locations.collectors.live.county import county_of
from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Embedded, Found, LiveSource, Request, decoded
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_RATE: Final = "03"  # of the Local Area Unemployment Statistics' measures, not seasonally adjusted
_AREA: Final = 15  # characters of an area's code
_DONE: Final = "REQUEST_SUCCEEDED"
_ABSENT: Final = frozenset({"", "-"})
_MONTH: Final = re.compile(r"M(0[1-9]|1[0-2])")  # M13 is the mean of a year
_YEAR: Final = re.compile(r"[12][0-9]{3}")
_PERCENT: Final = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")

FACTS: Final = Facts(
    id="bls",
    name="Local Area Unemployment Statistics, BLS Public Data API",
    licence="Public domain (US government)",
    credit=(
        "US Bureau of Labor Statistics. BLS.gov cannot vouch for the data or analyses derived from these data after "
        "the data have been retrieved from BLS.gov."
    ),
    terms=(
        "Version 1 wants no key and answers 25 questions a day from one address, so 25 counties; instances behind one "
        "address share them. A copy serves for two weeks, since the figures are monthly. The credit is worded as its "
        "terms ask for."
    ),
    url="https://api.bls.gov/publicAPI/v1",
    gives={"county_unemployment_rate": "percent", "county_unemployment_change_1y": "percentage points"},
    limits=(Limit(25, 86_400),),
    fresh_hours=336.0,
    stale_hours=1440.0,
)


class Rate(msgspec.Struct, frozen=True):
    """The newest month, as "2026-09", that has a rate; `before` is that of the same month a year earlier. Percent."""

    month: str
    percent: float
    preliminary: bool
    before: float | None


class _Footnote(msgspec.Struct, frozen=True):
    code: str | None = None


class _Month(msgspec.Struct, frozen=True):
    year: str
    period: str
    value: str
    footnotes: list[_Footnote | None] = msgspec.field(default_factory=list)


class _Series(msgspec.Struct, frozen=True):
    data: list[_Month]


class _Results(msgspec.Struct, frozen=True):
    series: list[_Series] = msgspec.field(default_factory=list)


class _Answer(msgspec.Struct, frozen=True):
    """`Results` are an object, or a list of one: the documentation shows the latter, the service tells the former."""

    status: str
    message: list[str] = msgspec.field(default_factory=list)
    results: _Results | list[_Results] | None = msgspec.field(default=None, name="Results")


def _query(site: Site) -> Request:
    state, county = county_of(site.place)
    area = f"CN{state:02d}{county:03d}".ljust(_AREA, "0")
    return Request(f"/timeseries/data/LAU{area}{_RATE}")


def read(body: bytes, ask: Ask) -> Rate | None:  # noqa: ARG001  # one answer says it all
    """The newest rate, None when the county has no series or none with a value. Raises SourceFailed."""
    answer = decoded(body, _Answer)
    said = "; ".join(answer.message)
    if "does not exist" in said:  # told with either status
        return None
    if answer.status != _DONE:
        spent = "threshold" in said or "exceeded" in said
        reason = "its limit of questions a day is used up there" if spent else f"it answered {answer.status[:40]!r}"
        raise SourceFailed(f"{reason} ({said[:120] or 'without a reason'})")
    results = answer.results if isinstance(answer.results, list) else [answer.results or _Results()]
    rates = dict(each for result in results for series in result.series for each in _rates(series))
    return _newest(rates) if rates else None


def _rates(series: _Series) -> list[tuple[tuple[int, int], tuple[float, bool]]]:
    """Rate and whether it is preliminary, by year and month; months without a rate are left out."""
    return [
        ((_year(each), int(each.period[1:])), (_percent(each), _preliminary(each)))
        for each in series.data
        if _MONTH.fullmatch(each.period) and each.value not in _ABSENT
    ]


def _newest(rates: dict[tuple[int, int], tuple[float, bool]]) -> Rate:
    year, month = max(rates)
    percent, preliminary = rates[year, month]
    before = rates.get((year - 1, month))
    return Rate(f"{year}-{month:02d}", percent, preliminary, None if before is None else before[0])


def _year(month: _Month) -> int:
    if not _YEAR.fullmatch(month.year):
        raise SourceFailed(f"its answer is not what it should be (a year of {month.year[:20]!r})")
    return int(month.year)


def _percent(month: _Month) -> float:
    value = float(month.value) if _PERCENT.fullmatch(month.value) else -1.0
    if not 0 <= value <= 100:  # noqa: PLR2004  # percent
        raise SourceFailed(f"its answer is not what it should be (a rate of {month.value[:20]!r})")
    return value


def _preliminary(month: _Month) -> bool:
    return any(each is not None and each.code == "P" for each in month.footnotes)


def _found(rate: Rate | None, site: Site, embedded: Embedded) -> Sequence[Found]:  # noqa: ARG001  # as read
    if rate is None:
        none = "the county has no rate there"
        return [Found(point, None, level="county", reason=none) for point in FACTS.gives]
    vintage = f"{rate.month} (preliminary)" if rate.preliminary else rate.month
    change = None if rate.before is None else round(rate.percent - rate.before, 1)
    return [
        Found("county_unemployment_rate", rate.percent, vintage, "county"),
        Found(
            "county_unemployment_change_1y",
            change,
            vintage,
            "county",
            "derived",
            reason="the same month a year earlier has no rate there" if change is None else None,
        ),
    ]


SOURCE: Final = LiveSource(FACTS, Rate | None, _query, read, _found)
