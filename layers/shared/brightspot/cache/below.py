"""What lies below this process: how entries are sealed for it, and the third level with its way up."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from brightspot.cache.envelope import Envelope
from brightspot.cache.seal import Seal, Sealed
from brightspot.valkey import StoreUnavailable, Valkey

if TYPE_CHECKING:
    from brightspot.cache.lookup import Moment


class ThirdLevel(Protocol):
    """Bytes by name that outlive what the shared store has room for. No method raises: what fails is a miss."""

    def get(self, name: str) -> bytes | None: ...

    def get_many(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """What there is of these, by name."""

    def set(self, name: str, data: bytes, expires_at: float) -> None:
        """Keep until then, in Unix seconds."""

    def delete(self, name: str) -> None: ...


class Below:
    """Safe to share between threads."""

    def __init__(self, seal: Seal, valkey: Valkey | None, third: ThirdLevel | None) -> None:
        self._seal = seal
        self._valkey = valkey
        self._third = third

    @property
    def goes_deeper(self) -> bool:
        """Whether there is a third level."""
        return self._third is not None

    def packed(self, name: str, entry: Envelope, *, compress: bool) -> Sealed:
        """An entry as it is stored. Raises ValueError for tags that cannot be."""
        return self._seal.pack(name, entry, compress=compress)

    def unpacked(self, name: str, data: bytes) -> Envelope | None:
        """What a level has told, or None when that is no entry of ours."""
        return self._seal.unpack(name, data)

    def keep(self, name: str, data: bytes, expires_at: float) -> None:
        """Keep what is packed in the third level, where there is one."""
        if self._third is not None:
            self._third.set(name, data, expires_at)

    def forget(self, name: str) -> None:
        """Remove it from the third level."""
        if self._third is not None:
            self._third.delete(name)

    def told(self, name: str) -> bytes | None:
        """What the third level has under a name, as it is stored there."""
        return self._third.get(name) if self._third is not None else None

    def told_many(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """As `told`, of several names."""
        return self._third.get_many(names) if self._third is not None and names else {}

    def third(self, name: str, data: bytes | None, now: "Moment") -> Envelope | None:
        """The entry that the third level has told; it goes up into the shared store. One that is stale is deleted."""
        entry = self.unpacked(name, data) if data is not None else None
        if self._third is None or data is None or entry is None:
            return None
        if not now.is_fresh(entry):
            self._third.delete(name)
            return None
        self._promote(name, data, entry.hard - now.time)
        return entry

    def _promote(self, name: str, data: bytes, seconds: float) -> None:
        """NX: what somebody has computed meanwhile is younger."""
        if self._valkey is None:
            return
        try:
            self._valkey.call("SET", name, data, "PX", max(1, round(seconds * 1000)), "NX")
        except StoreUnavailable:  # a miss there next time, no more
            return
