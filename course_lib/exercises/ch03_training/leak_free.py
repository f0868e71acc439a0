"""Exercise: training documents that are not, in another dress, in the validation set."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import LIST


def leak_free(training: list[str], validation: list[str]) -> list[str]:
    """Return the different training documents that validation does not hold."""
    seen = {" ".join(text.lower().split()) for text in validation}
    kept = []
    for text in training:
        key = " ".join(text.lower().split())
        if key not in seen:
            seen.add(key)
            kept.append(text)
    return kept


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one leak after another, then documents drawn from few words."""
    yield Case("nothing to remove", ["One array.", "Two graphs."], ["Three words."])
    yield Case("the same document", ["One array.", "Two graphs."], ["One array."])
    yield Case("capitals", ["ONE Array.", "Two graphs."], ["One array."])
    yield Case("white space", ["One  array.\n", " Two\tgraphs. "], ["Two graphs."])
    yield Case("twice in training", ["A b.", "C d.", "a  b.", "C d."], ["X y."])
    yield Case("words run together", ["One array.", "Onearray.", "A b c"], ["ab c"])
    yield Case("long runs", ["A    b.", "C\t\t \n d."], ["a b.", "c d."])
    yield Case("punctuation counts", ["One array", "One array!", "Two, graphs"], ["One array."])
    yield Case("lower-casing alone", ["Straße", "STRASSE"], ["strasse"])
    yield Case("a part of a longer one", ["One array.", "Graphs."], ["One array. Two graphs."])
    words = ["Sum", "sum", "of", "OF", "rows", "Rows"]
    drawn = [" ".join(map(str, rng.choice(words, 2))) for _ in range(14)]
    yield Case("drawn documents", ["sum  Of", *drawn[:9], "of sum"], ["SUM of", *drawn[11:]])


def exact_only(training: list[str], validation: list[str]) -> list[str]:
    """Compare the texts as they are."""
    held = set(validation)
    return [text for text in dict.fromkeys(training) if text not in held]


def case_kept(training: list[str], validation: list[str]) -> list[str]:
    """Fold white space alone."""
    seen, kept = {" ".join(text.split()) for text in validation}, []
    for text in training:
        key = " ".join(text.split())
        if key not in seen:
            seen.add(key)
            kept.append(text)
    return kept


def space_kept(training: list[str], validation: list[str]) -> list[str]:
    """Fold capitals and the ends alone."""
    seen, kept = {text.lower().strip() for text in validation}, []
    for text in training:
        key = text.lower().strip()
        if key not in seen:
            seen.add(key)
            kept.append(text)
    return kept


def doubles_kept(training: list[str], validation: list[str]) -> list[str]:
    """Look at validation alone."""
    held = {" ".join(text.lower().split()) for text in validation}
    return [text for text in training if " ".join(text.lower().split()) not in held]


def any_part(training: list[str], validation: list[str]) -> list[str]:
    """Remove what any validation document contains."""
    held, seen, kept = [" ".join(text.lower().split()) for text in validation], set(), []
    for text in training:
        key = " ".join(text.lower().split())
        if key not in seen and not any(key in other for other in held):
            seen.add(key)
            kept.append(text)
    return kept


def folded(training: list[str], validation: list[str]) -> list[str]:
    """Return the keys instead of the texts."""
    held = {" ".join(text.lower().split()) for text in validation}
    keys = dict.fromkeys(" ".join(text.lower().split()) for text in training)
    return [key for key in keys if key not in held]


def space_removed(training: list[str], validation: list[str]) -> list[str]:
    """Take all white space out."""
    return _by_key(training, validation, lambda text: "".join(text.lower().split()))


def doubled_spaces(training: list[str], validation: list[str]) -> list[str]:
    """Replace double spaces once."""
    return _by_key(training, validation, lambda text: text.lower().replace("  ", " ").strip())


def without_punctuation(training: list[str], validation: list[str]) -> list[str]:
    """Compare words alone."""
    return _by_key(training, validation, lambda text: " ".join(re.findall(r"\w+", text.lower())))


def case_folded(training: list[str], validation: list[str]) -> list[str]:
    """Fold cases, which makes ß into ss."""
    return _by_key(training, validation, lambda text: " ".join(text.casefold().split()))


def _by_key(training: list[str], validation: list[str], key: Callable[[str], str]) -> list[str]:
    """Keep the first text of each key that validation does not have."""
    seen, kept = set(map(key, validation)), []
    for text in training:
        if key(text) not in seen:
            seen.add(key(text))
            kept.append(text)
    return kept


def by_pattern(training: list[str], validation: list[str]) -> list[str]:
    """Fold white space by a pattern."""
    return _by_key(training, validation, lambda text: re.sub(r"\s+", " ", text).strip().lower())


def by_dict(training: list[str], validation: list[str]) -> list[str]:
    """Keep the first text of each key in a dict."""
    first: dict[tuple[str, ...], str] = {}
    for text in training:
        first.setdefault(tuple(text.lower().split()), text)
    held = {tuple(text.lower().split()) for text in validation}
    return [text for key, text in first.items() if key not in held]


EXERCISE = Exercise(
    name="leak_free",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.exercises.ch03_training.leak_free:leak_free",
    cases=cases,
    returns=LIST,
    alternatives=(by_dict, by_pattern),
    mistakes=(
        Mistake("exact matches only", exact_only,
                "Two documents that differ in a space or a capital are the same to a reader, and "
                "to the loss. Compare lower case with single spaces."),
        Mistake("capitals tell them apart", case_kept,
                "White space is folded, capitals are not: ONE Array. is One array. again."),
        Mistake("spaces tell them apart", space_kept,
                "strip looks at the ends only. Runs of white space inside must become one space: "
                '" ".join(text.split()).'),
        Mistake("doubles in training kept", doubles_kept,
                "A document that stands in the training set twice is learned twice. Keep the first "
                "and drop the others."),
        Mistake("any part counts", any_part,
                "You removed documents that are a *part* of a validation document. Asked for are "
                "equal ones: a short sentence may stand anywhere."),
        Mistake("keys instead of texts", folded,
                "The key is for comparing. What is returned is the text as it came."),
        Mistake("white space removed", space_removed,
                "Without any space *a b c* and *ab c* are the same. A run of white space becomes "
                "one space, not none."),
        Mistake("double spaces once", doubled_spaces,
                'replace("  ", " ") halves a run of four spaces and leaves tabs and line ends. '
                '" ".join(text.split()) takes runs of any white space.'),
        Mistake("punctuation ignored", without_punctuation,
                "*One array* and *One array!* are different texts here: only capitals and white "
                "space are folded."),
        Mistake("casefold for lower", case_folded,
                "casefold makes ß into ss, so that Straße equals strasse. The text asks for "
                "lower-casing."),
    ),
    hints=(
        "When are two documents the same? Write a key that is equal exactly then.",
        "Keep a set of keys that have been seen. What is in it before the first training document?",
        'key = " ".join(text.lower().split()); append the text when the key is not in seen, and '
        "add the key to seen.",
    ),
)  # fmt: skip
