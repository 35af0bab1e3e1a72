"""Live sources against a stub of their providers over real HTTP, on loopback only."""

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_socket

from brightspot.cache import shared_cache
from brightspot.locations import answers, history, service, shared_answers
from brightspot.locations.collectors.live import http
from brightspot.locations.model import live_sources
from brightspot.resilience import shared_breakers
from brightspot.valkey import shared_valkey
from tests.integration.live import stub

FUNCTIONS = Path(__file__).parents[3] / "functions"
WIRED = (
    shared_valkey, shared_cache, shared_answers, shared_breakers, service, history, live_sources, answers._settings,
    http._pools,
)  # fmt: skip


def forget():
    """What a process wires once is wired anew, as in another process."""
    for factory in WIRED:
        factory.cache_clear()
    for name in [name for name in sys.modules if name.endswith(("_handler", "_routes"))]:
        del sys.modules[name]


@pytest.fixture(autouse=True)
def _loopback_only():
    pytest_socket.socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    """A process without a shared store, open to anybody, that retries without long waits."""
    for name, value in {
        "AUTH_REQUIRED": "false",
        "RATE_LIMIT_ENABLED": "false",
        "RETRY_BASE_DELAY_MS": "20",
        "LIVE_CONTACT": "ops@example.org",
    }.items():
        monkeypatch.setenv(name, value)
    forget()
    yield
    forget()


@pytest.fixture
def provider():
    """All providers in one: `provider.faults[source]` says how one fails, `provider.of(source)` what it was asked."""
    made = stub.Provider()
    server = stub.serve(made)
    yield made
    made.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def switch_on(monkeypatch, provider):
    """`switch_on("overpass", timeout=1)`: the environment asks these sources, and finds them at the stub."""

    def switch(*sources, timeout=2.0, **settings):
        for source in sources:
            variable = f"LIVE_{source.upper()}"
            told = {
                "ENABLED": "true",
                "URL": f"{provider.url}/{source}",
                "KEY": "secret-key",
                "TIMEOUT_SECONDS": timeout,
            }
            for name, value in told.items():
                monkeypatch.setenv(f"{variable}_{name}", str(value))
        for name, value in settings.items():
            monkeypatch.setenv(name, str(value))
        forget()

    return switch


@pytest.fixture
def analyze(monkeypatch):
    """`analyze("55901")`: the answer of the analyze function, by its own Lambda entry."""

    def send(address, *, remaining=29.0, **asked):
        monkeypatch.syspath_prepend(str(FUNCTIONS / "analyze"))
        module = importlib.import_module("analyze_handler")
        event = {
            "version": "2.0",
            "routeKey": "POST /api/v1/analyze",
            "rawPath": "/api/v1/analyze",
            "rawQueryString": "",
            "headers": {"content-type": "application/json"},
            "requestContext": {
                "http": {
                    "method": "POST",
                    "path": "/api/v1/analyze",
                    "sourceIp": "192.0.2.1",
                    "protocol": "HTTP/1.1",
                },
                "stage": "$default",
            },
            "isBase64Encoded": False,
            "body": json.dumps({"address": address, **asked}),
        }
        context = SimpleNamespace(
            aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            get_remaining_time_in_millis=lambda: int(remaining * 1000),
        )
        told = module.handler(event, context)
        return told["statusCode"], json.loads(told["body"])

    return send


@pytest.fixture
def points():
    """All points of an answer by name."""

    def of(answer):
        return {name: point for each in answer["categories"].values() for name, point in each["points"].items()}

    return of


@pytest.fixture
def anew(monkeypatch):
    """No answer is kept, so that every question is an analysis."""
    monkeypatch.setenv("ANALYSIS_CACHE_TTL_HOURS", "0")
