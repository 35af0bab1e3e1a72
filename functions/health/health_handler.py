"""health_handler: GET /health."""

from brightspot.http import Reuse, lambda_entry
from brightspot.ratelimit import per_minute

handler = lambda_entry(
    "health_routes",
    name="health",
    needs="public",
    limit=per_minute(100),
    reuse=Reuse("no-store", tagged=False),
)
