"""How AWS is reached: region, endpoints, table names, and timeouts that fit inside a request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from brightspot.core.settings import setting


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where tables and queues are. Without TABLE_PREFIX there are no tables, and every instance keeps its own rows.

    One call takes `connect_ms` + `read_ms` at most, which together stay within the second that a request may spend.
    """

    table_prefix: str = setting("TABLE_PREFIX", "", "what every table's name begins with: the stack's name")
    region: str = setting("AWS_REGION", "us-east-1", "region of tables and queues")
    endpoint_url: str = setting("AWS_ENDPOINT_URL", "", "URL of an emulator that stands for all of AWS")
    dynamodb_url: str = setting("DYNAMODB_ENDPOINT_URL", "", "URL of a DynamoDB emulator; wins over AWS_ENDPOINT_URL")
    connect_ms: int = setting("AWS_CONNECT_TIMEOUT_MS", 300, "milliseconds to connect", least=1, most=5000)
    read_ms: int = setting("AWS_READ_TIMEOUT_MS", 700, "milliseconds to wait for an answer", least=1, most=10_000)

    def table_name(self, aggregate: str) -> str:
        """The name that template.yaml, too, gives the table of an aggregate."""
        return f"{self.table_prefix}-{aggregate}"


def aws_client(
    service: str, settings: StoreSettings, *, read_seconds: float | None = None, tries: int = 1, url: str = ""
) -> Any:
    """A client of botocore, which takes 300 ms to load; boto3 would add 50 and nothing that is used.

    `url` is that of the service alone, and wins over the one that stands for all of AWS.
    """
    from botocore.config import Config  # noqa: PLC0415  # that only who uses it pays
    from botocore.session import get_session  # noqa: PLC0415

    config = Config(
        connect_timeout=settings.connect_ms / 1000,
        read_timeout=settings.read_ms / 1000 if read_seconds is None else read_seconds,
        retries={"total_max_attempts": tries, "mode": "standard"},
        signature_version="s3v4" if service == "s3" else None,  # also of links, which would be signed in the old way
    )
    return get_session().create_client(
        service, settings.region, endpoint_url=url or settings.endpoint_url or None, config=config
    )


def once_more_if_closed[T](call: Callable[[], T]) -> T:
    """Call, and call again if the server had closed the connection: a frozen environment wakes with such ones.

    No other failure is tried again here: a second timeout would not fit inside the request.
    """
    from botocore.exceptions import ConnectionClosedError  # noqa: PLC0415  # loaded by whoever made the client

    try:
        return call()
    except Exception as error:
        if not isinstance(getattr(error, "cause", error), ConnectionClosedError):
            raise
    return call()
