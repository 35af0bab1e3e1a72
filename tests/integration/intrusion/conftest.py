"""Watches of several instances over one store."""

import pytest

from brightspot.core.clock import SystemClock
from brightspot.intrusion import IntrusionSettings, Watch


@pytest.fixture
def valkey(patient_valkey):
    return patient_valkey


@pytest.fixture
def instance(valkey):
    """`instance(block=20)`: another one, with its settings."""
    return lambda **settings: Watch(valkey, IntrusionSettings(**settings), SystemClock())


@pytest.fixture
def standing(valkey):
    """How a client stands at an instance, asked as the gate asks."""

    def ask(watch, client):
        trip = valkey.trip()
        answer = watch.ask(trip, client)
        trip.run()
        return watch.standing(answer)

    return ask
