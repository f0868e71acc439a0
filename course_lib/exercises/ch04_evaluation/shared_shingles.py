"""Exercise: how alike two texts are, by their runs of characters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import NUMBER


def shared_shingles(first: str, second: str, size: int) -> float:
    """Return the share of all runs of ``size`` characters that stand in both texts."""
    one, other = _runs(first, size), _runs(second, size)
    either = one | other
    return len(one & other) / len(either) if either else 0.0


def _runs(text: str, size: int) -> set[str]:
    return {text[start : start + size] for start in range(len(text) - size + 1)}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield short words first; then repeats, Chinese, capitals, too short texts, and sentences."""
    yield Case("by hand", "banal", "canal", 3)
    yield Case("runs that come twice", "banana", "bananas", 2)
    yield Case("the last run", "abcx", "yabc", 2)
    yield Case("one text in another", "happy", "unhappiness", 3)
    yield Case("Chinese", "我们学习语言", "我们学习", 2)
    yield Case("capitals", "Banal", "banal Canal", 3)
    yield Case("too short", "a", "b", 3)
    yield Case("too short", "an", "an", 3)
    yield Case("too short", "an", "banana", 3)
    words = np.array(["we", "count", "pairs", "of", "words", "and", "merge", "them"])
    yield Case("sentences", " ".join(rng.permutation(words)), " ".join(words), 4)


def by_columns(first: str, second: str, size: int) -> float:
    """Be right with shifted copies of the text, read side by side."""
    one, other = (
        set(zip(*(text[shift:] for shift in range(size)), strict=False)) for text in (first, second)
    )
    return len(one & other) / max(len(one | other), 1)


def by_lists(first: str, second: str, size: int) -> float:
    """Be right with lists that take a run only once."""
    sides: list[list[str]] = []
    for text in (first, second):
        side: list[str] = []
        for end in range(size, len(text) + 1):
            if text[end - size : end] not in side:
                side.append(text[end - size : end])
        sides.append(side)
    shared = sum(run in sides[1] for run in sides[0])
    either = len(sides[0]) + len(sides[1]) - shared
    return shared / either if either else 0.0


def _jaccard(first: set[str], second: set[str]) -> float:
    return len(first & second) / max(len(first | second), 1)


def with_repeats(first: str, second: str, size: int) -> float:
    """Count runs as often as they come."""
    one = [first[start : start + size] for start in range(len(first) - size + 1)]
    other = [second[start : start + size] for start in range(len(second) - size + 1)]
    shared = sum(run in other for run in one)
    return shared / (len(one) + len(other) - shared) if one or other else 0.0


def of_the_smaller(first: str, second: str, size: int) -> float:
    """Divide by the runs of the shorter text."""
    one, other = _runs(first, size), _runs(second, size)
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def dice(first: str, second: str, size: int) -> float:
    """Divide by the mean number of runs."""
    one, other = _runs(first, size), _runs(second, size)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def last_one_missing(first: str, second: str, size: int) -> float:
    """End one run too early."""
    one = {first[start : start + size] for start in range(len(first) - size)}
    other = {second[start : start + size] for start in range(len(second) - size)}
    return len(one & other) / len(one | other) if one | other else 0.0


def ragged_ends(first: str, second: str, size: int) -> float:
    """Take the shorter runs at the end as well."""
    one = {first[start : start + size] for start in range(len(first))}
    other = {second[start : start + size] for start in range(len(second))}
    return len(one & other) / len(one | other) if one | other else 0.0


def words_for_runs(first: str, second: str, size: int) -> float:
    """Compare words."""
    one, other = set(first.split()), set(second.split())
    return len(one & other) / len(one | other) if one | other else 0.0


def no_runs_no_answer(first: str, second: str, size: int) -> float:
    """Divide by zero where both are too short."""
    one, other = _runs(first, size), _runs(second, size)
    return len(one & other) / len(one | other)


def short_text_as_a_run(first: str, second: str, size: int) -> float:
    """Take a text that is too short for a run."""
    return _jaccard(*(_runs(text, size) or {text} for text in (first, second)))


def capitals_ignored(first: str, second: str, size: int) -> float:
    """Lower the capitals first."""
    return shared_shingles(first.lower(), second.lower(), size)


def side_by_side(first: str, second: str, size: int) -> float:
    """Cut the texts into pieces that do not overlap."""

    def pieces(text: str) -> set[str]:
        return {text[start : start + size] for start in range(0, len(text) - size + 1, size)}

    return _jaccard(pieces(first), pieces(second))


def letters_for_runs(first: str, second: str, size: int) -> float:
    """Compare single characters."""
    return _jaccard(set(first), set(second))


EXERCISE = Exercise(
    name="shared_shingles",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.exercises.ch04_evaluation.shared_shingles:shared_shingles",
    cases=cases,
    compare=close(),
    returns=NUMBER,
    alternatives=(by_columns, by_lists),
    not_by=("course_lib.evaluation:jaccard", "course_lib.evaluation:shingles"),
    mistakes=(
        Mistake("repeats counted", with_repeats,
                "A run that comes twice was counted twice. Likeness is of *sets*: what occurs, "
                "not how often."),
        Mistake("share of the smaller", of_the_smaller,
                "You divided by the runs of the smaller text: a short text within a long one is "
                "then wholly alike. Divide by the runs that stand in either."),
        Mistake("Dice for Jaccard", dice,
                "That is Dice's coefficient: shared runs count twice above, and below both texts "
                "are added. Divide by the *union*, where shared runs count once."),
        Mistake("last run missing", last_one_missing,
                "The last run is missing: a text of n characters has n - size + 1 runs, and range "
                "ends before its end."),
        Mistake("ragged ends", ragged_ends,
                "At the end there are runs shorter than size. Stop where a whole run no longer "
                "fits."),
        Mistake("words for runs", words_for_runs,
                "You compared words. happy and unhappiness share no word, but runs of letters; "
                "and Chinese has no spaces to cut at."),
        Mistake("nothing to divide by", no_runs_no_answer,
                "Two texts that are too short have no runs: 0 / 0. Return 0.0 there."),
        Mistake("a short text as a run", short_text_as_a_run,
                "A text shorter than size counts as a run of its own here. It has no run: its set "
                "is empty."),
        Mistake("capitals ignored", capitals_ignored,
                "You lowered the capitals first. Many libraries do; here a run is what stands "
                "there, and B is not b."),
        Mistake("pieces that do not overlap", side_by_side,
                "The texts were cut into pieces side by side. One letter more at the start would "
                "then change all of them: let a run begin at every character."),
        Mistake("letters for runs", letters_for_runs,
                "You compared single characters. set(text) holds those; a run is "
                "text[i : i + size]."),
    ),
    hints=(
        "Which runs of three letters has banal, which has canal? Which stand in both?",
        "A set keeps each run once. & gives what is in both sets, | what is in either.",
        "{text[i : i + size] for i in range(len(text) - size + 1)} is the set of one text; return "
        "len(one & other) / len(one | other), or 0.0 where both are empty.",
    ),
)  # fmt: skip
