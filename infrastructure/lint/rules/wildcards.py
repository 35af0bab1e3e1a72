"""E9009: a policy names what it allows; a star in it is declared with its reason."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lint.bundle import Bundle, Finding, walk
from lint.rule import Rule
from lint.template import Resource, Where

_STATEMENT: Final = ("Action", "Resource")
_INVERTED: Final = ("NotAction", "NotResource")
_EVERYTHING: Final = ""  # every action there is: no reason can be declared for that
_DECLARE: Final = 'or declare it: Metadata: {Brightspot: {Wildcards: {"%s": why}}}'


class Wildcards(Rule):
    id = "E9009"
    shortdesc = "Policies have no star but declared ones"
    description = "A role each, with only its verbs on only its tables and queues."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for each in bundle.root.resources():
            declared = each.metadata.get("Brightspot", {}).get("Wildcards", {})
            found = list(_wide(each))
            for where, text, message in found:
                if text == _EVERYTHING:
                    yield Finding(where, f"{each.logical} {message}")
                elif not str(declared.get(text) or "").strip():
                    yield Finding(where, f"{each.logical} {message}, {_DECLARE % text}")
            for text in declared.keys() - {text for _, text, _ in found}:
                message = f'{each.logical} declares "{text}", which no policy of it holds: remove it from Metadata'
                yield Finding(each.where, message)


def _wide(resource: Resource) -> Iterator[tuple[Where, str, str]]:
    for path, value in walk(resource.properties):
        where = resource.at(*path)
        if isinstance(value, Mapping) and value.get("Effect", "Deny") != "Deny":
            yield from _wide_statement(value, where, its_own_key=resource.kind == "AWS::KMS::Key")
        elif path and path[-1] in {"Policies", "ManagedPolicyArns"}:
            yield from _ready_made(value, where)


def _wide_statement(statement: Mapping[str, Any], where: Where, its_own_key: bool) -> Iterator[tuple[Where, str, str]]:
    """In the policy of a KMS key, the resource `*` is that key."""
    for key in _STATEMENT:
        for path, leaf in walk(statement.get(key)):
            if isinstance(leaf, str) and "*" in leaf and not (its_own_key and (key, leaf) == ("Resource", "*")):
                text = _EVERYTHING if (key, leaf) == ("Action", "*") else leaf
                yield (*where, key, *path), text, f'allows {key} "{leaf}": name what it needs'
    for key in _INVERTED:
        if key in statement:
            yield (*where, key), key, f"allows by {key}, all but what it names: name what it needs"


def _ready_made(policies: Any, where: Where) -> Iterator[tuple[Where, str, str]]:
    """Policies that are named instead of written: AWS's managed ones and SAM's templates."""
    for each in policies if isinstance(policies, list) else [policies]:
        text = each if isinstance(each, str) else next(iter(each), "")
        if not isinstance(each, Mapping) or not each.keys() & {"Statement", "PolicyDocument"}:
            yield where, text, f"takes {text}, a policy ready-made: write its statements out"
