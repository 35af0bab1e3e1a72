"""How much is logged: levels of single modules, and DEBUG for a share of requests."""

import logging
from importlib.util import find_spec
from typing import Final

from brightspot.core.errors import SettingsError
from brightspot.telemetry.context import current_context
from brightspot.telemetry.trace_context import share_of

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_ROOT: Final = "brightspot"
_applied: set[str] = set()


def level_of(variable: str, text: str) -> int:
    """A level by its name. Raises SettingsError, which names the variable."""
    name = text.strip().upper()
    if name not in LEVELS:
        raise SettingsError(f"{variable}={text!r}: send one of {', '.join(LEVELS)}")
    return logging.getLevelNamesMapping()[name]


class ModuleLevels:
    """Levels by module, each for what is below it too."""

    def __init__(self, levels: dict[str, int]) -> None:
        self._levels = levels

    def apply(self) -> None:
        """Set them, and none but them."""
        for name in _applied - self._levels.keys():
            logging.getLogger(name).setLevel(logging.NOTSET)
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)
        _applied.clear()
        _applied.update(self._levels)

    def has(self, module: str) -> bool:
        """Whether a module has a level of its own, or is below one that has."""
        return any(module == each or module.startswith(f"{each}.") for each in self._levels)


def levels_in(text: str) -> ModuleLevels:
    """`brightspot.cache=DEBUG,brightspot.http=WARNING`. Raises SettingsError for what is no module or no level."""
    levels: dict[str, int] = {}
    for part in text.split(","):
        if part.strip():
            name, between, level = (each.strip() for each in part.partition("="))
            if not between or not _is_ours(name):
                raise SettingsError(
                    f"LOG_LEVELS={part.strip()!r}: send modules of {_ROOT} and their levels, as in {_ROOT}.cache=DEBUG"
                )
            levels[name] = level_of(f"LOG_LEVELS: {name}", level)
    return ModuleLevels(levels)


class DebugShare(logging.Filter):
    """Lets lines below LOG_LEVEL through for a share of requests.

    By the trace's id: one request has all of its lines, in every function, queue and worker that it goes through, or
    none. Modules with a level of their own keep to it.
    """

    def __init__(self, level: int, levels: ModuleLevels, share: float) -> None:
        super().__init__()
        self._level = level
        self._levels = levels
        self._share = share

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= self._level or self._levels.has(record.name):
            return True
        trace_id = current_context().trace_id
        return trace_id is not None and share_of(trace_id) < self._share


def _is_ours(name: str) -> bool:
    """Whether there is such a module; its parents are imported to see that, it is not."""
    if name != _ROOT and not name.startswith(f"{_ROOT}."):
        return False
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
