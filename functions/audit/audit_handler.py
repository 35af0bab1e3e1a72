"""audit_handler: GET /api/v1/audit."""

from brightspot.http import lambda_entry

handler = lambda_entry("audit_routes", name="audit", needs="admin")
