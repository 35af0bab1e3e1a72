"""docs/settings.md is what the settings classes declare, and nothing reads a variable past them."""

import csv
import math
import re
import traceback
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core import settings as core_settings
from brightspot.core.errors import SettingsError
from brightspot.core.settings import Alias, load, setting
from brightspot_local.dev import template
from brightspot_local.documents import DEPLOYED, NAMED, NOT_READ
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


DOCUMENT_VARIABLES = [*csv.DictReader(Path(__file__).with_name("document_variables.csv").read_text().splitlines())]


@pytest.mark.parametrize("named", DOCUMENT_VARIABLES, ids=lambda named: named["name"])
def test_every_variable_that_a_document_names_is_on_the_page_with_its_document_and_unit(named):
    row = next(line for line in PAGE.read_text().splitlines() if line.startswith("|") and f"`{named['name']}`" in line)
    assert ", ".join(each for each in (named["document"], named["unit"]) if each) in row
    where = [named["name"] in each for each in (variables(), DEPLOYED, NOT_READ)]
    assert where.count(True) == 1, "it is read, or a parameter of the template, or said not to be read"


def test_what_is_said_when_the_stack_is_deployed_is_a_parameter_of_the_template():
    assert {parameter for parameter, _ in DEPLOYED.values()} <= set(template.load()["Parameters"])


def test_the_documents_name_no_other_variables():
    assert {each["name"] for each in DOCUMENT_VARIABLES} == set(NAMED)


# What a shell or a file of settings may hold: no control characters, never empty.
TEXTS = st.one_of(
    st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF), min_size=1, max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["true", "OFF", "15m", "1e999", "-0", "0x10", "\uff19", "nan", "inf", "1_000"]),
)


@given(data=st.data(), text=TEXTS)
def test_a_setting_is_read_or_refused_by_its_name_and_what_it_may_be(data, text):
    group = data.draw(st.sampled_from(groups()))
    item = data.draw(st.sampled_from(fields(group)))
    name = data.draw(st.sampled_from([item.metadata["variable"], *(each.variable for each in item.metadata["also"])]))
    value, refusal = read_or_refused(group, item, {name: text})
    if refusal:
        assert re.match(rf"{name}=.+: send .+ \({re.escape(item.metadata['text'])}\)$", refusal, re.DOTALL)
        assert not item.metadata["secret"]
        return
    least, most = item.metadata["least"], item.metadata["most"]
    assert not isinstance(value, float) or math.isfinite(value)
    assert least is None or value >= least
    assert most is None or value <= most


def read_or_refused(group, item, environ):
    try:
        return getattr(load(group, environ), item.name), ""
    except SettingsError as refused:
        return None, str(refused)


def test_a_secret_that_cannot_be_read_is_not_told():
    @dataclass(frozen=True)
    class Group:
        pin: int = setting("A_PIN", 1, "a number", secret=True, most=9)

    for sent in ("hunter2", "1234"):
        with pytest.raises(SettingsError, match=r"A_PIN=\[secret\]: send") as refused:
            load(Group, {"A_PIN": sent})
        assert sent not in "".join(traceback.format_exception(refused.value))


def test_a_secret_that_disagrees_with_its_other_name_is_not_told():
    @dataclass(frozen=True)
    class Group:
        key: str = setting("A_KEY", "", "a key", secret=True, also=[Alias("ITS_KEY")])

    with pytest.raises(SettingsError, match=r"A_KEY=\[secret\] and ITS_KEY=\[secret\] disagree"):
        load(Group, {"A_KEY": "one", "ITS_KEY": "other"})


SWITCHES = {
    item.metadata["variable"]: (group, item.metadata["off"])
    for group in groups()
    for item in fields(group)
    if item.metadata["variable"].endswith("_ENABLED") and item.default is True
}


@pytest.mark.parametrize("variable", SWITCHES)
def test_each_switch_that_is_false_says_once_what_it_switches_off(variable, monkeypatch):
    group, off = SWITCHES[variable]
    assert off
    monkeypatch.setattr(core_settings, "_told_off", set())
    monkeypatch.setenv(variable, "false")
    told = []
    monkeypatch.setattr(core_settings._log, "warning", lambda message, extra: told.append((message, extra)))
    load(group)
    load(group)
    assert told == [("switched_off", {"setting": f"{variable}=false", "what": off})]
