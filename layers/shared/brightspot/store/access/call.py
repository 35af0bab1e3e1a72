"""What a call asks of DynamoDB, and what comes back, read from its parameters and its answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from brightspot.store.access.item_size import item_bytes

Item = Mapping[str, Mapping[str, Any]]
Told = Mapping[str, Any]  # parameters, or an answer, as botocore has them

_PLACEHOLDER: Final = re.compile(r"#\w+")
_EQUALS: Final = re.compile(r"(#?\w+) = (:\w+)")
_WEIGHED: Final = 10  # items of a call: each takes some 15 us
_READ_UNIT: Final = 4096
_WRITE_UNIT: Final = 1024
_READS: Final = {"GetItem", "BatchGetItem", "Query", "Scan"}


class TableKeys(msgspec.Struct, frozen=True):
    """The aggregate of a table, and the names of its keys by index, partition key first; by "" those of its own."""

    aggregate: str
    keys: Mapping[str, Sequence[str]]

    def index_of(self, attribute: str) -> str | None:
        """An index that has the attribute as partition key."""
        return next((name for name, keys in self.keys.items() if name and keys[0] == attribute), None)


class Asked(msgspec.Struct, frozen=True):
    """`keys` are the values of partition keys, `filters` the attributes that rows are left out by once they were read.

    `question` tells different questions of one kind apart; null where a call reads on where another one ended, or asks
    none. `written` are the whole items it writes.
    """

    operation: str
    index: str
    keys: Sequence[Any]
    filters: Sequence[str]
    question: int | None
    written: Sequence[Item]


class Answered(msgspec.Struct, frozen=True):
    """What one call read and cost. `largest` of its first items and `units` are null where nothing tells them."""

    scanned: int
    returned: int
    largest: int | None
    units: float | None
    units_of_table: float | None


def asked(operation: str, parameters: Told, table: TableKeys) -> Asked:
    """What a call with these parameters asks."""
    index, partition = parameters.get("IndexName", ""), table.keys[""][0]
    items = list(_items(parameters))
    keys = [item[partition] for item in items if partition in item]
    if operation == "Query":
        keys = _queried(parameters, table.keys[index][0])
    return Asked(
        operation=operation,
        index=index,
        keys=[str(each) for each in keys],
        filters=_filtered(parameters),
        question=_question(operation, parameters),
        written=list(_written(parameters)),
    )


def answered(question: Asked, answer: Told) -> Answered:
    """What came back."""
    read = list(_read(answer))
    units, own = _units(answer.get("ConsumedCapacity"))
    return Answered(
        scanned=answer.get("ScannedCount", len(read)),
        returned=answer.get("Count", len(read)),
        largest=max(map(item_bytes, [*read, *question.written][:_WEIGHED]), default=None),
        units=units,
        units_of_table=own,
    )


def units_of(operation: str, size: int) -> int:
    """What one item of this size costs at most: docs.aws.amazon.com, "DynamoDB read and write operations"."""
    return -(-size // (_READ_UNIT if operation in _READS else _WRITE_UNIT))


def _question(operation: str, parameters: Told) -> int | None:
    if operation not in {"GetItem", "Query"} or "ExclusiveStartKey" in parameters:
        return None
    return hash(repr(parameters.get("Key") or parameters.get("ExpressionAttributeValues")))


def _items(parameters: Told) -> Iterator[Item]:
    """Keys and items that parameters name, wherever they stand."""
    for name in ("Key", "Item"):
        if name in parameters:
            yield parameters[name]
    for of_table in parameters.get("RequestItems", {}).values():
        if isinstance(of_table, list):
            for request in of_table:
                yield from _items(next(iter(request.values())))
        else:
            yield from of_table["Keys"]
    for action in parameters.get("TransactItems", ()):
        yield from _items(next(iter(action.values())))


def _written(parameters: Told) -> Iterator[Item]:
    requests = [
        request for each in parameters.get("RequestItems", {}).values() if isinstance(each, list) for request in each
    ]
    puts = [each.get("PutRequest") or each.get("Put") for each in [*requests, *parameters.get("TransactItems", ())]]
    for each in [parameters, *puts]:
        if each is not None and "Item" in each:
            yield each["Item"]


def _read(answer: Told) -> Iterator[Item]:
    yield from answer.get("Items", ())
    if "Item" in answer:
        yield answer["Item"]
    for items in answer.get("Responses", {}).values():
        yield from items


def _queried(parameters: Told, partition: str) -> list[Any]:
    """The partition key that a query is about: it is always asked for by `=`."""
    names, values = parameters.get("ExpressionAttributeNames", {}), parameters.get("ExpressionAttributeValues", {})
    found = _EQUALS.findall(parameters.get("KeyConditionExpression", ""))
    return [values[value] for name, value in found if names.get(name, name) == partition]


def _filtered(parameters: Told) -> list[str]:
    names = parameters.get("ExpressionAttributeNames", {})
    used = _PLACEHOLDER.findall(parameters.get("FilterExpression", ""))
    return sorted({names[each] for each in used if each in names})


def _units(told: Any) -> tuple[float | None, float | None]:
    """Units of a call, and those of the table without its indexes; a batch tells them table by table."""
    each = told if isinstance(told, list) else [told] if told else []
    if not each:
        return None, None
    own = sum(one.get("Table", one).get("CapacityUnits", 0.0) for one in each)
    return sum(one["CapacityUnits"] for one in each), own
