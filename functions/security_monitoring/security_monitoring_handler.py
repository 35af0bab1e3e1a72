"""security_monitoring_handler: /api/v1/monitoring/security, who is suspicious, what is blocked, and lifting it."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "security_monitoring_routes", name="security", needs="admin", reuse=Reuse("no-store", tagged=False)
)
