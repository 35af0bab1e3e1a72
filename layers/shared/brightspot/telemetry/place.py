"""Where this process runs: what Lambda says of the function."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from brightspot.core.settings import load, setting

_NONE: Final = "local"


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """What Lambda says of the function that runs."""

    name: str = setting("AWS_LAMBDA_FUNCTION_NAME", _NONE, "name of the function; Lambda sets it")
    megabytes: int = setting(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        0,
        "MB of memory that the function has, 0 without a limit; Lambda sets it",
        least=0,
    )

    @property
    def is_instance(self) -> bool:
        """Whether this process is an instance of a function: on Lambda, or as `make dev` starts them."""
        return self.name != _NONE


@cache
def this_function() -> FunctionSettings:
    """Read once: it does not change while a process lives."""
    return load(FunctionSettings)
