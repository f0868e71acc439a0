"""Exercise: choose the documents of a large collection that are most like a small one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import LIST

Numbers = list[float]


def mined_documents(inside: Numbers, outside: Numbers, counts: list[int], budget: int) -> list[int]:
    """Return the places of the documents with the least difference of losses for each token.

    After Moore and Lewis, 2010, https://aclanthology.org/P10-2041/.
    """
    triples = zip(inside, outside, counts, strict=True)
    scores = [(one - other) / count for one, other, count in triples]
    chosen: list[int] = []
    for place in sorted(range(len(scores)), key=lambda place: scores[place]):
        if counts[place] <= budget:
            chosen.append(place)
            budget -= counts[place]
    return chosen


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two documents, then one trap after another, then drawn numbers."""
    yield Case("the more alike first", [20.0, 10.0], [15.0, 15.0], [5, 5], 10)
    yield Case("general ease does not count", [5.0, 9.0], [4.0, 12.0], [3, 3], 3)
    yield Case("losses for each token", [10.0, 48.0], [14.0, 54.0], [2, 20], 22)
    yield Case("nothing fits", [3.0], [2.0], [7], 6)
    yield Case("passed over", [1.0, 8.0, 6.0], [9.0, 12.0, 7.0], [6, 4, 3], 9)
    for _ in range(2):
        counts = rng.integers(2, 30, size=12)
        inside, outside = counts * rng.uniform(2, 6, size=(2, 12))
        yield Case(
            "drawn documents", inside.tolist(), outside.tolist(), counts.tolist(),
            int(counts.sum() // 2),
        )  # fmt: skip


def sums_of_losses(inside: list[float], outside: list[float], counts: list[int], budget: int) -> list[int]:  # fmt: skip # noqa: E501
    """Compare sums."""
    scores = [one - other for one, other in zip(inside, outside, strict=True)]
    chosen = []
    for place in sorted(range(len(scores)), key=lambda place: scores[place]):
        if counts[place] <= budget:
            chosen.append(place)
            budget -= counts[place]
    return chosen


def wrong_way(inside: list[float], outside: list[float], counts: list[int], budget: int) -> list[int]:  # fmt: skip # noqa: E501
    """Take the greatest difference first."""
    scores = [(o - i) / n for i, o, n in zip(inside, outside, counts, strict=True)]
    chosen = []
    for place in sorted(range(len(scores)), key=lambda place: scores[place]):
        if counts[place] <= budget:
            chosen.append(place)
            budget -= counts[place]
    return chosen


def inside_only(inside: list[float], outside: list[float], counts: list[int], budget: int) -> list[int]:  # fmt: skip # noqa: E501
    """Look at one model alone."""
    scores = [one / count for one, count in zip(inside, counts, strict=True)]
    chosen = []
    for place in sorted(range(len(scores)), key=lambda place: scores[place]):
        if counts[place] <= budget:
            chosen.append(place)
            budget -= counts[place]
    return chosen


def stopped(inside: list[float], outside: list[float], counts: list[int], budget: int) -> list[int]:
    """Stop at the first that does not fit."""
    scores = [(i - o) / n for i, o, n in zip(inside, outside, counts, strict=True)]
    chosen = []
    for place in sorted(range(len(scores)), key=lambda place: scores[place]):
        if counts[place] > budget:
            break
        chosen.append(place)
        budget -= counts[place]
    return chosen


def over_budget(inside: list[float], outside: list[float], counts: list[int], budget: int) -> list[int]:  # fmt: skip # noqa: E501
    """Ask whether anything is left, not whether it suffices."""
    scores = [(i - o) / n for i, o, n in zip(inside, outside, counts, strict=True)]
    chosen = []
    for place in sorted(range(len(scores)), key=lambda place: scores[place]):
        if budget > 0:
            chosen.append(place)
            budget -= counts[place]
    return chosen


def documents_counted(inside: list[float], outside: list[float], counts: list[int], budget: int) -> list[int]:  # fmt: skip # noqa: E501
    """Take the budget for a number of documents."""
    scores = [(i - o) / n for i, o, n in zip(inside, outside, counts, strict=True)]
    return sorted(range(len(scores)), key=lambda place: scores[place])[:budget]


def by_argsort(inside: Any, outside: Any, counts: Any, budget: int) -> list[int]:
    """Sort with NumPy."""
    scores = (np.asarray(inside) - np.asarray(outside)) / np.asarray(counts)
    chosen: list[int] = []
    for place in np.argsort(scores, kind="stable").tolist():
        if sum(counts[other] for other in chosen) + counts[place] <= budget:
            chosen.append(place)
    return chosen


def by_repeated_minimum(inside: Any, outside: Any, counts: Any, budget: int) -> list[int]:
    """Look for the least again and again among what fits."""
    left, chosen = set(range(len(counts))), []
    while fitting := [place for place in left if counts[place] <= budget]:
        best = min(fitting, key=lambda p: ((inside[p] - outside[p]) / counts[p], p))
        chosen.append(best)
        left.remove(best)
        budget -= counts[best]
    return chosen


EXERCISE = Exercise(
    name="mined_documents",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch03_training.mined_documents:mined_documents",
    cases=cases,
    returns=LIST,
    alternatives=(by_argsort, by_repeated_minimum),
    mistakes=(
        Mistake("sums instead of means", sums_of_losses,
                "A long document has a large sum of losses, and a large difference. Divide by its "
                "tokens before you compare."),
        Mistake("the wrong way round", wrong_way,
                "You take what surprises the small collection's model most. Like it is what that "
                "model finds easy and the general one hard: inside − outside, the least first."),
        Mistake("one model alone", inside_only,
                "A sentence of common words is easy for every model. Only the *difference* to the "
                "general model tells what is special."),
        Mistake("stopped too early", stopped,
                "The first document that did not fit ended the search. Pass it over: a shorter one "
                "further down may fit."),
        Mistake("over the budget", over_budget,
                "The last document is longer than what is left. Compare its tokens with the rest "
                "of the budget."),
        Mistake("documents counted", documents_counted,
                "The budget counts tokens, not documents."),
    ),
    hints=(
        "What does it mean when the small collection's model finds a document easier than the "
        "general model does?",
        "score = (inside − outside) / count: which end of the sorted scores do you want? Walk from "
        "there and keep what still fits.",
        "for place in sorted(range(len(scores)), key=scores.__getitem__): if counts[place] <= "
        "budget: append it, and take its tokens off the budget.",
    ),
)  # fmt: skip
