"""E9017: every queue is encrypted (checkov knows only queues with a key of their own)."""

from collections.abc import Iterator

from lint.bundle import Bundle, Finding, truth
from lint.rule import Rule
from lint.template import QUEUE


class Encryption(Rule):
    id = "E9017"
    shortdesc = "Queues are encrypted"
    description = "Messages hold what was asked; SQS encrypts them with a key of its own for nothing."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for queue in bundle.root.resources(QUEUE):
            if not (truth(queue.properties.get("SqsManagedSseEnabled")) or "KmsMasterKeyId" in queue.properties):
                yield Finding(queue.where, f"{queue.logical} is not encrypted: write SqsManagedSseEnabled: true")
