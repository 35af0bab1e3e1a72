"""Records every call to a table, at the one place that none can pass by: the events of the client that makes it.

It asks nothing itself. What it counts goes into the figures that travel on trips of others.
"""

import logging
import threading
from collections.abc import Callable
from functools import lru_cache, partial, wraps
from time import perf_counter
from typing import Any, Final, NamedTuple

from brightspot.core.clock import Clock, SystemClock
from brightspot.store.access.call import Answered, Asked, TableKeys, answered, asked, units_of
from brightspot.store.access.hot_keys import HotKeys
from brightspot.store.access.pattern import AccessPattern, current_pattern
from brightspot.store.access.repeats import Repeats
from brightspot.telemetry import (
    DATABASE_CALL_SECONDS,
    DATABASE_CAPACITY,
    DATABASE_FILTERS,
    DATABASE_ITEM_BYTES,
    DATABASE_REFUSALS,
    DATABASE_RETURNED,
    DATABASE_SCANNED,
    DATABASE_SIGNS,
    count,
    current_context,
    monitoring_enabled,
    observe,
    shared_ledger,
)

SLOW_QUERY_MS: Final = 100  # DynamoDB answers in less than ten
SLOW_QUERIES: Final = "queries"
REPEATED: Final = 10  # times that one request asks the same, before that is told
NONE: Final = "none"
_MOST_SERIES: Final = 256
_OTHERS: Final = "others"
_CALL: Final = "brightspot_call"
_NO_ANSWER: Final = "NoAnswer"
_ONE_ITEM: Final = {"GetItem", "PutItem", "UpdateItem", "DeleteItem"}
_log = logging.getLogger(__name__)


class _Call(NamedTuple):
    table: TableKeys
    asked: Asked
    pattern: AccessPattern
    started: float


