"""The table `<prefix>-tasks` in DynamoDB, through the client of its pynamodb model.

The model says what the table is, and is made by `bind` as others are, so that calls are recorded and traced. Rows do
not pass through it: a worker's calls are transactions of up to a hundred rows, each under conditions that are made
as it goes, which its objects would only wrap. Loads pynamodb: imported when the table is first used.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from random import Random
from secrets import token_hex
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from brightspot.store import StoreSettings, TableUnavailable, bind, reaching
from brightspot.store.aws import once_more_if_closed
from brightspot.store.errors import error_code
from brightspot.tasks.expressions import action, item_of, row_in
from brightspot.tasks.rows import AGGREGATE, MOST_TOGETHER, Effect, Key, Row, Shelved

_BY_NAME: Final = "by-name"
_BY_SHELF: Final = "by-shelf"
_MOST_WRITTEN: Final = 25  # of one BatchWriteItem
_MOST_BYTES: Final = 3_000_000  # of one call, well below what DynamoDB takes (4 MB in a transaction)
_CANCELED: Final = "TransactionCanceledException"
_REFUSED: Final = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})
# What passes by itself: docs.aws.amazon.com, DynamoDB, "Error handling" and "TransactWriteItems".
_PASSING: Final = frozenset(
    {
        None,
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
_TRIES: Final = 4
_PAUSE_SECONDS: Final = 0.05
_Wire = dict[str, Any]


class ByName(GlobalSecondaryIndex["TaskItem"]):
    """Tasks of a name, by their ids and so by their age."""

    class Meta:
        index_name = _BY_NAME
        projection = KeysOnlyProjection()

    name = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ByShelf(GlobalSecondaryIndex["TaskItem"]):
    """Tasks of a state, in shards, by their ids."""

    class Meta:
        index_name = _BY_SHELF
        projection = IncludeProjection(["since", "lease", "due"])

    shelf = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class TaskItem(Model):
    """The keys of a row, and what the indexes hold; `Head` has all that a task's row has."""

    id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute(null=True)
    shelf = UnicodeAttribute(null=True)
    since = NumberAttribute(null=True)
    lease = NumberAttribute(null=True)
    due = NumberAttribute(null=True)
    spec = BinaryAttribute(legacy_encoding=False, null=True)
    expires_at = TTLAttribute(null=True)
    by_name = ByName()
    by_shelf = ByShelf()


