"""health_handler: GET /health, and the other paths at which somebody asks whether the service is well."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "health_routes",
    name="health",
    needs={
        "GET": "public",
        "GET /api/enterprise/health": "read",
        "GET /api/v1/monitoring/health": "read",
        "GET /api/v2/health/history": "read",
    },
    reuse=Reuse("no-store", tagged=False),
)
