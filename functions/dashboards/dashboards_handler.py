"""dashboards_handler: GET /api/v1/dashboards and what is under it."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "dashboards_routes",
    name="dashboards",
    needs={"GET": "read", "GET /api/v1/dashboards/security": "admin"},
    reuse=Reuse("no-store", tagged=False),
)
