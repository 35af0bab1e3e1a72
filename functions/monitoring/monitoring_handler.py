"""monitoring_handler: GET /metrics, GET /api/v1/metrics, GET /api/v1/monitoring/performance/summary."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry("monitoring_routes", name="monitoring", needs="read", reuse=Reuse("no-store", tagged=False))
