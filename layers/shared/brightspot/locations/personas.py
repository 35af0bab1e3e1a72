"""Who is asking, and what weighs for them: category weights that always sum to 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import VALIDATION
from brightspot.locations.dataset.points import CATEGORIES

_MOST_WEIGHT = 1_000_000.0


class WeightsRefused(BrightspotError):
    """A persona or category weights that cannot be used: `field` says which, the message what to send."""

    kind = VALIDATION

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


@dataclass(frozen=True, slots=True)
class Persona:
    """A point of view: one weight per category, and why."""

    name: str
    explanation: str
    weights: dict[str, float]


def _persona(name: str, explanation: str, *weights: float) -> Persona:
    return Persona(name, explanation, dict(zip(CATEGORIES, weights, strict=True)))


# Order of the weights: demographics, economic, safety, accessibility, competition, regulatory.
PERSONAS: dict[str, Persona] = {
    persona.name: persona
    for persona in (
        _persona(
            "business",
            "An owner-operator who must fill a centre: the reference weights.",
            0.25, 0.10, 0.20, 0.15, 0.20, 0.10,
        ),
        _persona(
            "franchise",
            "A chain opening its next centre: families who can pay and a gap in the market come first.",
            0.25, 0.25, 0.10, 0.15, 0.20, 0.05,
        ),
        _persona(
            "investor",
            "A buyer of the property or the business: the strength of the local economy over ten years.",
            0.20, 0.35, 0.10, 0.15, 0.15, 0.05,
        ),
        _persona(
            "nonprofit",
            "A mission-driven provider: where children are many and care is scarce, whatever families earn.",
            0.35, 0.05, 0.15, 0.15, 0.25, 0.05,
        ),
        _persona(
            "employer",
            "A company setting up care for its staff: reachable on the way to work, and staff to be had.",
            0.15, 0.25, 0.15, 0.30, 0.10, 0.05,
        ),
        _persona(
            "parent",
            "A family, or a home-based provider, looking at its own neighbourhood: safe and close.",
            0.15, 0.05, 0.40, 0.25, 0.05, 0.10,
        ),
    )
}  # fmt: skip


def chosen_weights(persona: str, custom: Mapping[str, float] | None) -> dict[str, float]:
    """The persona's weights, or the custom ones scaled to sum to 1; a category left out of them weighs 0.

    Raises WeightsRefused for an unknown persona or category, a weight outside 0 to a million, or all zeros.
    """
    if persona not in PERSONAS:
        raise WeightsRefused("persona", f"{persona[:40]!r} is unknown; send one of {', '.join(PERSONAS)}")
    if custom is None:
        return dict(PERSONAS[persona].weights)
    unknown = sorted(set(custom) - set(CATEGORIES))
    if unknown:
        raise WeightsRefused("weights", f"{unknown[0][:40]!r} is no category; send weights for {', '.join(CATEGORIES)}")
    if not all(0 <= weight <= _MOST_WEIGHT for weight in custom.values()):
        raise WeightsRefused("weights", f"a weight is a number from 0 to {_MOST_WEIGHT:,.0f}")
    total = fsum(custom.values())
    if total <= 0:
        raise WeightsRefused("weights", "at least one weight must be above 0")
    return {category: custom.get(category, 0.0) / total for category in CATEGORIES}
