"""Operations: what an operator asks of the running system."""

from brightspot.core.codec import dumps as encode
from brightspot.operations.health import Health, health

__all__ = ["Health", "encode", "health"]
