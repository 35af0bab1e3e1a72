"""A rule fires while enough of its last looks were bad, and every firing has exactly one end; whatever comes when."""

from hypothesis import given
from hypothesis import strategies as st

from brightspot.operations.alerting.course import Course, step
from brightspot.operations.alerting.rule import Rule, Threshold
from brightspot.telemetry import HEALTHY

CONDITION = Threshold(HEALTHY, "below", 1)
RULES = st.integers(1, 6).flatmap(
    lambda looks: st.integers(1, looks).map(
        lambda bad: Rule("a-rule", "page", "It is so.", CONDITION, looks=looks, bad=bad)
    )
)
# Numbers that grow, repeat, go back and leave gaps, as schedules do that deliver twice and out of order.
LOOKS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60)


def walked(rule, looks):
    """Each course with the change that led there."""
    course = Course()
    for number, bad in looks:
        course, changed = step(course, rule, number, bad=bad)
        yield course, changed


def taken(looks):
    """Those that count: newer than all before."""
    kept = {}
    for number, bad in looks:
        if not kept or number > max(kept):
            kept[number] = bad
        yield dict(kept)


@given(RULES, LOOKS)
def test_it_fires_exactly_while_enough_of_the_last_looks_were_bad(rule, looks):
    for (course, _), known in zip(walked(rule, looks), taken(looks), strict=True):
        newest = max(known)
        count = sum(bad for number, bad in known.items() if number > newest - rule.looks)
        assert (course.state == "firing") is (count >= rule.bad)
        assert course.state != "pending" or count > 0
        assert course.state == "firing" or not known[newest] or course.state == "pending"


@given(RULES, LOOKS)
def test_every_firing_is_followed_by_exactly_one_end(rule, looks):
    marks = [changed for _, changed in walked(rule, looks) if changed in {"fired", "resolved"}]
    assert marks == ["fired", "resolved"] * (len(marks) // 2) + ["fired"] * (len(marks) % 2)


@given(RULES, LOOKS, st.integers(0, 59), st.booleans())
def test_a_look_that_comes_twice_or_late_changes_nothing(rule, looks, back, bad):
    course = Course()
    for course, _ in walked(rule, looks):
        late = max(0, course.newest - back)
        assert step(course, rule, late, bad=bad) == (course, None)


@given(RULES, LOOKS)
def test_no_more_is_kept_than_counts(rule, looks):
    for course, _ in walked(rule, looks):
        assert len(course.looks) <= rule.looks


def test_a_pending_one_that_heals_never_fires():
    rule = Rule("a-rule", "page", "It is so.", CONDITION, looks=3, bad=2)
    told = [changed for _, changed in walked(rule, [(1, True), (2, False), (3, False), (4, False)])]
    assert told == ["began", None, None, "healed"]
