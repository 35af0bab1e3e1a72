"""The built bundle: what `sam build` left, and a start of each function without a container."""

from brightspot_local.bundle.built import Bundle, read
from brightspot_local.bundle.emulator import Emulator, FunctionFailed

__all__ = ["Bundle", "Emulator", "FunctionFailed", "read"]
