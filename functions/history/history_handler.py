"""history_handler: GET /api/v1/history, GET /api/v1/history/{address}."""

from brightspot.http import lambda_entry

handler = lambda_entry("history_routes", name="history", needs="read")
