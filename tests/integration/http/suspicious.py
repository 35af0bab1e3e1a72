"""What tests of intrusion detection over the entries share."""

import pytest

from brightspot.core.clock import SystemClock
from brightspot_local.keys import local_keys

ANALYZE = ("analyze", "POST", "/api/v1/analyze")
ASKED = {"address": "Rochester, MN 55901"}
SECURITY = "/api/v1/monitoring/security"
SCANNER = "198.51.100.7"
ADA = {"email": "ada@example.org", "password": "correct horse battery"}


@pytest.fixture
def keys(monkeypatch, tmp_path):
    made = local_keys(tmp_path, SystemClock())
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(made.jwks_file))
    monkeypatch.setenv("JWT_PRIVATE_KEYS_FILE", str(made.private_file))
    return made


@pytest.fixture
def admin(keys):
    return {"authorization": f"Bearer {keys.admin_token}"}


@pytest.fixture
def told(call, admin):
    """What security monitoring says now, asked from elsewhere."""
    return lambda what="monitoring": (
        call("security_monitoring", "GET", f"{SECURITY}/{what}", headers=admin, client="203.0.113.1").json
    )
