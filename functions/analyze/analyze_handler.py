"""analyze_handler: POST /api/v1/analyze."""

from brightspot.http import lambda_entry
from brightspot.locations import CollectorStates, KeptAnalyses
from brightspot.ratelimit import per_minute

handler = lambda_entry(
    "analyze_routes",
    name="analyze",
    needs="read",
    limit=per_minute(100),
    kept=KeptAnalyses,
    rider=CollectorStates,
)
