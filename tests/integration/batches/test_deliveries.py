"""No delivery changes what a batch has answered, in memory and in the table."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from brightspot.locations.batches.dynamo import DynamoBatches
from brightspot.locations.batches.seam import MemoryBatches
from tests.integration.batches.machine import machine

USUAL = settings(suppress_health_check=list(HealthCheck), print_blob=True)


def test_deliveries_in_memory():
    run_state_machine_as_test(
        machine(MemoryBatches), settings=settings(USUAL, max_examples=100, stateful_step_count=25)
    )


def test_deliveries_in_the_table(aws):
    without_shrinking = (Phase.explicit, Phase.reuse, Phase.generate)  # moto is slow
    fresh = settings(USUAL, max_examples=12, stateful_step_count=15, phases=without_shrinking)
    run_state_machine_as_test(machine(lambda clock: DynamoBatches(aws.settings, clock)), settings=fresh)
