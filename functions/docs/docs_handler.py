"""docs_handler: GET /docs, its two assets, and GET /openapi.json."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry("docs_routes", name="docs", needs="public", reuse=Reuse("public, max-age=300"))
