"""health_handler: GET /health."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry("health_routes", name="health", needs="public", reuse=Reuse("no-store", tagged=False))
