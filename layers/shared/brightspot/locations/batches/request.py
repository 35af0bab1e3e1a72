"""What one may ask for in one batch, checked the same way for HTTP and CLI."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from brightspot.core import codec
from brightspot.locations.request import DEFAULT_PERSONA, DEFAULT_RADIUS_MILES, AnalyzeRequest, RequestRefused

MOST_ADDRESSES: Final = 50


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """Score each of `addresses` (1 to 50) the same way.

    Raises RequestRefused on creation for a number of addresses, a radius, persona or weights that cannot be used. An
    address that cannot be used is no reason to refuse the others.
    """

    addresses: tuple[str, ...]
    radius_miles: float = DEFAULT_RADIUS_MILES
    persona: str = DEFAULT_PERSONA
    weights: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.addresses) <= MOST_ADDRESSES:
            raise RequestRefused("addresses", f"send 1 to {MOST_ADDRESSES} addresses, not {len(self.addresses)}")
        self.of("")

    def of(self, address: str) -> AnalyzeRequest:
        """The question about one address."""
        return AnalyzeRequest(address, self.radius_miles, self.persona, self.weights)

    def fingerprint(self) -> str:
        """The same for the same request, whatever the order of its weights."""
        weights = None if self.weights is None else sorted(self.weights.items())
        return sha256(codec.dumps([self.addresses, self.radius_miles, self.persona, weights])).hexdigest()
