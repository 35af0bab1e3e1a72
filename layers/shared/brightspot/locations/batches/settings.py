"""The settings of batches."""

from dataclasses import dataclass

from brightspot.core.settings import setting


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """Where the addresses of a batch go, how long they may take, and how long what comes of them is kept."""

    queue_url: str = setting("BATCH_QUEUE_URL", "", "SQS queue of addresses to analyse; without, each process does it")
    kept_days: float = setting("BATCH_RETENTION_DAYS", 7.0, "days a batch is kept", least=0.01, most=90)
    answer_seconds: float = setting(
        "BATCH_ANSWER_SECONDS",
        900.0,
        "seconds after which an address without an answer is an error",
        least=30,
        most=43200,
    )
    most_tries: int = setting("BATCH_MOST_TRIES", 5, "deliveries of a message, as its queue has it", least=1, most=1000)
    page_bytes: int = setting("BATCH_PAGE_BYTES", 4_000_000, "bytes of analyses in one answer", least=1, most=4_500_000)
