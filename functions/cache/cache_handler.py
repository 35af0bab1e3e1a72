"""cache_handler: GET /api/v1/cache/stats, POST /api/v1/cache/clear."""

from brightspot.http import lambda_entry

handler = lambda_entry("cache_routes", name="cache", needs={"GET": "read", "POST": "admin"}, reads="cache-reads")
