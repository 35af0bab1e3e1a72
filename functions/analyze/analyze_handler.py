"""analyze_handler: POST /api/v1/analyze."""

from brightspot.http import lambda_entry

handler = lambda_entry("analyze_routes")
