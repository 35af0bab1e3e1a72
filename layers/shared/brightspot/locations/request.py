"""What one may ask for, checked the same way for HTTP, CLI and batch."""

from collections.abc import Mapping
from dataclasses import dataclass

from brightspot.core.errors import InputRefused
from brightspot.locations.personas import WeightsRefused, chosen_weights

LEAST_RADIUS_MILES = 0.5
MOST_RADIUS_MILES = 25.0
DEFAULT_RADIUS_MILES = 3.0
DEFAULT_PERSONA = "business"


class RequestRefused(InputRefused):
    """A part of the request that cannot be used."""


@dataclass(frozen=True, slots=True)
class AnalyzeRequest:
    """Score `address` within `radius_miles` for `persona`, or by custom category `weights`.

    Raises RequestRefused on creation for a radius, persona or weights that cannot be used.
    """

    address: str
    radius_miles: float = DEFAULT_RADIUS_MILES
    persona: str = DEFAULT_PERSONA
    weights: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if not LEAST_RADIUS_MILES <= self.radius_miles <= MOST_RADIUS_MILES:
            raise RequestRefused("radius_miles", f"send {LEAST_RADIUS_MILES:g} to {MOST_RADIUS_MILES:g} miles")
        self.category_weights()

    @property
    def persona_told(self) -> str:
        """The persona as answers name it: `custom` where the weights are the caller's own."""
        return "custom" if self.weights is not None else self.persona

    def category_weights(self) -> dict[str, float]:
        """Weight by category, summing to 1."""
        try:
            return chosen_weights(self.persona, self.weights)
        except WeightsRefused as error:
            raise RequestRefused(error.field, str(error)) from error
