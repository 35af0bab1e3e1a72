"""The entries of one namespace as the shared store has them, gone through page by page: counted, or removed."""

from collections.abc import Callable, Iterator
from typing import Final

from brightspot.cache.envelope import HEAD_BYTES, read
from brightspot.cache.figures import COUNTS, Figures
from brightspot.cache.names import names_of
from brightspot.valkey import Valkey

_SCAN_COUNT: Final = 500


class Shelves:
    """One namespace in the store. Raises StoreUnavailable."""

    def __init__(self, valkey: Valkey, namespace: str) -> None:
        self._valkey = valkey
        self._names = names_of(namespace)

    def remove(self, tag: str | None = None) -> int:
        """Remove every entry, or those with a tag; how many there were."""
        removed = 0
        for page in self._pages():
            chosen = page if tag is None else self._tagged(page, tag)
            if chosen:
                removed += self._valkey.call("UNLINK", *chosen)
        return removed

    def figures(self, is_over: Callable[[], bool]) -> Figures:
        """What there is, as far as it can be counted before the time is over, and how often it was asked for."""
        trip = self._valkey.trip()
        epoch = trip.add("GET", self._names.epochs)
        told = trip.add("HMGET", self._names.figures, *COUNTS)
        trip.run()
        counts = {name: int(each or 0) for name, each in zip(COUNTS, told.value, strict=True)}
        sizes: dict[bytes, int] = {}  # SCAN may show a name twice
        complete = True
        for page in self._pages() if epoch.value is not None else ():  # without an epoch there is no entry
            sizes.update(self._sizes(page))
            if is_over():
                complete = False
                break
        return Figures.of(counts, len(sizes), sum(sizes.values()), complete=complete)

    def _pages(self) -> Iterator[list[bytes]]:
        cursor, pattern = b"0", f"{self._names.prefix}*"
        while True:
            cursor, found = self._valkey.call("SCAN", cursor, "MATCH", pattern, "COUNT", _SCAN_COUNT)
            entries = [name for name in found if self._names.is_entry(name)]
            if entries:
                yield entries
            if cursor == b"0":
                return

    def _sizes(self, page: list[bytes]) -> dict[bytes, int]:
        trip = self._valkey.trip()
        lengths = [trip.add("STRLEN", name) for name in page]
        trip.run()
        told = [length.value for length in lengths]
        return {name: len(name) + length for name, length in zip(page, told, strict=True) if length}

    def _tagged(self, page: list[bytes], tag: str) -> list[bytes]:
        trip = self._valkey.trip()
        heads = [trip.add("GETRANGE", name, 0, HEAD_BYTES - 1) for name in page]
        trip.run()
        found = [read(head.value) for head in heads]
        return [name for name, each in zip(page, found, strict=True) if each is not None and tag in each.envelope.tags]
