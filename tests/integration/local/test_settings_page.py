"""docs/settings.md is what the settings classes declare, and nothing reads a variable past them."""

import re
from dataclasses import fields

import pytest

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot_local.paths import ROOT
from brightspot_local.settings_page import PAGE, groups, page, variables

# What Lambda, its runtime and AWS's own libraries set or read, and names that are made of a policy's or source's name.
ELSEWHERE = re.compile(r"AWS_|LAMBDA_|POWERTOOLS_|RATE_LIMIT_|LIVE_")


def test_the_page_is_in_step_with_the_classes():
    assert PAGE.read_text() == page()


def test_no_variable_is_declared_for_two_things():
    names = [name for name in variables() if name != "TABLE_PREFIX"]  # which each table's owner reads
    assert sorted(names) == sorted(set(names))


def test_only_settings_read_the_environment():
    library = ROOT / "layers" / "shared" / "brightspot"
    found = {
        str(file.relative_to(library))
        for file in library.rglob("*.py")
        if re.search(r"os\.(environ|getenv)", file.read_text()) and file.name != "settings.py"
    }
    assert found <= {"core/settings.py", "store/aws.py", "telemetry/metrics.py"}


@pytest.mark.parametrize("group", groups(), ids=lambda group: group.__name__)
def test_a_number_that_cannot_be_used_is_told_by_its_name(group):
    for item in fields(group):
        if isinstance(item.default, int | float) and not isinstance(item.default, bool):
            with pytest.raises(SettingsError, match=item.metadata["variable"]):
                load(group, {item.metadata["variable"]: "many"})


def test_the_variables_of_the_template_are_ones_that_are_read():
    template = (ROOT / "template.yaml").read_text()
    set_there = set(re.findall(r"^ {8,12}([A-Z][A-Z0-9_]{3,}): ", template, re.MULTILINE))
    assert {name for name in set_there if not ELSEWHERE.match(name)} <= set(variables())
