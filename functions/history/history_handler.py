"""history_handler: GET /api/v1/history and /api/v1/trends, each of them with an address in the path too."""

from brightspot.http import lambda_entry

handler = lambda_entry("history_routes", name="history", needs="read")
