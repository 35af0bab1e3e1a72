"""E9010: a worker says which messages of a batch failed, and how many of it may run."""

from collections.abc import Iterator
from typing import Final

from lint.bundle import Bundle, Finding
from lint.rule import Rule

_REPORT: Final = "ReportBatchItemFailures"


class Workers(Rule):
    id = "E9010"
    shortdesc = "Workers report failed messages and are bounded"
    description = "Otherwise one bad message brings back its whole batch, and a flood takes the account's concurrency."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for function in bundle.functions:
            for event in function.events("SQS"):
                if _REPORT not in event.properties.get("FunctionResponseTypes", []):
                    message = (
                        f"{function.logical} fails a whole batch for one message: "
                        f"write FunctionResponseTypes: [{_REPORT}]"
                    )
                    yield Finding(function.at_event(event, "FunctionResponseTypes"), message)
                if "MaximumConcurrency" not in event.properties.get("ScalingConfig", {}):
                    message = f"{function.logical} is not bounded: write ScalingConfig: {{MaximumConcurrency: 2}}"
                    yield Finding(function.at_event(event, "ScalingConfig"), message)
