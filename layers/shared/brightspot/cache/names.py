"""Where a namespace's entries and their bookkeeping lie in the shared store: all in one slot, under one hash tag."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Names:
    """Keys of one namespace.

    `prefix` begins the name of every entry. `epochs` has the store's times, in Unix seconds, of the last clear of the
    namespace and of tags in it; move_tag_epoch.lua says how. `figures` is a hash of what all instances count;
    figures.py says what. `popular` is a sorted set of entries' keys by how often they were asked for lately.
    """

    prefix: str
    epochs: str
    figures: str
    popular: str

    def is_entry(self, name: bytes) -> bool:
        """Whether a key that begins with the prefix is an entry's."""
        return not name.startswith(b"@", len(self.prefix))


@lru_cache(maxsize=256)
def names_of(namespace: str) -> Names:
    """The keys of a namespace, whose name is ASCII."""
    prefix = f"bs:{{{namespace}}}:"
    return Names(prefix, f"{prefix}@epoch", f"{prefix}@figures", f"{prefix}@popular")


def namespace_in(name: str) -> str:
    """The namespace of an entry, by its full name."""
    return name[name.index("{") + 1 : name.index("}")]
