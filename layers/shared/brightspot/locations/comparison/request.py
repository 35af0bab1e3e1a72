"""What one may compare, checked the same way for HTTP and CLI."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from brightspot.locations.request import DEFAULT_PERSONA, DEFAULT_RADIUS_MILES, AnalyzeRequest, RequestRefused

LEAST_COMPARED: Final = 2
MOST_COMPARED: Final = 10


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Rank `addresses` (2 to 10) by one persona or by own weights, each within `radius_miles`.

    Raises RequestRefused on creation for a number of addresses, a radius, persona or weights that cannot be used. An
    address that cannot be used is no reason to refuse the others.
    """

    addresses: tuple[str, ...]
    radius_miles: float = DEFAULT_RADIUS_MILES
    persona: str = DEFAULT_PERSONA
    weights: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if not LEAST_COMPARED <= len(self.addresses) <= MOST_COMPARED:
            detail = f"send {LEAST_COMPARED} to {MOST_COMPARED} addresses, not {len(self.addresses)}"
            raise RequestRefused("addresses", detail)
        self.of("")

    def of(self, address: str) -> AnalyzeRequest:
        """The question about one address."""
        return AnalyzeRequest(address, self.radius_miles, self.persona, self.weights)
