"""analyze_handler: POST /api/v1/analyze."""

from brightspot.http import lambda_entry
from brightspot.locations import CollectorStates, KeptAnalyses

handler = lambda_entry(
    "analyze_routes",
    name="analyze",
    needs="read",
    kept=KeptAnalyses,
    rider=CollectorStates,
)
