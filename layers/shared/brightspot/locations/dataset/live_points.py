"""The catalogue of what only live sources tell: shown with its provenance, and not scored without a distribution."""

from typing import Final

from brightspot.locations.dataset.points import BY_NAME, Direction, Point

_CONTEXT: Direction = "context"


def _seen(collector: str, category: str, *names: str) -> tuple[Point, ...]:
    return tuple(Point(name, collector, category, _CONTEXT, 0) for name in names)


LIVE_POINTS: Final[tuple[Point, ...]] = (
    *_seen("accessibility", "accessibility", "schools", "parks"),
    *_seen("workforce", "economic", "children_under_6_parents_working"),
    *_seen("environment", "safety", "base_flood_elevation_feet"),
    *_seen(
        "environment",
        "safety",
        "natural_hazard_risk_score",
        "natural_hazard_annual_loss",
        "social_vulnerability_score",
        "community_resilience_score",
        "inland_flood_risk",
        "tornado_risk",
        "wildfire_risk",
        "heat_wave_risk",
        "winter_weather_risk",
    ),
    *_seen("environment", "safety", "earthquakes_since_1976", "strongest_earthquake_since_1976"),
    *_seen("environment", "safety", "active_weather_alerts", "forecast_high_temperature"),
    *_seen("competition", "competition", "nearest_childcare_miles"),
    *_seen("economy", "economic", "county_unemployment_change_1y"),
    *_seen("environment", "safety", "toxic_release_facilities", "nearest_toxic_release_facility_miles"),
    *_seen("environment", "safety", "air_quality_index_now", "pm2_5_now", "elevation_feet"),
    *_seen("safety", "safety", "fatal_crashes_per_100k_people", "traffic_deaths_5y"),
)
EVERY_POINT: Final[dict[str, Point]] = BY_NAME | {point.name: point for point in LIVE_POINTS}
