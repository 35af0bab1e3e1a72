"""The face of a package whose names are loaded when they are first used, each with what it needs (PEP 562)."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from brightspot.core.snapshots import before_snapshot


def lazy_face(
    package: str, homes: Mapping[str, str], elsewhere: Mapping[str, tuple[str, str]] | None = None
) -> Callable[[str], Any]:
    """The `__getattr__` of a package: `homes` has, by module of it, the names that are its own, with blanks between.

    `elsewhere` has names from other packages, by module and name there. All are loaded before a snapshot is taken. No
    module may be called as a name of the face is: whoever imported it would be given the module.
    """
    where = {name: (f"{package}.{home}", name) for home, names in homes.items() for name in names.split()}
    where |= elsewhere or {}

    def find(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, its_name = where[name]
        value = getattr(import_module(module), its_name)
        setattr(sys.modules[package], name, value)
        return value

    @before_snapshot
    def load_all() -> None:
        for name in where:
            find(name)

    return find
