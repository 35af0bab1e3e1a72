"""Where this process runs: what Lambda says of the function."""

from dataclasses import dataclass
from functools import cache

from brightspot.core.settings import load, setting


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """What Lambda says of the function that runs."""

    name: str = setting("AWS_LAMBDA_FUNCTION_NAME", "local", "name of the function; Lambda sets it")
    megabytes: int = setting(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        0,
        "MB of memory that the function has, 0 without a limit; Lambda sets it",
        least=0,
    )


@cache
def this_function() -> FunctionSettings:
    """Read once: it does not change while a process lives."""
    return load(FunctionSettings)
