"""reports_handler: POST and GET /api/v1/monitoring/reports, GET /api/v1/monitoring/reports/{id}."""

from brightspot.http import lambda_entry

handler = lambda_entry("reports_routes", name="reports", needs={"POST": "write", "GET": "read"}, reads="reports-reads")
