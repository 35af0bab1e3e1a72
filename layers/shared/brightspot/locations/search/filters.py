"""Filters: which values a ZIP must have, as conditions on the tables that hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from brightspot.locations.dataset.file import Dataset, Field
from brightspot.locations.dataset.points import CATEGORIES, POINTS
from brightspot.locations.request import RequestRefused
from brightspot.locations.scoring.combine import SCORE_DIGITS
from brightspot.locations.search.order import Order
from brightspot.locations.search.request import ValueRange, filter_field

OVERALL: Final = "overall_score"
_POINTS: Final = tuple(point.name for point in POINTS if point.gap is None)
_MOST_OFFERED: Final = 3
_LONGEST: Final = 60
_TABLES: Final = {
    "zip": ("v", "LEFT JOIN zip_values v ON v.zip = s.zip"),
    "county": ("c", "LEFT JOIN county_values c ON c.fips = z.county_fips"),
    "metro": ("m", "LEFT JOIN metro_values m ON m.area = z.area"),
    "state": ("t", "LEFT JOIN state_values t ON t.code = z.state"),
}


@dataclass(frozen=True, slots=True)
class Filtered:
    """A point that a filter looks at: the column that holds it, scaled, and its provenance."""

    column: str
    field: Field
    source: str


@dataclass(frozen=True, slots=True)
class Filters:
    """`condition` is 1, 0 or, where a value is not known and none that is known fails, NULL.

    `values` are the filtered points by name.
    """

    joins: str
    condition: str
    parameters: tuple[float, ...]
    values: Mapping[str, Filtered]


def compiled(asked: Mapping[str, ValueRange], dataset: Dataset, order: Order) -> Filters:
    """The conditions of a request's filters. Raises RequestRefused for a name that is none."""
    joins: dict[str, None] = {}
    conditions, parameters, values = ["TRUE"], list[float](), {}
    for name, bounds in asked.items():
        if name == OVERALL:
            expression, own = order.score, order.parameters
        elif name in CATEGORIES:
            expression, own = f"s.{name} / 1e{SCORE_DIGITS}", ()
        else:
            field = dataset.fields[_point(name, dataset)]
            alias, join = _TABLES[field.level]
            joins[join] = None
            values[name] = Filtered(f"{alias}.{name}", field, dataset.sources[field.source].name)
            expression, own = f"{alias}.{name} / 1e{field.decimals}", ()
        slack = 0.5 * 10.0**-SCORE_DIGITS if name == OVERALL else 0.0  # what is shown is rounded
        for operator, end, side in ((">=", bounds.least, -slack), ("<=", bounds.most, slack)):
            if end is not None:
                conditions.append(f"{expression} {operator} ?")
                parameters += [*own, end + side]
    return Filters(" ".join(joins), " AND ".join(conditions), tuple(parameters), values)


def names(dataset: Dataset) -> list[str]:
    """Every name that a filter may have."""
    return [OVERALL, *CATEGORIES, *(name for name in _POINTS if dataset.fields[name].level in _TABLES)]


def _point(name: str, dataset: Dataset) -> str:
    offered = names(dataset)
    if name in offered:
        return name
    if name in _POINTS:
        detail = f"{name} depends on a radius and is worked out per address; filter by a ZIP's own figures"
        raise RequestRefused(filter_field(name), f"{detail}, as {name.removeprefix('catchment_')!r} or 'population'")
    close = get_close_matches(name[:_LONGEST], offered, _MOST_OFFERED)
    meant = f"did you mean {' or '.join(close)}? " if close else ""
    raise RequestRefused(filter_field(name), f"no such filter; {meant}There are: {', '.join(offered)}")
