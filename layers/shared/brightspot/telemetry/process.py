"""What memory this process took, and what it has."""

import resource
import sys
from dataclasses import dataclass
from functools import cache
from typing import Final

from brightspot.core.settings import load, setting

_MEBIBYTE: Final = 2**20
_MAXRSS_BYTES: Final = 1 if sys.platform == "darwin" else 1024  # getrusage(2) there, and on Linux


@dataclass(frozen=True, slots=True)
class ProcessSettings:
    """What Lambda says of the function that runs; nothing elsewhere."""

    function: str = setting("AWS_LAMBDA_FUNCTION_NAME", "local", "name of the function; Lambda sets it")
    megabytes: int = setting(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 0, "memory of the function in MB, 0 where there is no limit; Lambda sets it"
    )


def function_name() -> str:
    """As Lambda has it, `local` elsewhere."""
    return _settings().function


def memory_limit() -> int | None:
    """Bytes that the function has; None where Lambda does not run it."""
    return _settings().megabytes * _MEBIBYTE or None


def most_memory() -> int:
    """Bytes that this process ever had in memory at a time; on Linux not less than what started it held then."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES


@cache
def _settings() -> ProcessSettings:
    return load(ProcessSettings)
