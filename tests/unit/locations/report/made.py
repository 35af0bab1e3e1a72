"""Small analyses to draw, and points to put in them."""

from brightspot.locations.analysis import (
    Analysis,
    CategoryResult,
    Location,
    Missing,
    Model,
    Performance,
    PointResult,
    SourceUsed,
)


def point(value=10.0, percentile=60.0, direction="higher_is_better", contribution=1.0, **more):
    told = {"unit": "people", "source": "Census", "vintage": "2022", "level": "zip", "kind": "observed"}
    return PointResult(
        value=value, percentile=percentile, direction=direction, contribution=contribution, **told | more
    )


def analysis(points=None, missing=(), score=60.0, **more):
    """One category of these points, and one that is insufficient."""
    told = {"population": point()} if points is None else points
    place = Location(44.0, -92.5, "55901", "Rochester", "MN", "Olmsted County", "zip_centroid", 3.2, [], [])
    given = {
        "id": "01M8FTPAPXTRJCZ9SSRWNKKHHA",
        "address": "Rochester, MN 55901",
        "created_at": "2026-11-28T01:00:41.053Z",
        "status": "completed",
        "persona": "business",
        "radius_miles": 3.0,
        "execution_time_seconds": 0.02,
        "location": place,
        "overall_score": score,
        "confidence": 0.5,
        "categories": {
            "demographics": CategoryResult(score, 1.0, "scored", 0.9, told),
            "regulatory": CategoryResult(None, 0.0, "insufficient", 0.0, {}),
        },
        "data_points_collected": len(told),
        "missing": [Missing(*each) for each in missing],
        "sources": [SourceUsed("Census", "2022", "Public domain", "US Census Bureau")],
        "model": Model("m", "1", "reference"),
        "performance": Performance(1.0, {}),
        "cached": False,
        "cache_hit": False,
    }
    return Analysis(**given | more)
