"""E9011: a function is called by its alias `live`."""

from collections.abc import Iterator
from typing import Final

from lint.bundle import Bundle, Finding
from lint.rule import Rule

LIVE: Final = "live"


class Alias(Rule):
    id = "E9011"
    shortdesc = "Functions publish versions behind the alias live"
    description = "Canaries, roll-backs and SnapStart work on published versions only."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for function in bundle.functions:
            if function.properties.get("AutoPublishAlias") != LIVE:
                message = f"{function.logical} publishes no version: write AutoPublishAlias: {LIVE} (in Globals)"
                yield Finding(function.at("AutoPublishAlias"), message)
