"""Settings: frozen dataclasses read once from the environment, checked, and named when they are wrong."""

import logging
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, field, fields
from typing import Any, NamedTuple, get_type_hints

from brightspot.core.errors import SettingsError
from brightspot.core.masking import MASK

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_told_off: set[str] = set()
_log = logging.getLogger(__name__)


class Alias(NamedTuple):
    """Another name of a setting; what it says times `scale` is in the setting's unit."""

    variable: str
    scale: float = 1.0


def setting(
    variable: str,
    default: Any,
    text: str,
    *,
    least: float | None = None,
    most: float | None = None,
    secret: bool = False,
    also: Sequence[Alias] = (),
    off: str = "",
) -> Any:
    """Declare one field of a settings dataclass: variable, default, meaning (with unit) and inclusive bounds.

    A secret one is shown neither by repr nor by an error. Names in `also` mean the same; of several that are set all
    must agree. `off` is what false switches off, which is logged once (`switched_off`) by whoever reads it so.
    """
    meta = {"variable": variable, "text": text, "least": least, "most": most, "also": tuple(also)}
    return field(default=default, repr=not secret, metadata={**meta, "secret": secret, "off": off})


def load[T](group: type[T], environ: Mapping[str, str] | None = None) -> T:
    """Read one settings group; an empty variable counts as not set.

    Raises SettingsError, naming the variable and what it takes, for a value that cannot be used.
    """
    source = os.environ if environ is None else environ
    kinds = get_type_hints(group)
    values: dict[str, Any] = {}
    for item in fields(group):  # type: ignore[arg-type]  # every group is a dataclass, which type[T] cannot say
        if item.default is MISSING or "variable" not in item.metadata:
            raise TypeError(f"{group.__name__}.{item.name} is not declared with setting()")
        said = _said(kinds[item.name], item.metadata, source)
        if said:
            values[item.name] = _agreed(said, item.metadata["text"])
            if environ is None and item.metadata["off"] and not values[item.name]:
                _tell_off(item.metadata["variable"], item.metadata["off"])
    return group(**values)


def _tell_off(variable: str, off: str) -> None:
    """Once per process: settings are read in more than one place."""
    if variable not in _told_off:
        _told_off.add(variable)
        _log.warning("switched_off", extra={"setting": f"{variable}=false", "what": off})


def _said(kind: type, meta: Mapping[str, Any], source: Mapping[str, str]) -> dict[str, Any]:
    """What each name of one setting says, in the setting's unit; names that are not set are left out."""
    said = {}
    for alias in (Alias(meta["variable"]), *meta["also"]):
        text = source.get(alias.variable, "").strip()
        if text:
            # Another unit moves the bounds; a value is checked in the unit it was sent in, so that the error fits.
            bounds = {name: None if meta[name] is None else meta[name] / alias.scale for name in ("least", "most")}
            value = _parse(text, kind, {**meta, **bounds, "variable": alias.variable})
            said[f"{alias.variable}={MASK if meta['secret'] else text}"] = (
                value if alias.scale == 1 else kind(value * alias.scale)
            )
    return said


def _agreed(said: Mapping[str, Any], text: str) -> Any:
    first, *others = said.values()
    if any(each != first for each in others):
        raise SettingsError(f"{' and '.join(said)} disagree: set one of them, or both alike ({text})")
    return first


def read[T](
    kind: type[T],
    variable: str,
    default: T,
    text: str,
    *,
    least: float | None = None,
    most: float | None = None,
    environ: Mapping[str, str] | None = None,
) -> T:
    """One variable whose name is known only when the program runs; all else as `setting` and `load` have it."""
    sent = (os.environ if environ is None else environ).get(variable, "").strip()
    if not sent:
        return default
    value: T = _parse(sent, kind, {"variable": variable, "text": text, "least": least, "most": most})
    return value


def _parse(text: str, kind: type, meta: Mapping[str, Any]) -> Any:
    shown = MASK if meta.get("secret") else repr(text)
    try:
        value: Any = _boolean(text) if kind is bool else kind(text)
    except ValueError:  # not chained: its text may be longer than a line, or secret
        raise SettingsError(f"{meta['variable']}={shown}: send a {kind.__name__} ({meta['text']})") from None
    least, most = meta["least"], meta["most"]
    # Written so that NaN, which compares false with everything, is outside of any bounds.
    if not ((least is None or value >= least) and (most is None or value <= most)):
        raise SettingsError(f"{meta['variable']}={shown}: send {_range(least, most)} ({meta['text']})")
    if isinstance(value, float) and not math.isfinite(value):
        raise SettingsError(f"{meta['variable']}={shown}: send a number that ends ({meta['text']})")
    return value


def _range(least: float | None, most: float | None) -> str:
    if most is None:
        return f"at least {least:g}"
    return f"at most {most:g}" if least is None else f"{least:g} to {most:g}"


def _boolean(text: str) -> bool:
    lowered = text.lower()
    if lowered not in _TRUE | _FALSE:
        raise ValueError(text)
    return lowered in _TRUE
