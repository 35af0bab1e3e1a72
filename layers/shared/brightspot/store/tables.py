"""The one place that knows how pynamodb is wired: a model becomes a table, every failure a TableUnavailable."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from brightspot.core.snapshots import before_snapshot
from brightspot.store.aws import StoreSettings, once_more_if_closed
from brightspot.store.errors import TableUnavailable, error_code
from brightspot.store.traced import traced

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action
    from pynamodb.models import Model

_CONNECTIONS = 16
_UNMET = "ConditionalCheckFailed"


def bind[M: Model](model: type[M], aggregate: str, settings: StoreSettings) -> type[M]:
    """A pynamodb model as the table of an aggregate, safe to share between threads. Opens no connection yet.

    A call fails at its first timeout or refusal: callers hold a request open. Each one is recorded by its access
    pattern, whatever makes it: `access_pattern`.
    """
    from brightspot.store.access.call import TableKeys  # noqa: PLC0415  # nothing that no table is asked for
    from brightspot.store.access.recording import shared_recording  # noqa: PLC0415

    meta = {
        "table_name": settings.table_name(aggregate),
        "region": settings.region,
        "host": settings.dynamodb_url or settings.endpoint_url or None,
        "connect_timeout_seconds": settings.connect_ms / 1000,
        "read_timeout_seconds": settings.read_ms / 1000,
        "max_retry_attempts": 0,
        "max_pool_connections": _CONNECTIONS,
        "billing_mode": "PAY_PER_REQUEST",
    }
    space = {"Meta": type("Meta", (), meta), "__module__": model.__module__}
    bound: type[M] = type(model)(model.__name__, (model,), space)  # type: ignore[misc]  # a metaclass makes classes
    with reaching(bound):
        client = bound._get_connection().connection.client  # noqa: SLF001  # made here: pynamodb makes it without a lock
    emulated = bool(settings.dynamodb_url or settings.endpoint_url)
    shared_recording().watch(client, TableKeys(aggregate, _keys(bound)), emulated=emulated)
    traced(client, table=settings.table_name(aggregate))
    before_snapshot(client.close)
    return bound


def insert(row: "Model", *, or_if: "Condition | None" = None) -> bool:
    """Write a row unless one with its key is there, or where one fulfils `or_if`; whether it was written.

    Raises TableUnavailable.
    """
    from pynamodb.exceptions import PutError  # noqa: PLC0415
    from pynamodb.expressions.operand import Path  # noqa: PLC0415

    absent = Path([str(row._hash_keyname)]).does_not_exist()  # noqa: SLF001  # as above
    condition = absent if or_if is None else absent | or_if
    with reaching(type(row)):
        try:
            once_more_if_closed(lambda: row.save(condition=condition))
        except PutError as error:
            if error_code(error) == f"{_UNMET}Exception":
                return False
            raise
    return True


def fetch[M: Model](table: type[M], key: str) -> M | None:
    """The row with this hash key as of now; None when there is none. Raises TableUnavailable."""
    with reaching(table):
        try:
            return once_more_if_closed(lambda: table.get(key, consistent_read=True))
        except table.DoesNotExist:
            return None


def fetch_all[M: Model](table: type[M], keys: Sequence[str]) -> list[M]:
    """The rows that there are with these hash keys, in no order, a hundred a call. Raises TableUnavailable."""
    with reaching(table):
        return once_more_if_closed(lambda: list(table.batch_get(keys)))


def insert_all(rows: "Sequence[Model]") -> bool:
    """Write rows of one table together, unless one of their keys is there; whether they were written.

    Raises TableUnavailable.
    """
    from pynamodb.exceptions import TransactWriteError  # noqa: PLC0415
    from pynamodb.expressions.operand import Path  # noqa: PLC0415
    from pynamodb.transactions import TransactWrite  # noqa: PLC0415

    table, token = type(rows[0]), token_hex(16)  # by the token, what was done is not done twice
    connection = table._get_connection().connection  # noqa: SLF001  # as above

    def write() -> None:
        with TransactWrite(client_request_token=token, connection=connection) as together:
            for row in rows:
                together.save(row, condition=Path([str(row._hash_keyname)]).does_not_exist())  # noqa: SLF001

    with reaching(table):
        try:
            once_more_if_closed(write)
        except TransactWriteError as error:
            if any(each is not None and each.code == _UNMET for each in error.cancellation_reasons):
                return False
            raise
    return True


def update(row: "Model", changes: "Sequence[Action]", condition: "Condition") -> bool:
    """Change a row where it fulfils a condition; whether it did. Raises TableUnavailable.

    Not sent again when the server had closed the connection without an answer: it may have been done.
    """
    from pynamodb.exceptions import UpdateError  # noqa: PLC0415

    with reaching(type(row)):
        try:
            row.update(actions=[*changes], condition=condition)
        except UpdateError as error:
            if error_code(error) == f"{_UNMET}Exception":
                return False
            raise
    return True


def remove(row: "Model", condition: "Condition") -> bool:
    """Delete a row where it fulfils a condition; whether it did. Raises TableUnavailable."""
    from pynamodb.exceptions import DeleteError  # noqa: PLC0415

    with reaching(type(row)):
        try:
            row.delete(condition=condition)
        except DeleteError as error:
            if error_code(error) == f"{_UNMET}Exception":
                return False
            raise
    return True


@contextmanager
def reaching(table: "type[Model]") -> Iterator[None]:
    """Any failure of pynamodb or botocore inside is raised as TableUnavailable."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    from pynamodb.exceptions import PynamoDBException  # noqa: PLC0415

    failures: Any = (PynamoDBException, BotoCoreError, ClientError)
    try:
        yield
    except failures as error:
        raise TableUnavailable.because(table.Meta.table_name, error) from error


def _keys(table: "type[Model]") -> Mapping[str, Sequence[str]]:
    """The names of a table's keys by index, partition key first; by "" those of its own."""
    schema = table._get_schema()  # noqa: SLF001  # as above
    indexes = schema["global_secondary_indexes"]
    schemas: dict[str, Any] = {"": schema["key_schema"], **{each["index_name"]: each["key_schema"] for each in indexes}}
    by_type = {name: {each["KeyType"]: each["AttributeName"] for each in keys} for name, keys in schemas.items()}
    return {name: [keys[kind] for kind in sorted(keys)] for name, keys in by_type.items()}  # HASH, RANGE
