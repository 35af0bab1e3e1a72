"""E9015: a function has a role of its own, made from the policies beside it."""

from collections.abc import Iterator

from lint.bundle import Bundle, Finding
from lint.rule import Rule


class Roles(Rule):
    id = "E9015"
    shortdesc = "Functions share no role"
    description = "What one function may do must not be what another one needs."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for function in bundle.functions:
            if "Role" in function.properties:
                message = f"{function.logical} takes a role from elsewhere: write its Policies instead of Role"
                yield Finding(function.at("Role"), message)
