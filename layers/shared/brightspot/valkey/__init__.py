"""Valkey: the one place that opens connections, and many questions in one round trip."""

from brightspot.valkey.adapter import StoreUnavailable, Trip, Valkey
from brightspot.valkey.connect import ValkeySettings, connect
from brightspot.valkey.script import Script

__all__ = ["Script", "StoreUnavailable", "Trip", "Valkey", "ValkeySettings", "connect"]
