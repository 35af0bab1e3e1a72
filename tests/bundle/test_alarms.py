"""CloudWatch's alarms are those of the alert rules, and go off at the same figures."""

from itertools import product

import pytest

from brightspot.operations.alerting.rule import Burn, Rule, Share, Threshold
from brightspot.operations.alerting.rules import RULES
from brightspot.telemetry import CACHE_HITS, HTTP_REQUESTS
from brightspot_local.alarms.__main__ import TEMPLATE, written
from brightspot_local.alarms.cloudwatch import filled
from tests.bundle.alarms import fires, goes_off
from tests.bundle.test_observability import alarms, observability

WATCHED = [each for each in RULES if isinstance(each.condition, Threshold | Share)]


@pytest.mark.parametrize("path", list(written()), ids=lambda path: path.name)
def test_the_files_are_what_make_alarms_writes(path):
    assert path.read_text() == written()[path]


def test_each_rule_is_an_alarm_but_those_over_figures_that_cloudwatch_is_not_told():
    assert set(alarms(observability())) == {each.name for each in RULES if not isinstance(each.condition, Burn)}


def looks_of(rule: Rule):
    """Looks just within the bound, just beyond it, and without figures."""
    condition = rule.condition
    if isinstance(condition, Share):
        half = condition.least / 2
        return ((half, half), (half - 1, half + 1), (half - 1, half), None)
    step = -0.1 if condition.comparison == "below" else 0.1
    return (condition.bound, condition.bound + step, None)


@pytest.mark.parametrize("rule", WATCHED, ids=lambda rule: rule.name)
def test_rule_and_alarm_say_the_same_of_any_looks(rule: Rule):
    alarm = alarms(observability())[rule.name]
    said = set()
    for looks in product(looks_of(rule), repeat=rule.looks):
        assert goes_off(alarm, [None, None, *looks]) == fires(rule, looks), looks
        said.add(fires(rule, looks))
    assert said == {True, False}


@pytest.mark.parametrize("rule", WATCHED, ids=lambda rule: rule.name)
def test_with_figures_at_every_look_older_ones_change_nothing(rule: Rule):
    alarm = alarms(observability())[rule.name]
    told = [each for each in looks_of(rule) if each is not None]
    for looks in product(told, repeat=rule.looks + 1):
        assert goes_off(alarm, [told[1], *looks]) == fires(rule, looks), looks


def test_where_a_look_found_nothing_cloudwatch_may_go_by_an_older_one():
    rule = next(each for each in RULES if each.name == "cache-degraded")
    looks = [1.0, 1.0, 0.0, None, None]
    assert goes_off(alarms(observability())["cache-degraded"], looks)
    assert not fires(rule, looks)


@pytest.mark.parametrize("metric", [HTTP_REQUESTS, CACHE_HITS])
def test_a_sum_that_cloudwatch_does_not_have_is_refused(metric):
    rule = Rule("too-many", "ticket", "Too many.", Threshold(metric, "above", 5))
    with pytest.raises(ValueError, match="over all of its labels"):
        filled(TEMPLATE.read_text(), [rule])


def test_a_template_without_a_place_for_alarms_is_refused():
    with pytest.raises(ValueError, match="no place"):
        filled("Resources: {}\n", RULES)
