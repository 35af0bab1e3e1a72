"""A function behind a state machine."""

import json
import logging
from types import SimpleNamespace

import pytest

from brightspot.store import step_entry
from brightspot.telemetry import DATABASE_ERRORS, count
from tests.emf_spec import documents

CONTEXT = SimpleNamespace(
    aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef", get_remaining_time_in_millis=lambda: 60_000
)


pytestmark = pytest.mark.usefixtures("_told")


def test_what_is_made_of_the_input_is_the_output_and_figures_are_written_once(capsys):
    def run(event, deadline):
        logging.getLogger("brightspot.tests").info("step_ran")
        count(DATABASE_ERRORS)
        return {**event, "well_before_the_end": 50 < deadline.remaining() < 60}

    assert step_entry("scoring", run)({"a": 1}, CONTEXT) == {"a": 1, "well_before_the_end": True}
    printed = capsys.readouterr().out
    lines = "".join(f"{line}\n" for line in printed.splitlines() if "_aws" in line)
    assert [root["DatabaseErrors"] for root in documents(lines)] == [[1]]
    (event,) = [json.loads(line) for line in printed.splitlines() if "step_ran" in line]
    assert event["correlation_id"] == CONTEXT.aws_request_id


def test_what_is_raised_fails_the_state_and_figures_are_told(capsys):
    def run(*_):
        count(DATABASE_ERRORS)
        raise KeyError("as the test asks")

    with pytest.raises(KeyError):
        step_entry("scoring", run)({}, CONTEXT)
    assert "DatabaseErrors" in capsys.readouterr().out
