"""The state of one rule, from its looks alone: inactive, pending, firing, and resolved at the end of a firing."""

from typing import Literal

import msgspec

from brightspot.operations.alerting.rule import Rule

State = Literal["inactive", "pending", "firing"]
Change = Literal["began", "fired", "healed", "resolved"]


class Course(msgspec.Struct, frozen=True):
    """`looks` are the numbers of those that still count, each with whether it was bad, the newest last."""

    state: State = "inactive"
    looks: tuple[tuple[int, bool], ...] = ()

    @property
    def newest(self) -> int:
        """The number of the newest look; -1 before the first."""
        return self.looks[-1][0] if self.looks else -1


def step(course: Course, rule: Rule, number: int, *, bad: bool) -> tuple[Course, Change | None]:
    """What a look makes of it; a look that is not newer than the newest changes nothing.

    It fires while `rule.bad` of the last `rule.looks` numbers were bad: a number that nobody looked at was not. It is
    pending once the newest look is bad, until it fires or no bad look counts any more.
    """
    if number <= course.newest:
        return course, None
    looks = (*(each for each in course.looks if each[0] > number - rule.looks), (number, bad))
    count = sum(was_bad for _, was_bad in looks)
    if count >= rule.bad:
        state: State = "firing"
    elif bad or (count and course.state == "pending"):
        state = "pending"
    else:
        state = "inactive"
    return Course(state, looks), _change(course.state, state)


def _change(before: State, after: State) -> Change | None:
    if before == after:
        return None
    if after == "firing":
        return "fired"
    if before == "firing":
        return "resolved"
    return "began" if after == "pending" else "healed"