def _beside[**P](handler: Callable[P, None]) -> Callable[P, None]:
    """A handler that never stands in the way of the call that it is told of: what it raises is logged."""

    @wraps(handler)
    def handle(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            handler(*args, **kwargs)
        except Exception:  # noqa: BLE001  # a figure that is missing is no reason for a row to be
            _log.exception("database_call_unrecorded")

    return handle


class Recording:
    """What this process's tables are asked. Safe to share between threads."""

    def __init__(self, clock: Clock) -> None:
        self._hot_keys = HotKeys(clock)
        self._repeats = Repeats()
        self._lock = threading.Lock()
        self._series: set[tuple[str, ...]] = set()

    def watch(self, client: Any, table: TableKeys, *, emulated: bool) -> None:
        """Record each call of a botocore client. An emulator's capacity figures are invented: they are not recorded."""
        events = client.meta.events
        events.register("before-parameter-build.dynamodb", _beside(partial(self._begin, table)))
        events.register("after-call.dynamodb", _beside(partial(self._end, emulated)))
        events.register("after-call-error.dynamodb", _beside(self._fail))

    def _begin(self, table: TableKeys, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if not monitoring_enabled():
            return
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "INDEXES"
        context[_CALL] = _Call(table, asked(model.name, params, table), current_pattern(), perf_counter())

    def _end(self, emulated: bool, http_response: Any, parsed: Any, context: dict[str, Any], **_: Any) -> None:
        call: _Call | None = context.pop(_CALL, None)
        if call is None:
            return
        if http_response.status_code >= 300:  # noqa: PLR2004  # as botocore tells a refusal
            self._refused(call, parsed.get("Error", {}).get("Code") or str(http_response.status_code))
            return
        capacity = not emulated or _is_dynamodb_local(http_response)
        self._done(call, answered(call.asked, parsed if capacity else {**parsed, "ConsumedCapacity": None}))

    def _fail(self, context: dict[str, Any], **_: Any) -> None:
        call: _Call | None = context.pop(_CALL, None)
        if call is not None:
            self._refused(call, _NO_ANSWER)

    def _refused(self, call: _Call, code: str) -> None:
        labels = self._labels(call)
        self._timed(call, labels, None)
        count(DATABASE_REFUSALS, 1, **labels, code=code)

    def _done(self, call: _Call, answer: Answered) -> None:
        labels = self._labels(call)
        self._timed(call, labels, answer)
        count(DATABASE_SCANNED, answer.scanned, **labels)
        count(DATABASE_RETURNED, answer.returned, **labels)
        if answer.units is not None:
            observe(DATABASE_CAPACITY, answer.units, **labels)
        if answer.largest is not None:
            observe(DATABASE_ITEM_BYTES, answer.largest, **labels)
        for attribute in call.asked.filters:
            indexed = call.table.index_of(attribute) or NONE
            count(DATABASE_FILTERS, 1, **labels, attribute=attribute, indexed=indexed)
        if _is_oversized(call, answer):
            count(DATABASE_SIGNS, 1, **labels, sign="oversized")
        self._count_repeats(call, labels)
        self._count_heat(call, labels)

    def _timed(self, call: _Call, labels: dict[str, str], answer: Answered | None) -> None:
        seconds = perf_counter() - call.started
        observe(DATABASE_CALL_SECONDS, seconds, **labels)
        if seconds * 1000 >= SLOW_QUERY_MS:
            scanned, returned = (answer.scanned, answer.returned) if answer is not None else (0, 0)
            told = {"ms": round(seconds * 1000, 1), "scanned": scanned, "returned": returned}
            _log.warning("query_slow", extra={**labels, **told})
            request = current_context().correlation_id or ""
            parts = [*labels.values(), str(scanned), str(returned), request]
            shared_ledger().slow("\x1f".join(parts), seconds, SLOW_QUERIES)

    def _count_repeats(self, call: _Call, labels: dict[str, str]) -> None:
        if call.asked.question is None:
            return
        asked = self._repeats.note(tuple(labels.values()), call.asked.question)
        many = REPEATED * call.pattern.fan_out
        if asked == many:
            count(DATABASE_SIGNS, 1, **labels, sign="repeating_requests")
        if asked >= many:
            count(DATABASE_SIGNS, many if asked == many else 1, **labels, sign="repeated_calls")

    def _count_heat(self, call: _Call, labels: dict[str, str]) -> None:
        for key in call.asked.keys:
            heat = self._hot_keys.note(call.table.aggregate, key)
            if heat is not None:
                count(DATABASE_SIGNS, 1, **labels, sign="hot_key")
            if heat is not None and heat.first:
                # No key: whose address it is, the request whose id stands in this line can tell to who may know it.
                _log.warning("database_key_hot", extra={**labels, "calls": heat.calls, "share": round(heat.share, 3)})

    def _labels(self, call: _Call) -> dict[str, str]:
        """Of a bounded number: names that code makes up as it goes are told together."""
        index, operation = call.asked.index or NONE, call.asked.operation
        series = (call.table.aggregate, index, operation, call.pattern.name)
        with self._lock:
            if series not in self._series and len(self._series) >= _MOST_SERIES:
                series = (call.table.aggregate, index, operation, _OTHERS)
            self._series.add(series)
        return dict(zip(DATABASE_CALL_SECONDS.labels, series, strict=True))


@lru_cache(maxsize=1)
def shared_recording() -> Recording:
    """This process's."""
    return Recording(SystemClock())


def _is_oversized(call: _Call, answer: Answered) -> bool:
    """By the item where it is seen, else by what the table charged for it."""
    most = call.pattern.item_bytes
    if answer.largest is not None:
        return answer.largest > most
    if answer.units_of_table is None or call.asked.operation not in _ONE_ITEM:
        return False
    return answer.units_of_table > units_of(call.asked.operation, most)


def _is_dynamodb_local(http_response: Any) -> bool:
    """AWS's own emulator counts capacity as DynamoDB does."""
    return str(http_response.headers.get("server", "")).startswith("Jetty")
