"""Breakers are asked over a patient connection."""

import pytest


@pytest.fixture
def valkey(patient_valkey):
    return patient_valkey
