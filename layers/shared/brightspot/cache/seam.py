"""What callers may ask of a cache."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Cached:
    """A value found, and how many seconds ago it was stored."""

    value: bytes
    age_seconds: float


class Cache(Protocol):
    """Bytes by key with expiry; a miss is None, never an error."""

    @property
    def backend(self) -> str: ...

    def get(self, key: str) -> Cached | None: ...

    def set(self, key: str, value: bytes, ttl_seconds: float) -> None: ...

    def delete(self, key: str) -> bool: ...

    def stats(self) -> dict[str, int]: ...
