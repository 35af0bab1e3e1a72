"""Several that look at once, twice or not at all, and channels that are down: each firing and its end are told once."""

from hypothesis import example, given
from hypothesis import strategies as st

from brightspot.operations.alerting.board import MemoryShelf
from brightspot.resilience import Deadline
from tests.unit.operations.alerting.board import PAGE, PLAN, World

FIRED, ENDED = ("not-healthy", "firing"), ("not-healthy", "resolved")
ILL = (0, 1)  # the lowest and the highest reading of a minute


class Crowded(MemoryShelf):
    """Between a load and its save, another evaluation runs from its beginning to its end."""

    def __init__(self):
        super().__init__()
        self.between = None

    def save(self, board, version):
        between, self.between = self.between, None
        if between is not None:
            between()
        return super().save(board, version)


def test_two_that_evaluate_at_once_tell_once():
    shelf = Crowded()
    world = World(shelf=shelf)
    for healthy in (ILL, ILL, (1, 1), (1, 1)):
        other = world.another()
        shelf.between = lambda other=other: other.evaluate(_soon(world))
        world.minute(healthy)
    assert world.said() == [FIRED, ENDED]


def _soon(world):
    return Deadline.after(world.clock, 30)


MINUTES = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3)), max_size=40)


@given(MINUTES)
@example([(True, False, 0), (True, False, 1), (False, False, 0), (False, False, 0), (True, False, 0), (True, False, 1)])
def test_whatever_comes_each_firing_is_told_once_and_then_its_end_once(minutes):
    """Minutes that are ill or not, in which the channel is down or not, and that nobody, one or several look at."""
    world, ills, looked = World(rules=(PAGE,), plan=type(PLAN)(PLAN.first)), [], 0
    for ill, down, looks in [*minutes, (False, False, 1)]:
        world.channels["webhook"].down = down
        ills.append(ill)
        world.minute(ILL if ill else (1, 1), looks=looks)
        if not looked and looks:
            looked = len(ills)  # what was before the first look is nobody's
    fires = sum(ills[max(looked - 1, len(ills) - 3) :]) >= 2
    assert [each.state for each in world.board.active.values()].count("firing") == fires
    said = world.said()
    assert said == [FIRED, ENDED] * (len(said) // 2) + [FIRED] * fires
    assert world.board.parcels == ()
