"""Which scorer makes the answers."""

from typing import Final

MODEL_ID: Final = "brightspot-percentile"
_VERSION: Final = "1"
MODEL_VARIANT: Final = "reference"


def model_version(dataset_version: str) -> str:
    """The version of the method and of the data it scores by: answers of another one are other answers."""
    return f"{_VERSION}+{dataset_version}"
