"""report_handler: GET /api/v1/analyses/{id}/report, /report.json and /report.csv."""

from brightspot.http import lambda_entry

handler = lambda_entry("report_routes", name="report", needs="read")
