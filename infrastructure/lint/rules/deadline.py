"""E9003: an HTTP function ends before API Gateway gives up on it, and so do its routes."""

from collections.abc import Iterator
from typing import Final

from lint.bundle import Bundle, Event, Finding, Function
from lint.rule import Rule

GATEWAY_SECONDS: Final = 29


class Deadline(Rule):
    id = "E9003"
    shortdesc = "HTTP functions end within 29 s, and their routes with them"
    description = "A function that outlives the gateway's wait works for nobody and is paid for."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for function in bundle.functions:
            routes = list(function.events("HttpApi"))
            if routes and (function.timeout is None or function.timeout > GATEWAY_SECONDS):
                message = f"{function.logical} answers HTTP: write a Timeout of at most {GATEWAY_SECONDS} (seconds)"
                yield Finding(function.at("Timeout"), message)
            elif function.timeout is not None:
                for route in routes:
                    yield from _late(function, route, function.timeout * 1000)


def _late(function: Function, route: Event, milliseconds: int) -> Iterator[Finding]:
    if route.properties.get("TimeoutInMillis") != milliseconds:
        message = (
            f"{function.logical}'s route {route.name} does not end with its function: "
            f"write TimeoutInMillis: {milliseconds} (its Timeout)"
        )
        yield Finding(function.at_event(route, "TimeoutInMillis"), message)
