"""health_handler: GET /health."""

from brightspot.http import lambda_entry

handler = lambda_entry("health_routes", name="health", needs="public")
