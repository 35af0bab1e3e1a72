"""A Lua script by its digest, read from a file beside the code that calls it."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1
from pathlib import Path


@dataclass(frozen=True)
class Script:
    """Run by EVALSHA; loaded into a server when that server says it does not know it."""

    source: str

    @classmethod
    def beside(cls, module_file: str, name: str) -> "Script":
        """The script `name` in the folder of a module, given as its `__file__`."""
        return cls(Path(module_file).with_name(name).read_text(encoding="utf-8"))

    @cached_property
    def digest(self) -> str:
        return sha1(self.source.encode(), usedforsecurity=False).hexdigest()
