"""docs_handler: GET /docs, its two assets, and GET /openapi.json."""

from brightspot.http import lambda_entry

handler = lambda_entry("docs_routes", name="docs", needs="public")
