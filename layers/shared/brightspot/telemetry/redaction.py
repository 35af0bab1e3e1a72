"""Leaves addresses of places out of log lines, where that is asked for."""

import copy
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from brightspot.core.errors import SettingsError

REDACTED: Final = "[address]"
# Fields that hold an address, a part of one, or whatever a caller sent.
_FIELDS: Final = frozenset({"address", "attributes", "failures", "path", "place", "query", "understood"})
# Events whose text is that of any error, or repeats a provider. Elsewhere it is ours, and names a table or a store.
_TEXTS: Final = {"live_source": {"reason"}, "retried": {"reason"}, "temporarily_unavailable": {"error"}}
Redaction = Callable[[logging.LogRecord], logging.LogRecord]


def redaction_in(text: str) -> Redaction:
    """What LOG_REDACT asks for. Raises SettingsError for anything but `addresses` or nothing."""
    match text.strip().lower():
        case "":
            return _as_it_is
        case "addresses":
            return without_addresses
        case _:
            raise SettingsError(f"LOG_REDACT={text!r}: send addresses, or leave it empty")


def without_addresses(record: logging.LogRecord) -> logging.LogRecord:
    """A copy of the record whose fields and errors tell of no place; where and of what kind an error is stays."""
    told = copy.copy(record)
    for name in (_FIELDS | _TEXTS.get(str(told.msg), set())) & vars(told).keys():
        if (value := getattr(told, name)) is not None:
            setattr(told, name, _without(value))
    if isinstance(told.exc_info, tuple) and (error := told.exc_info[1]) is not None:
        untold = _untold(error)
        told.exc_info = (type(untold), untold, told.exc_info[2])
        told.exc_text = None
    return told


def _as_it_is(record: logging.LogRecord) -> logging.LogRecord:
    return record


def _without(value: Any) -> Any:
    """Texts by the mask, numbers as they are; the names in a mapping stay, since they are ours."""
    if isinstance(value, Mapping):
        return {key: _without(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without(each) for each in value]
    return value if isinstance(value, int | float | None) else REDACTED


def _untold(error: BaseException) -> BaseException:
    """An error of the same name, with the same traceback and causes, and the mask for its text."""
    kind = type(type(error).__name__, (Exception,), {"__module__": type(error).__module__})
    made: BaseException = kind(REDACTED)
    made.__cause__ = None if error.__cause__ is None else _untold(error.__cause__)
    made.__context__ = None if error.__context__ is None else _untold(error.__context__)
    made.__suppress_context__ = error.__suppress_context__
    return made.with_traceback(error.__traceback__)
