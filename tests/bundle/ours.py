"""Runs our cfn-lint rules alone over templates and tells as JSON what they find. For the Python that has cfn-lint."""

import json
import sys

from cfnlint.config import ConfigMixIn
from cfnlint.rules import Rules
from cfnlint.rules.errors import RuleError
from cfnlint.runner.template.runner import run_template_by_file_path

RULES = Rules.create_from_directory("infrastructure/lint/rules")
CONFIG = ConfigMixIn(["--config-file", "infrastructure/lint/cfn-lint.yaml"])
OURS = sorted(RULES)
RULES.register(RuleError())  # or a rule that raises would go unheard

found = {
    file: [[match.rule.id, match.message] for match in run_template_by_file_path(file, CONFIG, RULES, False)]
    for file in sys.argv[1:]
}
json.dump({"rules": OURS, "found": found}, sys.stdout)
