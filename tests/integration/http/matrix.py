"""The declared matrix: what each route needs, and whose data it is about. docs/access.md says what the needs mean.

`nobody`: no data. `service`: everybody's alike. `tenant`: what the caller's tenant made, and never another's. `user`:
what the caller has, whom nobody else stands for, not even of the same tenant.
"""

from typing import Literal, NamedTuple

from brightspot.security import Need

Whose = Literal["nobody", "service", "tenant", "user"]


class Row(NamedTuple):
    """One route; `foreign` says whether its path names a thing of somebody's, which to all others is not there."""

    need: Need
    whose: Whose
    foreign: bool = False


MATRIX: dict[str, Row] = {
    "GET /.well-known/jwks.json": Row("public", "service"),
    "GET /api/auth/keys": Row("user", "user"),
    "POST /api/auth/keys": Row("user", "user"),
    "DELETE /api/auth/keys/{id}": Row("user", "user", foreign=True),
    "POST /api/auth/login": Row("public", "nobody"),
    "POST /api/auth/logout": Row("public", "nobody"),
    "GET /api/auth/me": Row("user", "user"),
    "POST /api/auth/password": Row("user", "user"),
    "POST /api/auth/refresh": Row("public", "nobody"),
    "GET /api/auth/sessions": Row("user", "user"),
    "DELETE /api/auth/sessions/{id}": Row("user", "user", foreign=True),
    "POST /api/auth/signup": Row("public", "nobody"),
    "POST /api/auth/token": Row("public", "nobody"),
    "GET /api/v1/analyses/{id}/report": Row("read", "tenant", foreign=True),
    "GET /api/v1/analyses/{id}/report.csv": Row("read", "tenant", foreign=True),
    "GET /api/v1/analyses/{id}/report.json": Row("read", "tenant", foreign=True),
    "POST /api/v1/analyze": Row("read", "tenant"),
    "POST /api/v1/analyze/batch": Row("read", "tenant"),
    "GET /api/v1/analyze/batch/{id}": Row("read", "tenant", foreign=True),
    "GET /api/enterprise/health": Row("read", "service"),
    "GET /api/health": Row("public", "service"),
    "GET /api/health/db": Row("public", "service"),
    "GET /api/health/redis": Row("public", "service"),
    "GET /api/v1/audit": Row("admin", "service"),
    "POST /api/v1/cache/clear": Row("admin", "service"),
    "GET /api/v1/cache/stats": Row("read", "service"),
    "GET /api/v1/circuit-breakers": Row("read", "service"),
    "POST /api/v1/circuit-breakers/close": Row("admin", "service"),
    "POST /api/v1/circuit-breakers/open": Row("admin", "service"),
    "POST /api/v1/circuit-breakers/reset": Row("admin", "service"),
    "POST /api/v1/compare": Row("read", "tenant"),
    "GET /api/v1/history": Row("read", "tenant"),
    "GET /api/v1/history/{address}": Row("read", "tenant"),
    "GET /api/v1/dashboards": Row("read", "service"),
    "GET /api/v1/dashboards/security": Row("admin", "service"),
    "GET /api/v1/dashboards/{name}": Row("read", "service"),
    "DELETE /api/v1/maintenance": Row("admin", "service"),
    "GET /api/v1/maintenance": Row("read", "service"),
    "PUT /api/v1/maintenance": Row("admin", "service"),
    "GET /api/v1/maintenance/tasks": Row("admin", "service"),
    "POST /api/v1/maintenance/tasks/{name}/run": Row("admin", "service"),
    "GET /api/v1/maintenance/tasks/{name}/runs": Row("admin", "service"),
    "GET /api/v1/metrics": Row("read", "service"),
    "GET /api/v1/monitoring": Row("read", "service"),
    "GET /api/v1/monitoring/alerts": Row("read", "service"),
    "GET /api/v1/monitoring/alerts/rules": Row("read", "service"),
    "GET /api/v1/monitoring/alerts/silences": Row("read", "service"),
    "POST /api/v1/monitoring/alerts/silences": Row("admin", "service"),
    "DELETE /api/v1/monitoring/alerts/silences/{id}": Row("admin", "service"),
    "POST /api/v1/monitoring/alerts/{id}/acknowledge": Row("admin", "service"),
    "GET /api/v1/monitoring/cache/analytics": Row("read", "service"),
    "GET /api/v1/monitoring/database/performance": Row("read", "service"),
    "GET /api/v1/monitoring/health": Row("read", "service"),
    "GET /api/v1/monitoring/performance/realtime": Row("read", "service"),
    "GET /api/v1/monitoring/performance/summary": Row("read", "service"),
    "GET /api/v1/monitoring/reports": Row("read", "service"),
    "POST /api/v1/monitoring/reports": Row("write", "service"),
    "GET /api/v1/monitoring/reports/{id}": Row("read", "service"),
    "GET /api/v1/monitoring/security/blocks": Row("admin", "service"),
    "DELETE /api/v1/monitoring/security/blocks/{client}": Row("admin", "service"),
    "GET /api/v1/monitoring/tasks/monitoring": Row("read", "service"),
    "GET /api/v1/monitoring/security/monitoring": Row("admin", "service"),
    "GET /api/v1/schedules": Row("admin", "service"),
    "POST /api/v1/schedules": Row("admin", "service"),
    "DELETE /api/v1/schedules/{name}": Row("admin", "service"),
    "GET /api/v1/schedules/{name}": Row("admin", "service"),
    "PUT /api/v1/schedules/{name}/state": Row("admin", "service"),
    "POST /api/v1/search": Row("read", "service"),
    "GET /api/v1/tasks": Row("admin", "service"),
    "POST /api/v1/tasks": Row("admin", "service"),
    "POST /api/v1/tasks/redrive": Row("admin", "service"),
    "DELETE /api/v1/tasks/{id}": Row("admin", "service"),
    "GET /api/v1/tasks/{id}": Row("admin", "service"),
    "POST /api/v1/tasks/{id}/redrive": Row("admin", "service"),
    "GET /api/v1/trends": Row("read", "tenant"),
    "GET /api/v1/trends/{address}": Row("read", "tenant"),
    "GET /api/v2/analytics/metrics/stream": Row("read", "service"),
    "GET /api/v2/batch/jobs": Row("read", "tenant"),
    "POST /api/v2/batch/jobs": Row("write", "tenant"),
    "DELETE /api/v2/batch/jobs/{id}": Row("write", "tenant", foreign=True),
    "GET /api/v2/batch/jobs/{id}/result": Row("read", "tenant", foreign=True),
    "GET /api/v2/batch/jobs/{id}/status": Row("read", "tenant", foreign=True),
    "POST /api/v2/batch/uploads": Row("write", "tenant"),
    "GET /api/v2/cache/analytics": Row("read", "service"),
    "POST /api/v2/cache/warm": Row("write", "tenant"),
    "DELETE /api/v2/cache/{key}": Row("write", "tenant"),
    "GET /api/v2/cache/{key}": Row("read", "tenant", foreign=True),
    "PUT /api/v2/cache/{key}": Row("write", "tenant"),
    "GET /api/v2/health/component/{name}": Row("public", "service"),
    "GET /api/v2/health/history": Row("read", "service"),
    "GET /api/v2/health/status": Row("public", "service"),
    "GET /docs": Row("public", "nobody"),
    "GET /docs/{asset}": Row("public", "nobody"),
    "GET /health": Row("public", "service"),
    "GET /info": Row("public", "service"),
    "GET /metrics": Row("read", "service"),
    "GET /openapi.json": Row("public", "nobody"),
    "GET /{path}": Row("public", "nobody"),
    "POST /{path}": Row("public", "nobody"),
}


def expected(need: Need, scope: str | None, *, is_open: bool) -> int | None:
    """What a caller with this scope (None: nobody) is refused with, or None; written down here a second time."""
    if need == "public" or (is_open and need in {"read", "write"}):
        return None
    if scope is None:
        return 401
    enough = {"user": {"", "read", "write", "admin"}, "read": {"read", "write", "admin"}, "write": {"write", "admin"}}
    return None if scope in enough.get(need, {"admin"}) else 403
