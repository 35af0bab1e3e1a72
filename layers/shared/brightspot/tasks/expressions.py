"""Rows, changes and conditions in DynamoDB's own words (docs.aws.amazon.com, DynamoDB: "Expressions")."""

from collections.abc import Callable, Sequence
from typing import Any

from brightspot.tasks.rows import Effect, Row, Value, When

_Wire = dict[str, Any]


def action(table_name: Callable[[str], str], effect: Effect) -> _Wire:
    """A change as one of the actions of TransactWriteItems."""
    key, names, values = item_of(effect.key), dict[str, str](), _Wire()
    condition = _condition(effect.when, names, values)
    kind, asked = "Update", _Wire(Key=key)
    if effect.puts:
        kind, asked = "Put", {"Item": key | item_of(effect.sets)}
    elif effect.deletes:
        kind = "Delete"
    else:
        asked["UpdateExpression"] = _update(effect, names, values)
    optional = {
        "ConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }
    told = {name: value for name, value in optional.items() if value}
    return {kind: {"TableName": table_name(effect.aggregate), **asked, **told}}


def item_of(row: Row) -> _Wire:
    """A row as an item."""
    return {name: _wire(value) for name, value in row.items()}


def row_in(item: _Wire) -> Row:
    """The row that an item is."""
    return {name: _value(each) for name, each in item.items()}


def _condition(when: Sequence[When], names: dict[str, str], values: _Wire) -> str:
    parts = []
    for each in when:
        name = _named(each.name, names)
        if each.test in {"absent", "present"}:
            parts.append(f"attribute_{'not_exists' if each.test == 'absent' else 'exists'}({name})")
        else:
            parts.append(f"{name} {each.test} {_valued(each.value, values)}")
    return " AND ".join(parts)


def _update(effect: Effect, names: dict[str, str], values: _Wire) -> str:
    sets = [f"{_named(name, names)} = {_valued(value, values)}" for name, value in effect.sets.items()]
    adds = [f"{_named(name, names)} {_valued(value, values)}" for name, value in effect.adds.items()]
    removes = [_named(name, names) for name in effect.removes]
    parts = {"SET": sets, "ADD": adds, "REMOVE": removes}
    return " ".join(f"{verb} {', '.join(each)}" for verb, each in parts.items() if each)


def _named(name: str, names: dict[str, str]) -> str:
    """A placeholder: many plain words are reserved in expressions."""
    names[f"#{name}"] = name
    return f"#{name}"


def _valued(value: Value, values: _Wire) -> str:
    placeholder = f":{len(values)}"
    values[placeholder] = _wire(value)
    return placeholder


def _wire(value: Value) -> _Wire:
    if isinstance(value, str):
        return {"S": value}
    return {"N": str(value)} if isinstance(value, int) else {"B": value}


def _value(wire: _Wire) -> Value:
    ((kind, value),) = wire.items()
    return int(value) if kind == "N" else value
