"""monitoring_handler: GET /metrics, /api/v1/metrics, /api/v1/monitoring with all but health, and streams; /info."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "monitoring_routes",
    name="monitoring",
    needs={"GET": "read", "GET /info": "public"},
    reuse=Reuse("no-store", tagged=False),
)
