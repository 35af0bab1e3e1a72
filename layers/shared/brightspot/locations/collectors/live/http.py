"""One HTTP exchange with a provider: bounded in time and size, and nothing but what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from brightspot.core.clock import Clock
from brightspot.core.snapshots import load_before_snapshot
from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.resilience import Deadline
from brightspot.resilience.retry_after import retry_after_seconds
from brightspot.telemetry import active_span, span

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

MOST_BYTES: Final = 5_000_000
_CONNECT_SECONDS: Final = 3.0
_CHUNK: Final = 65_536
_MOST_REDIRECTS: Final = 2
_OK: Final = 200
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses that another try may not meet

load_before_snapshot("urllib3")


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `media` are parts of the media types it may be answered in, such as "json"."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    media: tuple[str, ...]


class Http:
    """Calls over one pool of connections. Safe to share between threads; opens nothing before the first call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def fetch(self, call: Call, deadline: Deadline) -> bytes:
        """The body of a 200 answer of one of the media types.

        Raises SourceFailed for everything else: no answer by the deadline, a body that breaks off or is larger than
        5 MB (unpacked), another status, a redirect to another host. Where a trace is recorded the call goes on with it.
        """
        with span(f"{call.method} {urlsplit(call.url).hostname}", "client"):
            return self._fetch(call, deadline)

    def _fetch(self, call: Call, deadline: Deadline) -> bytes:
        from urllib3 import exceptions  # noqa: PLC0415  # only who asks live sources pays for it

        url = call.url
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                response = self._send(call, url, deadline)
                try:
                    if response.status not in _REDIRECTS:
                        return self._body(call, response, deadline)
                    url = _onward(call, url, response)
                finally:
                    _let_go(response)
        except (exceptions.TimeoutError, TimeoutError) as error:
            raise SourceFailed("it did not answer in time", again=0.0) from error
        except (exceptions.HTTPError, OSError) as error:
            raise SourceFailed(f"it cannot be reached, or broke off ({type(error).__name__})", again=0.0) from error
        raise SourceFailed("it redirects without end")

    def _send(self, call: Call, url: str, deadline: Deadline) -> "BaseHTTPResponse":
        from urllib3 import Timeout  # noqa: PLC0415  # as above

        left = deadline.remaining()
        if left <= 0:
            raise SourceFailed("there was no time left to ask it")
        return _pools().request(
            call.method,
            url,
            body=call.body,
            headers={**call.headers, **_trace()},
            timeout=Timeout(connect=min(_CONNECT_SECONDS, left), read=left),
            redirect=False,
            retries=False,
            preload_content=False,
        )

    def _body(self, call: Call, response: "BaseHTTPResponse", deadline: Deadline) -> bytes:
        if response.status != _OK:
            wait = retry_after_seconds(response.headers.get("Retry-After"), self._clock.now())
            again = wait if response.status in _PASSING else None
            raise SourceFailed(f"it answered HTTP {response.status}", status=response.status, again=again)
        media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not any(each in media for each in call.media):
            raise SourceFailed(
                f"it answered in {media or 'no media type'} instead of {' or '.join(call.media)}", again=0.0
            )
        return _read(response, deadline)


def _trace() -> dict[str, str]:
    """W3C Trace Context of the span at hand; a provider learns nothing of who else is in the trace."""
    calling = active_span()
    return {} if calling is None else {"traceparent": calling.traceparent}


def _read(response: "BaseHTTPResponse", deadline: Deadline) -> bytes:
    """By single reads of the socket: whoever sends a byte a second is not waited for."""
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise SourceFailed(f"its answer is larger than {MOST_BYTES // 1_000_000} MB")
    parts, size = [], 0
    while part := response.read1(_CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise SourceFailed(f"its answer is larger than {MOST_BYTES // 1_000_000} MB")
        if deadline.remaining() <= 0:
            raise TimeoutError
    return b"".join(parts)


def _onward(call: Call, url: str, response: "BaseHTTPResponse") -> str:
    """Where a redirect leads, within the same host: what we say to a provider is for no other ears."""
    onward = urljoin(url, response.headers.get("Location", ""))
    here, there = urlsplit(url), urlsplit(onward)
    if call.method != "GET" or (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise SourceFailed(f"it redirects elsewhere (HTTP {response.status})", status=response.status)
    return onward


def _let_go(response: "BaseHTTPResponse") -> None:
    """A connection whose answer was read to its end is used again, any other one is closed."""
    if not response.closed:
        response.close()
    response.release_conn()


@lru_cache(maxsize=1)
def _pools() -> "PoolManager":
    from urllib3 import PoolManager  # noqa: PLC0415  # as above

    return PoolManager(num_pools=16, maxsize=4)
