"""E9002: every function is traced."""

from collections.abc import Iterator, Mapping

from lint.bundle import Bundle, Finding
from lint.rule import Rule


class Tracing(Rule):
    id = "E9002"
    shortdesc = "Functions are traced"
    description = "A request that took too long is understood from its trace."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for function in bundle.functions:
            mode = function.properties.get("Tracing")
            choices = mode.get("Fn::If", []) if isinstance(mode, Mapping) else [mode]  # another tracer may be a choice
            if "Active" not in choices:
                message = f"{function.logical} is not traced: write Tracing: Active (in Globals)"
                yield Finding(function.at("Tracing"), message)
