"""The order of tasks that are submitted together: what depends on what by label, and that nothing waits for itself."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from brightspot.core.errors import InputRefused
from brightspot.tasks.shapes import NewTask


def labels_of(tasks: Sequence[NewTask]) -> Mapping[str, int]:
    """The position of each label. Raises InputRefused when two tasks have the same."""
    labels: dict[str, int] = {}
    for at, task in enumerate(tasks):
        if task.label is not None:
            if task.label in labels:
                raise InputRefused("label", f"two tasks are labelled {task.label}; label each of them differently")
            labels[task.label] = at
    return labels


def in_order(tasks: Sequence[NewTask], labels: Mapping[str, int]) -> list[int]:
    """Positions of all tasks, each after those that it depends on. Raises InputRefused, naming the circle."""
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for at, task in enumerate(tasks):
        sorter.add(at, *(labels[each] for each in task.config.depends_on if each in labels))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        circle = " -> ".join(str(tasks[at].label) for at in reversed(error.args[1]))
        raise InputRefused("depends_on", f"tasks wait for each other in a circle: {circle}") from error
