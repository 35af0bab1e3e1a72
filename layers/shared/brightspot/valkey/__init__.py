"""Valkey: the one place that opens connections, and many questions in one round trip."""

from brightspot.valkey.adapter import Answer, StoreUnavailable, Trip, Valkey
from brightspot.valkey.connect import ValkeySettings, connect
from brightspot.valkey.script import Script
from brightspot.valkey.shared import shared_valkey

__all__ = ["Answer", "Script", "StoreUnavailable", "Trip", "Valkey", "ValkeySettings", "connect", "shared_valkey"]
