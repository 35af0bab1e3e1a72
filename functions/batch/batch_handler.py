"""batch_handler: POST /api/v1/analyze/batch, GET /api/v1/analyze/batch/{id}."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "batch_routes",
    name="batch",
    needs={"POST": "read", "GET": "read"},
    reads="batch-reads",
    reuse=Reuse(ages=("age_seconds", "cache_age_seconds")),
)
