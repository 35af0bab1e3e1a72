"""What DynamoDB says about a table itself: its items, bytes and indexes, as of some hours ago."""

from typing import Any, NamedTuple

from brightspot.core.snapshots import before_snapshot
from brightspot.store.aws import StoreSettings, aws_client, once_more_if_closed
from brightspot.store.errors import TableUnavailable


class Described(NamedTuple):
    """DynamoDB counts items and bytes anew every six hours or so. `indexes` are bytes by name."""

    items: int
    bytes: int
    billing: str
    indexes: dict[str, int]


class Descriptions:
    """Tables by their aggregate. Safe to share between threads. Raises TableUnavailable."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._client: Any = aws_client("dynamodb", settings, url=settings.dynamodb_url)
        before_snapshot(self._client.close)

    def of(self, aggregate: str) -> Described:
        """One of them."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # loaded by now

        name = self._settings.table_name(aggregate)
        try:
            told = once_more_if_closed(lambda: self._client.describe_table(TableName=name))["Table"]
        except (BotoCoreError, ClientError) as error:
            raise TableUnavailable.because(name, error) from error
        indexes = {each["IndexName"]: each.get("IndexSizeBytes", 0) for each in told.get("GlobalSecondaryIndexes", [])}
        billing = told.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
        return Described(told.get("ItemCount", 0), told.get("TableSizeBytes", 0), billing, indexes)
