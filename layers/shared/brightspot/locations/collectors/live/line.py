"""One source with everything that asking it takes: its provider's limit, the call, and the call again."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from brightspot.core import codec
from brightspot.locations.collectors.live.copies import Copies
from brightspot.locations.collectors.live.errors import QuotaUsedUp, SourceFailed, SourceSilent
from brightspot.locations.collectors.live.http import Call, Http
from brightspot.locations.collectors.live.quota import Quota
from brightspot.locations.collectors.live.settings import SourceSettings
from brightspot.locations.collectors.live.source import Embedded, LiveSource, Request
from brightspot.resilience import Deadline
from brightspot.resilience.retry import Retry

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Line:
    """A source with its means; one per source and process."""

    source: LiveSource[Any]
    settings: SourceSettings
    user_agent: str
    http: Http
    quota: Quota
    retry: Retry
    copies: Copies
    embedded: Embedded

    def ask(self, request: Request, deadline: Deadline) -> bytes:
        """One question, tried again while that makes sense: every question of ours only reads.

        Raises SourceFailed, or SourceSilent for a status by which this provider says that it knows nothing.
        """
        failures: list[SourceFailed] = []
        job = partial(self._try, request, deadline, failures)
        try:
            return self.retry.call(job, deadline=deadline, idempotent=True, again=_seconds_to_wait)
        except SourceFailed as failed:
            silent = self.source.facts.silent.get(failed.status or 0)
            if silent is not None:
                raise SourceSilent(silent) from failed
            raise

    def _try(self, request: Request, deadline: Deadline, failures: list[SourceFailed]) -> bytes:
        try:
            self.quota.take(deadline)
        except QuotaUsedUp as held_back:
            if not failures:
                raise
            raise SourceFailed(str(failures[-1]), status=failures[-1].status) from held_back
        try:
            return self.http.fetch(self._call(request), deadline)
        except SourceFailed as failed:
            failures.append(failed)
            raise

    def _call(self, request: Request) -> Call:
        facts = self.source.facts
        query = dict(request.query or {})
        if facts.key_parameter and self.settings.key:
            query[facts.key_parameter] = self.settings.key
        headers = {"User-Agent": self.user_agent, "Accept": "application/json, */*;q=0.1", "Accept-Encoding": "gzip"}
        body = None
        if request.form is not None:
            body, headers = urlencode(request.form).encode(), headers | _FORM
        elif request.json is not None:
            body, headers = codec.dumps(request.json), headers | _JSON
        url = f"{self.settings.url}{request.path}{'?' + urlencode(query) if query else ''}"
        return Call(request.method, url, headers, body, facts.media)


@dataclass(frozen=True, slots=True)
class Asking:
    """A line during one errand, which has set out with its `first` question; satisfies `Ask`."""

    line: Line
    first: Request
    deadline: Deadline

    def __call__(self, request: Request) -> bytes:
        return self.line.ask(request, self.deadline)


def _seconds_to_wait(error: Exception) -> float | None:
    return error.again if isinstance(error, SourceFailed) else None
