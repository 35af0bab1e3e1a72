"""One POST to an address that was looked up and checked before."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from brightspot.core.clock import SystemClock
from brightspot.core.snapshots import load_before_snapshot
from brightspot.resilience import Deadline
from brightspot.resilience.retry_after import retry_after_seconds
from brightspot.webhooks.errors import WebhookFailed
from brightspot.webhooks.targets import Target

if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool

_CONNECT_SECONDS: Final = 2.0
_TAKEN: Final = range(200, 300)
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses that another try may not meet

load_before_snapshot("urllib3")


def post(target: Target, addresses: Sequence[str], headers: Mapping[str, str], body: bytes, deadline: Deadline) -> None:
    """Have the body taken. Raises WebhookFailed.

    The second address is tried only where the first takes no connection. Of the answer the status alone is read.
    """
    from urllib3 import Timeout, exceptions  # noqa: PLC0415  # only who sends pays for it

    left = deadline.remaining()
    if left <= 0:
        raise WebhookFailed("there was no time left to send it")
    for at, address in enumerate(addresses):
        pool = _pool(target, address)
        try:
            answer = pool.urlopen(
                "POST",
                target.resource,
                body=body,
                headers={**headers, "Host": target.host_header},
                timeout=Timeout(connect=min(_CONNECT_SECONDS, left), read=left),
                redirect=False,
                retries=False,
                preload_content=False,
                assert_same_host=False,
            )
            answer.close()
            return _judge(answer.status, answer.headers.get("Retry-After"))
        except (exceptions.NewConnectionError, exceptions.ConnectTimeoutError) as error:
            if at == len(addresses) - 1:
                raise WebhookFailed("it takes no connection", again=0.0) from error
        except (exceptions.HTTPError, OSError) as error:
            raise WebhookFailed(f"it broke off, or did not answer ({type(error).__name__})", again=0.0) from error
        finally:
            pool.close()
    raise AssertionError("there is at least one address")


def _pool(target: Target, address: str) -> "HTTPConnectionPool":
    """Connects to the address, and holds its certificate against the name in the URL."""
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool  # noqa: PLC0415  # as above

    if target.scheme == "http":
        return HTTPConnectionPool(address, target.port)
    return HTTPSConnectionPool(address, target.port, server_hostname=target.host, assert_hostname=target.host)


def _judge(status: int, retry_after: str | None) -> None:
    if status in _TAKEN:
        return
    if status in range(300, 400):
        raise WebhookFailed(f"it redirects (HTTP {status}), which is not followed")
    again = retry_after_seconds(retry_after, SystemClock().now()) if status in _PASSING else None
    raise WebhookFailed(f"it answered HTTP {status}", again=again)
