"""batch_handler: POST /api/v1/analyze/batch, GET /api/v1/analyze/batch/{id}."""

from brightspot.http import Reuse, lambda_entry
from brightspot.ratelimit import per_minute

handler = lambda_entry(
    "batch_routes",
    name="batch",
    needs={"POST": "read", "GET": "read"},
    limit=per_minute(30),
    reads=per_minute(100),
    reuse=Reuse(ages=("age_seconds", "cache_age_seconds")),
)
