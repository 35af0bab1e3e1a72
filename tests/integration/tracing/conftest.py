"""Functions that are traced, and a collector that receives their spans over real HTTP."""

import logging

import pytest

from brightspot.telemetry import configure_tracing
from brightspot.telemetry.spans import use_tracer
from tests.integration.batches.conftest import aws, environment, look, submit, work
from tests.integration.http.conftest import _environment, call, forget, shared
from tests.integration.live.conftest import provider
from tests.integration.tracing import receiver as receiving

__all__ = ["_environment", "aws", "call", "environment", "look", "provider", "shared", "submit", "work"]


@pytest.fixture
def receiver():
    made = receiving.Receiver()
    server = receiving.serve(made)
    yield made
    made.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def traced(monkeypatch, receiver):
    """The environment traces to the receiver. A busy test machine is waited for."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "5000")
    return monkeypatch


@pytest.fixture(autouse=True)
def _put_back():
    yield
    use_tracer(None)
    configure_tracing()
    forget()
    logging.getLogger("brightspot").handlers.clear()
    logging.getLogger("brightspot").propagate = True
