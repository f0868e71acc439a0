"""Exercise: a split that leaves no group on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import BOOLEAN, BOOLEAN_ARRAY, LIST, each, either


def split_by_group(groups: list[str], order: list[str], share: float) -> list[bool]:
    """Return whether each example belongs to the test, taking whole groups in ``order``."""
    chosen: set[str] = set()
    count = 0
    for group in order:
        if count >= share * len(groups):
            break
        chosen.add(group)
        count += groups.count(group)
    return [group in chosen for group in groups]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield four examples first; then groups of odd sizes, exact shares, none, and drawn ones."""
    yield Case("by hand", ["a", "b", "a", "b"], ["b", "a"], 0.5)
    yield Case("a group of one beside a large one", ["a", "b", "b", "b", "c"], ["c", "b", "a"], 0.3)
    yield Case("a share between two sizes", ["a", "a", "b", "b", "c", "c"], ["c", "a", "b"], 0.4)
    yield Case("a share between two sizes", list("aaabc"), ["a", "b", "c"], 0.5)
    yield Case("reached exactly", ["a", "b", "c", "c", "d", "d"], ["a", "b", "c", "d"], 1 / 3)
    yield Case("a share that is no whole number", list("aabbbcc"), ["a", "b", "c"], 0.4)
    yield Case("a share of 0", ["a", "b", "b"], ["a", "b"], 0.0)
    names = list("abcdefg")
    groups = [*names, *rng.choice(names, 21, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05])]
    order = rng.permutation(names).tolist()
    yield Case("many examples", [str(name) for name in rng.permutation(groups)], order, 0.25)
    yield Case("a large share", [str(name) for name in rng.permutation(groups)], order, 0.6)


def by_running_sums(groups: list[str], order: list[str], share: float) -> Any:
    """Be right with the groups' sizes, added up, and arrays."""
    before = np.cumsum([0, *(groups.count(group) for group in order)])[:-1]
    chosen = np.array(order)[before < share * len(groups)]
    return np.isin(groups, chosen)


def while_too_small(groups: list[str], order: list[str], share: float) -> list[bool]:
    """Be right with a while loop that marks the examples at once."""
    marks, place = [False] * len(groups), 0
    while sum(marks) < share * len(groups):
        marks = [mark or name == order[place] for mark, name in zip(marks, groups, strict=True)]
        place += 1
    return marks


def by_rows(groups: list[str], order: list[str], share: float) -> Any:
    """Cut at the number of rows, in the middle of a group."""
    ranked = sorted(range(len(groups)), key=lambda place: order.index(groups[place]))
    chosen = set(ranked[: int(np.ceil(share * len(groups) - 1e-9))])
    return [place in chosen for place in range(len(groups))]


def share_of_groups(groups: list[str], order: list[str], share: float) -> Any:
    """Take that share of the groups' names."""
    chosen = order[: int(np.ceil(share * len(order) - 1e-9))]
    return [group in chosen for group in groups]


def stops_short(groups: list[str], order: list[str], share: float) -> Any:
    """Stop before the group that would pass the share."""
    chosen: list[str] = []
    for group in order:
        if sum(groups.count(name) for name in [*chosen, group]) > share * len(groups):
            break
        chosen.append(group)
    return [group in chosen for group in groups]


def one_too_many(groups: list[str], order: list[str], share: float) -> Any:
    """Ask whether the share has been passed, not reached."""
    chosen: list[str] = []
    for group in order:
        if sum(map(groups.count, chosen)) > share * len(groups):
            break
        chosen.append(group)
    return [group in chosen for group in groups]


def other_side(groups: list[str], order: list[str], share: float) -> Any:
    """Mark the training side."""
    return [not test for test in split_by_group(groups, order, share)]


def first_rows(groups: list[str], order: list[str], share: float) -> Any:
    """Take the first rows, whatever group they are of."""
    count = int(np.ceil(share * len(groups) - 1e-9))
    return [place < count for place in range(len(groups))]


def taken_before_asked(groups: list[str], order: list[str], share: float) -> Any:
    """Take a group first, then ask whether that is enough."""
    chosen: list[str] = []
    for group in order:
        chosen.append(group)
        if sum(map(groups.count, chosen)) >= share * len(groups):
            break
    return [group in chosen for group in groups]


def rounded_down(groups: list[str], order: list[str], share: float) -> Any:
    """Aim at a whole number of examples, rounded down."""
    return split_by_group(groups, order, int(share * len(groups)) / len(groups))


def largest_first(groups: list[str], order: list[str], share: float) -> Any:
    """Take the groups by their size instead of in order."""
    return split_by_group(groups, sorted(order, key=lambda name: -groups.count(name)), share)


EXERCISE = Exercise(
    name="split_by_group",
    points=3,
    difficulty=3,
    minutes=12,
    reference="course_lib.exercises.ch04_evaluation.split_by_group:split_by_group",
    cases=cases,
    returns=either(each(BOOLEAN, LIST), BOOLEAN_ARRAY),
    alternatives=(by_running_sums, while_too_small),
    mistakes=(
        Mistake("a group cut in two", by_rows,
                "The number of examples is right, but a group lies on both sides. Take a group "
                "whole or not at all, even if the test grows a little."),
        Mistake("share of the groups", share_of_groups,
                "You took that share of the *names*. Groups differ in size: count examples."),
        Mistake("stops short", stops_short,
                "You stopped before the group that passes the share, so the test stays too small, "
                "or empty. Go on until the share is reached."),
        Mistake("one group too many", one_too_many,
                "Where the share is reached exactly, that is enough: stop at >=, not at >."),
        Mistake("the other side", other_side,
                "True marks the training side here. True should mean: in the test."),
        Mistake("the first rows", first_rows,
                "These are the first rows, whatever group they are of. Go by order, group by "
                "group."),
        Mistake("taken before asked", taken_before_asked,
                "A group is taken before you ask whether one is needed: a share of 0 gets one too. "
                "Ask first, then take."),
        Mistake("int(share · n)", rounded_down,
                "int(share * n) rounds down, so the test may stay below its share. Compare the "
                "count with share * n itself."),
        Mistake("the largest first", largest_first,
                "You took the groups by size. The order is given, and random for a reason: the "
                "test should not hold the large ones alone."),
    ),
    hints=(
        "Take the groups in order, one by one, by hand. When do you stop?",
        "Before you take a group, ask how many examples you have already: is it share times all of "
        "them, or more?",
        "for group in order: break if count >= share * len(groups); else add the group to a set "
        "and groups.count(group) to count. At the end [group in chosen for group in groups].",
    ),
)  # fmt: skip
