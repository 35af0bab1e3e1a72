"""Calls a function's own Lambda entry with API Gateway events, as Lambda would."""

import importlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from brightspot.core.clock import SystemClock
from brightspot.locations import AnalyzeRequest, service
from brightspot_local.keys import local_keys
from tests.codings import body_of, sent_by
from tests.integration.http.whole import world  # noqa: F401  # a fixture
from tests.s3 import refusing  # noqa: F401  # a fixture
from tests.wiring import forget_wiring

FUNCTIONS = Path(__file__).parents[3] / "functions"


@dataclass
class Answer:
    status: int
    headers: dict
    text: str
    event: dict
    sent_bytes: int

    @property
    def json(self):
        return json.loads(self.text)


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    """As `make dev` runs it without a shared store: reads and writes are open to anybody."""
    monkeypatch.setenv("AUTH_REQUIRED", "false")
    monkeypatch.delenv("TABLE_PREFIX", raising=False)
    for wait in ("REDIS_CONNECT_TIMEOUT_MS", "REDIS_READ_TIMEOUT_MS"):
        monkeypatch.setenv(wait, "5000")  # a busy test machine is no outage
    forget()
    forget_handlers()  # which a test that needs no `call` may have imported
    yield
    forget()
    forget_handlers()  # one that a page's test imported would bring its wiring into the next test


@pytest.fixture
def shared(monkeypatch, valkey_url):
    """One store for all instances."""
    monkeypatch.setenv("REDIS_URL", valkey_url)


@pytest.fixture
def admin(monkeypatch, tmp_path):
    """Headers of an administrator."""
    made = local_keys(tmp_path, SystemClock())
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(made.jwks_file))
    return {"authorization": f"Bearer {made.admin_token}"}


def forget():
    """What a process wires once is wired anew for each test."""
    forget_wiring()


@pytest.fixture(scope="package")
def an_analysis():
    return service().analyze(AnalyzeRequest("Rochester, MN 55901"))


@pytest.fixture
def call(monkeypatch):
    """`call("analyze", "POST", "/api/v1/analyze", {...})`: the answer of that function."""
    forget_handlers()  # those that another test imported without this fixture

    def send(
        function, method, path, body=None, *, headers=None, query="", remaining=29.0, client="192.0.2.1", anew=False,
        route=None,
    ):  # fmt: skip
        if anew:
            forget_handlers()
        monkeypatch.syspath_prepend(str(FUNCTIONS / function))
        module = importlib.import_module(f"{function}_handler")
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        sent = {"content-type": "application/json"} if text is not None else {}
        event = {
            "version": "2.0",
            "routeKey": route or f"{method} {path}",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {**sent, **(headers or {})},
            "requestContext": {
                "http": {"method": method, "path": path, "sourceIp": client, "protocol": "HTTP/1.1"},
                "stage": "$default",
            },
            "isBase64Encoded": False,
            **({"body": text} if text is not None else {}),
        }
        context = SimpleNamespace(
            aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            get_remaining_time_in_millis=lambda: int(remaining * 1000),
        )
        returned = module.handler(event, context)
        return read(returned, event)

    yield send
    forget_handlers()


def read(returned, event):
    """An answer as its client reads it: taken out of base64 by the gateway, and out of its coding by the client."""
    headers, sent = returned["headers"], sent_by(returned)
    assert returned["isBase64Encoded"] is ("content-encoding" in headers)
    if returned["statusCode"] != 304:
        assert headers["content-length"] == str(len(sent))
    return Answer(returned["statusCode"], headers, body_of(returned), event, len(sent))


def forget_handlers():
    for name in [name for name in sys.modules if name.endswith(("_handler", "_routes"))]:
        del sys.modules[name]


@pytest.fixture
def forgetful():
    """Forgets what this process wired and holds, as another instance would not know it."""
    return forget
