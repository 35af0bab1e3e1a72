"""Where reports are kept: each under the name of its period, so that one made again takes the place of the old."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.store import Bucket

KEPT_DAYS: Final = 400  # infrastructure/data.yaml has the bucket forget after as many
_LONGEST_DAYS: Final = 40
_MOST_IN_MEMORY: Final = 50
ReportForm = Literal["json", "html"]
MEDIA_TYPES: Final[dict[ReportForm, str]] = {"json": "application/json", "html": "text/html; charset=utf-8"}


class KeptReport(NamedTuple):
    """One that is kept; `size` is that of its JSON in bytes."""

    id: str
    made_at: datetime
    size: int


class ReportTry(msgspec.Struct, frozen=True):
    """What was asked for under an idempotency key, and which report came of it."""

    asked: str
    report: str


class Reports(Protocol):
    """Keeps reports by id, and what idempotency keys stand for. Raises BucketUnavailable."""

    def keep(self, report: str, forms: dict[ReportForm, bytes]) -> None: ...

    def read(self, report: str, form: ReportForm) -> bytes | None: ...

    def newest(self, below: str | None, most: int) -> list[KeptReport]: ...

    def tried(self, key: str) -> ReportTry | None: ...

    def note(self, key: str, what: ReportTry) -> None: ...


class MemoryReports:
    """Of one process, without a bucket: the last 50 periods."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[datetime, dict[ReportForm, bytes]]] = {}
        self._tries: dict[str, ReportTry] = {}

    def keep(self, report: str, forms: dict[ReportForm, bytes]) -> None:
        self._kept[report] = self._clock.now(), forms
        while len(self._kept) > _MOST_IN_MEMORY:
            del self._kept[min(self._kept)]

    def read(self, report: str, form: ReportForm) -> bytes | None:
        return self._kept[report][1][form] if report in self._kept else None

    def newest(self, below: str | None, most: int) -> list[KeptReport]:
        names = sorted((each for each in self._kept if below is None or each < below), reverse=True)[:most]
        return [KeptReport(each, self._kept[each][0], len(self._kept[each][1]["json"])) for each in names]

    def tried(self, key: str) -> ReportTry | None:
        return self._tries.get(key)

    def note(self, key: str, what: ReportTry) -> None:
        self._tries[key] = what
        while len(self._tries) > _MOST_IN_MEMORY:
            del self._tries[next(iter(self._tries))]


class BucketReports:
    """Objects `json/<id>.json`, `html/<id>.html` and `tries/<key>.json` of a bucket. Safe to share between threads."""

    def __init__(self, bucket: Bucket, clock: Clock) -> None:
        self._bucket = bucket
        self._clock = clock

    def keep(self, report: str, forms: dict[ReportForm, bytes]) -> None:
        """The JSON last: what is listed is whole. Either is whole by itself, should the other one fail."""
        for form in ("html", "json"):
            self._bucket.put(_key(report, form), forms[form], MEDIA_TYPES[form])

    def read(self, report: str, form: ReportForm) -> bytes | None:
        return self._bucket.get(_key(report, form))

    def newest(self, below: str | None, most: int) -> list[KeptReport]:
        """Month by month back, as far as reports are kept, until there are enough."""
        found: list[KeptReport] = []
        for month in self._months(below):
            listed = [
                KeptReport(each["Key"].removeprefix("json/").removesuffix(".json"), each["LastModified"], each["Size"])
                for each in self._bucket.listed(f"json/{month}")
            ]
            found += sorted((each for each in listed if below is None or each.id < below), reverse=True)
            if len(found) >= most:
                break
        return found[:most]

    def tried(self, key: str) -> ReportTry | None:
        body = self._bucket.get(f"tries/{key}.json")
        return None if body is None else msgspec.json.decode(body, type=ReportTry)

    def note(self, key: str, what: ReportTry) -> None:
        self._bucket.put(f"tries/{key}.json", codec.dumps(what), MEDIA_TYPES["json"])

    def _months(self, below: str | None) -> Iterator[str]:
        """As `2026-11`: from the running one, or an earlier `below`, back to where the oldest period may have begun."""
        now = self._clock.now()
        oldest, newest = f"{now - timedelta(days=KEPT_DAYS + _LONGEST_DAYS):%Y-%m}", f"{now:%Y-%m}"
        month = newest if below is None else min(newest, below[:7])
        while month >= oldest:
            yield month
            year, number = int(month[:4]), int(month[5:7])
            month = f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02}"


def _key(report: str, form: ReportForm) -> str:
    return f"{form}/{report}.{form}"
