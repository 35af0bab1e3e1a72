"""The table of tasks in the memory of a process that has none."""

import threading
from collections.abc import Iterable, Sequence
from typing import Final

from brightspot.tasks.rows import AGGREGATE, FINISHED, HEAD, Effect, Key, Row, Shelved, Value, When

_KEPT: Final = 10_000


class MemoryTable:
    """Rows of this process, those of its latest tasks. Safe to share between threads."""

    def __init__(self, keep: int = _KEPT) -> None:
        self._keep = keep
        self._rows: dict[str, dict[tuple[str, ...], dict[str, Value]]] = {AGGREGATE: {}}
        self._lock = threading.RLock()

    def read(self, keys: Iterable[Key]) -> dict[Key, Row]:
        with self._lock:
            own = self._rows[AGGREGATE]
            return {key: dict(own[key]) for key in keys if key in own}

    def parts(self, task_id: str, prefix: str) -> list[Row]:
        with self._lock:
            own = self._rows[AGGREGATE]
            found = [key for key in own if key[0] == task_id and key[1].startswith(prefix)]
            return [dict(own[key]) for key in sorted(found)]

    def write(self, effects: Sequence[Effect]) -> bool:
        with self._lock:
            if not all(_holds(self._row(each), each.when) for each in effects):
                return False
            for each in effects:
                self._apply(each)
            self._forget()
            return True

    def put(self, rows: Sequence[Row]) -> None:
        self.write([Effect(_key(row), {**row}, puts=True) for row in rows])

    def delete(self, keys: Sequence[Key]) -> None:
        self.write([Effect(key._asdict(), deletes=True) for key in keys])

    def named(self, name: str, before: str, limit: int) -> list[str]:
        ids = [row.id for row in self._heads("name", name) if not before or row.id < before]
        return ids[::-1][:limit]

    def shelved(self, shelf: str, beyond: str, limit: int, *, newest_first: bool) -> list[Shelved]:
        found = self._heads("shelf", shelf)
        if newest_first:
            return [row for row in reversed(found) if not beyond or row.id < beyond][:limit]
        return [row for row in found if row.id > beyond][:limit]

    def _heads(self, name: str, value: str) -> list[Shelved]:
        with self._lock:
            own = self._rows[AGGREGATE]
            rows = sorted((row for row in own.values() if row.get(name) == value), key=lambda row: str(row["id"]))
            return [Shelved(str(row["id"]), *(int(row.get(each, 0)) for each in Shelved._fields[1:])) for row in rows]

    def _row(self, effect: Effect) -> dict[str, Value] | None:
        return self._rows.get(effect.aggregate, {}).get(tuple(effect.key.values()))

    def _apply(self, effect: Effect) -> None:
        table, key = self._rows.setdefault(effect.aggregate, {}), tuple(effect.key.values())
        if effect.deletes:
            table.pop(key, None)
            return
        before = {} if effect.puts else table.get(key, {})
        row = {**before, **effect.key, **effect.sets}
        for name, amount in effect.adds.items():
            row[name] = int(row.get(name, 0)) + amount
        table[key] = {name: value for name, value in row.items() if name not in effect.removes}

    def _forget(self) -> None:
        """The oldest finished tasks go, with all their parts: half of what is kept at once."""
        own = self._rows[AGGREGATE]
        if len(own) <= self._keep:
            return
        finished = [key[0] for key, row in own.items() if row.get("state") in FINISHED]
        gone = set(finished[: self._keep // 2])
        self._rows[AGGREGATE] = {key: row for key, row in own.items() if key[0] not in gone}


def _key(row: Row) -> dict[str, str]:
    return {"id": str(row["id"]), "part": str(row.get("part", HEAD))}


def _holds(row: dict[str, Value] | None, when: Sequence[When]) -> bool:
    return all(_test(None if row is None else row.get(each.name), each) for each in when)


def _test(value: Value | None, when: When) -> bool:
    match when.test:
        case "absent":
            return value is None
        case "present":
            return value is not None
        case "=":
            return value == when.value
        case "<":
            return value is not None and value < when.value  # type: ignore[operator]  # of one type
        case ">":
            return value is not None and value > when.value  # type: ignore[operator]  # as above
