"""cache_handler: GET /api/v1/cache/stats, POST /api/v1/cache/clear."""

from brightspot.http import lambda_entry
from brightspot.ratelimit import per_minute

handler = lambda_entry(
    "cache_routes", name="cache", needs={"GET": "read", "POST": "admin"}, limit=per_minute(10), reads=per_minute(60)
)
