"""audit_handler: GET /api/v1/audit."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry("audit_routes", name="audit", needs="admin", reuse=Reuse("no-store", tagged=False))
