"""The catalogue of data points: what each one tells about a site, which way is better, and how much it weighs."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher_is_better", "lower_is_better", "context"]

CATEGORIES = ("demographics", "economic", "safety", "accessibility", "competition", "regulatory")
COLLECTORS = (
    "demographics",
    "economy",
    "workforce",
    "environment",
    "safety",
    "accessibility",
    "competition",
    "regulatory",
)


@dataclass(frozen=True, slots=True)
class Point:
    """One data point. `weight` counts within its category; `proxy` marks a stand-in for what cannot be measured.

    `gap` is the reason why a point that a site decision needs is in no default source; such a point is always missing
    and keeps its weight, so that confidence tells the truth.
    """

    name: str
    collector: str
    category: str
    direction: Direction
    weight: float
    proxy: bool = False
    gap: str | None = None


_UP: Direction = "higher_is_better"
_DOWN: Direction = "lower_is_better"
_CONTEXT: Direction = "context"


def _group(
    collector: str, category: str, *rows: tuple[str, Direction, float], proxy: bool = False
) -> tuple[Point, ...]:
    return tuple(Point(name, collector, category, direction, weight, proxy) for name, direction, weight in rows)


def _gap(name: str, collector: str, category: str, weight: float, reason: str) -> Point:
    return Point(name, collector, category, _UP, weight, gap=reason)


_DEMOGRAPHICS = _group(
    "demographics",
    "demographics",
    ("catchment_children_under_5", _UP, 4),
    ("catchment_households_with_children", _UP, 2),
    ("catchment_population", _UP, 1),
    ("children_under_5", _UP, 3),
    ("share_under_5", _UP, 2),
    ("children_under_18", _UP, 1),
    ("share_under_18", _UP, 1),
    ("households_with_children", _UP, 1),
    ("share_households_with_children", _UP, 2),
    ("household_size", _UP, 1),
    ("population", _UP, 1),
    ("population_density", _UP, 1),
    ("median_age", _DOWN, 1),
    ("share_65_plus", _DOWN, 0.5),
    ("births_per_1000", _UP, 2),
    ("births_change", _UP, 1),
    ("natural_increase_per_1000", _UP, 0.5),
    ("population_growth_5y", _UP, 2),
    ("domestic_migration_per_1000", _UP, 1),
    ("international_migration_per_1000", _UP, 0.5),
    ("households", _CONTEXT, 0),
    ("share_18_to_24", _CONTEXT, 0),
)

_ECONOMY = _group(
    "economy",
    "economic",
    ("median_household_income", _UP, 3),
    ("catchment_median_income", _UP, 2),
    ("share_income_over_200k", _UP, 1),
    ("share_income_under_25k", _DOWN, 1),
    ("share_below_poverty", _DOWN, 1),
    ("gini_index", _DOWN, 0.5),
    ("share_bachelors", _UP, 1.5),
    ("median_home_value", _UP, 1),
    ("share_owner_occupied", _UP, 0.5),
    ("county_median_income", _UP, 1),
    ("county_unemployment_rate", _DOWN, 1),
    ("county_poverty_rate", _DOWN, 0.5),
    ("county_jobs", _UP, 0.5),
    ("county_jobs_growth", _UP, 1),
    ("county_establishment_growth", _UP, 0.5),
    ("county_weekly_wage", _UP, 1),
    ("county_wage_growth", _UP, 0.5),
    ("county_establishments", _CONTEXT, 0),
)

_WORKFORCE = _group(
    "workforce",
    "economic",
    ("labor_force_participation", _UP, 2),
    ("childcare_workers", _UP, 0.5),
    ("childcare_workers_per_1000_jobs", _UP, 1),
    ("childcare_wage_median", _DOWN, 1.5),
    ("preschool_teachers", _UP, 0.5),
    ("preschool_teachers_per_1000_jobs", _UP, 0.5),
    ("preschool_wage_median", _DOWN, 1),
    ("administrator_wage_median", _DOWN, 0.5),
    ("childcare_administrators", _CONTEXT, 0),
    ("childcare_wage_p10", _CONTEXT, 0),
    ("childcare_wage_p90", _CONTEXT, 0),
    ("childcare_wage_ratio", _CONTEXT, 0),
    ("share_college_enrolled", _CONTEXT, 0),
    ("college_students", _CONTEXT, 0),
)

_ENVIRONMENT = (
    *_group(
        "environment",
        "safety",
        ("water_violations", _DOWN, 0.5),
        ("water_health_violations", _DOWN, 2),
        ("lead_90th_percentile", _DOWN, 2),
        ("radon_zone", _UP, 1),
        ("aqi_change_5y", _DOWN, 1),
        ("climate_zone_iecc", _CONTEXT, 0),
    ),
    _gap("flood_zone", "environment", "safety", 1, "flood zones come from FEMA's live map, not from the embedded data"),
)

_SAFETY = (
    # State figures cannot rank ZIPs within a state: together they weigh less than one ZIP-level measure of water.
    *_group(
        "safety",
        "safety",
        ("violent_crime_rate", _DOWN, 0.4),
        ("property_crime_rate", _DOWN, 0.4),
        ("violent_crime_change_5y", _DOWN, 0.2),
        ("homicide_rate", _DOWN, 0.2),
        ("robbery_rate", _DOWN, 0.2),
        ("aggravated_assault_rate", _DOWN, 0.2),
        ("burglary_rate", _DOWN, 0.2),
        ("motor_vehicle_theft_rate", _DOWN, 0.2),
        ("share_vacant", _DOWN, 1),
        proxy=True,
    ),
    _gap("local_crime_rate", "safety", "safety", 2, "no public source publishes crime by ZIP for the whole country"),
)

_ACCESSIBILITY = (
    *_group(
        "accessibility",
        "accessibility",
        ("catchment_housing_units", _UP, 2),
        ("mean_commute_minutes", _DOWN, 2),
        ("housing_density", _UP, 1.5),
        ("jobs_per_resident", _UP, 1.5),
        ("share_no_vehicle", _DOWN, 1),
        ("metro_center_miles", _DOWN, 1),
        ("share_multi_family", _UP, 0.5),
        ("county_broadband_share", _UP, 0.5),
        ("housing_units", _CONTEXT, 0),
        ("share_single_family", _CONTEXT, 0),
    ),
    _gap("transit_stops", "accessibility", "accessibility", 2, "transit stops come from a live map, not embedded data"),
)

_COMPETITION = (
    *_group(
        "competition",
        "competition",
        ("children_under_5_per_childcare_worker", _UP, 3),
        ("children_under_5_per_preschool_teacher", _UP, 2),
        ("childcare_location_quotient", _DOWN, 1),
        proxy=True,
    ),
    _gap(
        "childcare_centers", "competition", "competition", 4, "providers nearby come from a live map, not embedded data"
    ),
    *(
        Point(name, "competition", "competition", _CONTEXT, 0, gap=f"insufficient data: {reason}")
        for name, reason in (
            ("childcare_desert", "the rule needs the providers nearby, which come from a live map"),
            ("childcare_access_2sfca", "floating catchments need the providers nearby, which come from a live map"),
        )
    ),
    _gap(
        "licensed_slots", "competition", "competition", 4, "no nationwide register of licensed child-care slots exists"
    ),
)

_REGULATORY = (
    *_group(
        "regulatory",
        "regulatory",
        ("water_noncompliance", _DOWN, 1),
        ("water_reporting_violations", _DOWN, 1),
        ("lead_share_of_action_level", _DOWN, 1),
        proxy=True,
    ),
    _gap("staff_child_ratio", "regulatory", "regulatory", 3, "licensing rules by state are not in the embedded data"),
    _gap("zoning", "regulatory", "regulatory", 2, "zoning is local law and in no nationwide source"),
)

POINTS: tuple[Point, ...] = (
    *_DEMOGRAPHICS,
    *_ECONOMY,
    *_WORKFORCE,
    *_ENVIRONMENT,
    *_SAFETY,
    *_ACCESSIBILITY,
    *_COMPETITION,
    *_REGULATORY,
)
BY_NAME: dict[str, Point] = {point.name: point for point in POINTS}


def collected_by(collector: str) -> tuple[str, ...]:
    """Names of the points that a collector may find, gaps left out, in catalogue order."""
    return tuple(point.name for point in POINTS if point.collector == collector and point.gap is None)
