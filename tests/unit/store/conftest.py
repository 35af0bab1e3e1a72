"""What the tests of entries share."""

import logging

import pytest

from brightspot.telemetry import configure_metrics


@pytest.fixture
def _told(monkeypatch):
    """Metrics are written; afterwards logs and metrics are as they were."""
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    yield
    monkeypatch.delenv("METRICS_STACK")
    configure_metrics()
    logging.getLogger("brightspot").handlers.clear()
    logging.getLogger("brightspot").propagate = True
