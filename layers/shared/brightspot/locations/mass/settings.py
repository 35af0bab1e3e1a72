"""The settings of mass runs."""

from dataclasses import dataclass

from brightspot.core.settings import setting


@dataclass(frozen=True, slots=True)
class MassSettings:
    """Where the files are, and what a run that says nothing else goes by."""

    bucket: str = setting("BULK_BUCKET", "", "S3 bucket of mass runs: files below in/, what comes of them below out/")
    at_once: int = setting("BULK_MAX_CONCURRENCY", 200, "batches of a mass run at once", least=1, most=10_000)
    tolerated_percent: float = setting(
        "BULK_TOLERATED_FAILURE_PERCENTAGE", 1.0, "share of batches that may fail, in percent", least=0, most=100
    )
