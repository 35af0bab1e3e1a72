"""alerts_handler: /api/v1/monitoring/alerts, what fires, silencing it, and saying that somebody looks into it."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "alerts_routes",
    name="alerts",
    needs={"GET": "read", "POST": "admin", "DELETE": "admin"},
    reuse=Reuse("no-store", tagged=False),
)
