"""What our rules have in common: cfn-lint calls them, they read the bundle, and what they miss becomes its findings."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from cfnlint.decode import decode
from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template as Read

from lint.bundle import Bundle, Finding
from lint.template import Template


class Rule(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint ships no types
    """A rule of ours. cfn-lint hands it the source with Globals merged into functions, so lines are the source's."""

    source_url = "CONTRIBUTING.md"

    def match(self, cfn: Read) -> list[RuleMatch]:
        bundle = Bundle(Template(Path(cfn.filename), cfn.template, _load))
        return [RuleMatch(list(each.where), each.message) for each in self.check(bundle)]

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        """What the bundle lacks."""
        raise NotImplementedError


@lru_cache
def _load(file: Path) -> Mapping[str, Any]:
    """A nested template. Raises ValueError when it is none: cfn-lint then fails with E0002."""
    template, faults = decode(str(file))
    if faults or not isinstance(template, dict):
        raise ValueError(f"{file} is nested and is no template: {faults}")
    return template