class DynamoTable:
    """Rows of tasks. Safe to share between threads. Conditions are `TaskTable`'s."""

    def __init__(self, settings: StoreSettings, random: Random, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._random = random
        self._sleep = sleep
        self._model = bind(TaskItem, AGGREGATE, settings)
        self._name = settings.table_name(AGGREGATE)
        self._client = self._model._get_connection().connection.client  # noqa: SLF001  # see above

    def read(self, keys: Iterable[Key]) -> dict[Key, Row]:
        found: dict[Key, Row] = {}
        for chunk in batched(dict.fromkeys(keys), MOST_TOGETHER, strict=False):
            asked: _Wire = {self._name: {"Keys": [item_of(each._asdict()) for each in chunk], "ConsistentRead": True}}
            for answer in self._until_done(self._client.batch_get_item, asked, "UnprocessedKeys"):
                for item in answer["Responses"].get(self._name, ()):
                    row = row_in(item)
                    found[Key(str(row["id"]), str(row["part"]))] = row
        return found

    def parts(self, task_id: str, prefix: str) -> list[Row]:
        values, begins = {":id": {"S": task_id}}, ""
        if prefix:
            values[":prefix"], begins = {"S": prefix}, " AND begins_with(part, :prefix)"
        condition = f"id = :id{begins}"
        asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, "ConsistentRead": True}
        return [row_in(item) for item in self._queried(asked)]

    def write(self, effects: Sequence[Effect]) -> bool:
        if len(effects) == 1:
            return self._write_one(effects[0])
        asked = {
            "TransactItems": [action(self._settings.table_name, each) for each in effects],
            "ClientRequestToken": token_hex(16),
        }
        return self._is_done(lambda: self._client.transact_write_items(**asked))

    def put(self, rows: Sequence[Row]) -> None:
        self._write_all([{"PutRequest": {"Item": item_of(row)}} for row in rows])

    def delete(self, keys: Sequence[Key]) -> None:
        self._write_all([{"DeleteRequest": {"Key": item_of(each._asdict())}} for each in keys])

    def named(self, name: str, before: str, limit: int) -> list[str]:
        asked = _page_of(_BY_NAME, "name", name, before, newest_first=True)
        return [str(item["id"]["S"]) for item in self._queried(asked, limit)]

    def shelved(self, shelf: str, beyond: str, limit: int, *, newest_first: bool) -> list[Shelved]:
        asked = _page_of(_BY_SHELF, "shelf", shelf, beyond, newest_first=newest_first)
        rows = [row_in(item) for item in self._queried(asked, limit)]
        return [Shelved(str(row["id"]), *(int(row.get(each, 0)) for each in Shelved._fields[1:])) for row in rows]

    def _write_one(self, effect: Effect) -> bool:
        ((kind, asked),) = action(self._settings.table_name, effect).items()
        call = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}[kind]
        return self._is_done(lambda: getattr(self._client, call)(**asked))

    def _write_all(self, requests: Sequence[_Wire]) -> None:
        for chunk in batched(requests, _MOST_WRITTEN, strict=False):
            for _ in self._until_done(self._client.batch_write_item, {self._name: list(chunk)}, "UnprocessedItems"):
                pass

    def _until_done(self, call: Callable[..., _Wire], asked: _Wire, rest: str) -> Iterator[_Wire]:
        """The answers of a call, asked anew for what the table left over."""
        for attempt in range(_TRIES):
            self._pause(attempt)
            answer: _Wire = self._asked(lambda: call(RequestItems=asked))  # noqa: B023  # called before it changes
            yield answer
            asked = answer.get(rest) or {}
            if not asked:
                return
        raise TableUnavailable(f"{self._name}: it left {rest} {_TRIES} times")

    def _queried(self, asked: _Wire, limit: int | None = None) -> Iterator[_Wire]:
        start: _Wire = {}
        left = limit
        while left is None or left > 0:
            page = {} if left is None else {"Limit": left}
            call = {"TableName": self._name, **asked, **start, **page}
            answer = self._asked(lambda: self._client.query(**call))  # noqa: B023  # as above
            yield from answer["Items"]
            left = None if left is None else left - len(answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _is_done(self, call: Callable[[], Any]) -> bool:
        """Whether a write was done; False where a condition did not hold, or others wrote the same at the same time."""
        from botocore.exceptions import ClientError  # noqa: PLC0415  # loaded with pynamodb anyway

        def tried() -> bool:
            try:
                call()
            except ClientError as error:
                code = error_code(error)
                if code in _REFUSED or (code == _CANCELED and _is_refused(error.response)):
                    return False
                raise  # nosemgrep: vendor-error-raised-on  # `_asked` makes it ours
            return True

        return self._asked(tried)

    def _asked[T](self, call: Callable[[], T]) -> T:
        """What the table answers, asked again where that may help. Raises TableUnavailable."""
        for attempt in range(_TRIES - 1):
            self._pause(attempt)
            try:
                with reaching(self._model):
                    return once_more_if_closed(call)
            except TableUnavailable as error:
                if error.code not in _PASSING and error.code != _CANCELED:
                    raise
        self._pause(_TRIES - 1)
        with reaching(self._model):
            return call()

    def _pause(self, attempt: int) -> None:
        if attempt:
            self._sleep(self._random.uniform(0, _PAUSE_SECONDS * 2**attempt))


def _is_refused(response: Mapping[str, Any]) -> bool:
    """Whether a transaction was cancelled by a condition or a conflict: by nothing that would pass by itself."""
    codes = {each.get("Code") for each in response.get("CancellationReasons", ())} - {"None", None}
    return bool(codes) and codes <= {"ConditionalCheckFailed", "TransactionConflict"}


def _page_of(index: str, name: str, value: str, beyond: str, *, newest_first: bool) -> _Wire:
    values: _Wire = {":value": {"S": value}}
    if beyond:
        values[":beyond"] = {"S": beyond}
    bound = f" AND id {'<' if newest_first else '>'} :beyond" if beyond else ""
    return {
        "IndexName": index,
        "KeyConditionExpression": f"#key = :value{bound}",
        "ExpressionAttributeNames": {"#key": name},
        "ExpressionAttributeValues": values,
        "ScanIndexForward": not newest_first,
    }
