"""cache_handler: POST /api/v1/cache/clear."""

from brightspot.http import lambda_entry
from brightspot.ratelimit import per_minute

handler = lambda_entry("cache_routes", name="cache", needs={"POST": "admin"}, limit=per_minute(10))
