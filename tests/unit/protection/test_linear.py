"""No text makes a search slow: told from the patterns' own trees, not by the clock.

A repeat that is possessive gives nothing back, so a search tries each place once and reads at most the pattern's width
there. What may be tried again at one place are the branches of alternations; their number is bounded, too.
"""

from re import _constants as names  # the tree that `re` itself compiles
from re import _parser as trees

import pytest

from brightspot.protection import decoding, structure
from brightspot.protection.signs import SIGNS

PATTERNS = sorted({step for sign in SIGNS for step in sign.steps})
MOST_WIDTH = 500
UNBOUNDED = [structure.STRING.decode(), decoding._SPACES.pattern]


def repeats(tree):
    """(operation, least, most, inner) of every repeat in a tree, wherever it stands."""
    for operation, argument in tree:
        if operation in {names.MAX_REPEAT, names.MIN_REPEAT, names.POSSESSIVE_REPEAT}:
            least, most, inner = argument
            yield operation, least, most, inner
            yield from repeats(inner)
        elif operation is names.SUBPATTERN:
            yield from repeats(argument[-1])
        elif operation is names.BRANCH:
            for branch in argument[1]:
                yield from repeats(branch)
        elif operation in {names.ASSERT, names.ASSERT_NOT}:
            yield from repeats(argument[1])
        elif operation is names.ATOMIC_GROUP:
            yield from repeats(argument)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_repeat_is_bounded_and_gives_nothing_back(pattern):
    tree = trees.parse(pattern)
    for operation, least, most, inner in repeats(tree):
        assert operation is names.POSSESSIVE_REPEAT or least == most or (least, most) == (0, 1), pattern
        assert most is not names.MAXREPEAT, pattern
        assert most == 1 or not [*repeats(inner)], f"a repeat within a repeat: {pattern}"
    assert tree.getwidth()[1] <= MOST_WIDTH, pattern


@pytest.mark.parametrize("pattern", UNBOUNDED)
def test_the_two_that_know_no_bound_give_nothing_back_and_cannot_fail_where_they_began(pattern):
    for operation, least, most, _ in repeats(trees.parse(pattern)):
        assert operation is names.POSSESSIVE_REPEAT or (least, most) == (0, 1)


def test_a_pattern_that_could_be_tried_again_would_be_seen():
    seen = [operation for operation, *_ in repeats(trees.parse(r"(?:a{0,3}+|b+)*c"))]
    assert seen == [names.MAX_REPEAT, names.POSSESSIVE_REPEAT, names.MAX_REPEAT]
