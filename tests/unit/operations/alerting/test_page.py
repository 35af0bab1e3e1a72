"""docs/alerts.md has every rule as it is declared, with what to do first."""

import pytest

from brightspot.operations.alerting.rule import Burn, DeadLetters
from brightspot.operations.alerting.rules import RULES
from brightspot.operations.alerting.runbook import _LINES, advice
from brightspot_local.alert_rules import PAGE, filled


def test_the_page_has_the_rules_as_they_are():
    assert filled(PAGE.read_text()) == PAGE.read_text()


def test_a_page_without_a_place_for_them_is_told():
    with pytest.raises(ValueError, match="no place"):
        filled("# Alerts")


def test_every_rule_has_a_line_of_its_own_or_of_its_kind():
    own = {each.name for each in RULES if not isinstance(each.condition, Burn | DeadLetters)}
    assert own == _LINES.keys()
    assert all(advice(each) for each in RULES)
