"""The maintenance switch of one process, and what it closes."""

import pytest

from brightspot.core.errors import InputRefused, SettingsError
from brightspot.core.settings import load
from brightspot.operations import forget_maintenance, maintenance_state, switch_maintenance
from brightspot.resilience.maintenance import Maintenance, MaintenanceSettings, MaintenanceSwitch


@pytest.fixture
def switch(clock):
    return MaintenanceSwitch(None, clock, MaintenanceSettings())


def test_nothing_is_closed_unless_somebody_says_so(switch):
    assert switch.state() == Maintenance(on=False, retry_after_seconds=300)
    assert not switch.state().closes("batch")


def test_the_settings_have_the_names_of_the_documents_and_say_what_is_closed(clock):
    environ = {
        "MAINTENANCE_MODE": "true",
        "MAINTENANCE_RETRY_AFTER_SECONDS": "60",
        "MAINTENANCE_FUNCTIONS": "batch, compare,",
    }
    state = MaintenanceSwitch(None, clock, load(MaintenanceSettings, environ)).state()
    assert state == Maintenance(on=True, retry_after_seconds=60, functions=("batch", "compare"))
    assert [state.closes(each) for each in ("batch", "compare", "analyze")] == [True, True, False]
    with pytest.raises(SettingsError, match="MAINTENANCE_RETRY_AFTER_SECONDS"):
        load(MaintenanceSettings, {"MAINTENANCE_RETRY_AFTER_SECONDS": "0"})


def test_the_switch_wins_over_the_settings_until_it_is_forgotten(clock):
    switch = MaintenanceSwitch(None, clock, MaintenanceSettings(on=True, retry_after_seconds=60))
    made = switch_maintenance(on=False, reason="over early", switch=switch)
    assert (made.on, made.set_by, made.since) == (False, "switch", "2026-01-01T00:00:00+00:00")
    assert maintenance_state(switch) == made
    assert not made.closes("batch")
    assert forget_maintenance(switch).on
    assert maintenance_state(switch).set_by == "setting"


def test_its_use_is_told_in_the_log(switch, caplog):
    switch.turn(on=True, functions=("batch",), reason="tables moved")
    (event,) = caplog.records
    assert (event.levelname, event.message) == ("WARNING", "maintenance_switched")
    assert (event.on, event.functions, event.reason) == (True, ("batch",), "tables moved")


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("retry_after_seconds", {"retry_after_seconds": 0}),
        ("retry_after_seconds", {"retry_after_seconds": 86_401}),
        ("functions", {"functions": ["Batch!"]}),
        ("functions", {"functions": ["batch"] * 21}),
        ("reason", {"reason": "two\nlines"}),
        ("reason", {"reason": "x" * 201}),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(switch, field, sent):
    with pytest.raises(InputRefused) as caught:
        switch_maintenance(on=True, switch=switch, **sent)
    assert caught.value.field == field
    assert not switch.state().on
