"""cached_values_handler: /api/v2/cache/{key}, POST /api/v2/cache/warm, GET /api/v2/cache/analytics."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "cached_values_routes",
    name="cached-values",
    needs={"GET": "read", "PUT": "write", "POST": "write", "DELETE": "write"},
    reuse=Reuse("no-store", tagged=False),  # an age and a level in every answer
)
