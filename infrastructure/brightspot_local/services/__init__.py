"""The servers that stand in for AWS on one machine: Valkey and MiniStack, each a process of ours."""

from brightspot_local.services.process import ServiceUnavailable

__all__ = ["ServiceUnavailable"]
