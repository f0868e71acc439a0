"""Exercise: one-hot vectors of words, some of which the vocabulary does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import ARRAY

Words = list[str]
Ids = dict[str, int]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield known words first; then repeated and unknown ones, no words, and a drawn text."""
    ids = {"<pad>": 0, "<unk>": 1, "cat": 2, "sat": 3, "mat": 4}
    yield Case("known words", ["sat", "cat"], ids)
    yield Case("a word that comes twice", ["mat", "cat", "mat"], ids)
    yield Case("an unknown word", ["cat", "yeti", "mat"], ids)
    yield Case("no words", [], ids)
    shuffled = {"mat": 4, "<unk>": 1, "cat": 2, "<pad>": 0, "sat": 3}
    yield Case("numbers in any order", ["cat", "mat"], shuffled)
    words = ["sun", "moon", "star", "sky", "sea", "<unk>", "<pad>"]
    order = rng.permutation(len(words)).tolist()
    numbers = dict(zip(words, order, strict=True))
    yield Case("a drawn text", [*rng.choice(words[:5], 6).tolist(), "yeti"], numbers)


def unknown_as_padding(words: Words, ids: Ids) -> np.ndarray:
    """Give unknown words the number 0."""
    import numpy as np

    rows = np.zeros((len(words), len(ids)))
    for row, word in zip(rows, words, strict=True):
        row[ids.get(word, 0)] = 1
    return rows


def unknown_left_out(words: Words, ids: Ids) -> np.ndarray:
    """Skip words that have no number."""
    known = [word for word in words if word in ids]
    rows = np.zeros((len(known), len(ids)))
    for row, word in zip(rows, known, strict=True):
        row[ids[word]] = 1
    return rows


def unknown_as_nothing(words: Words, ids: Ids) -> np.ndarray:
    """Leave the row of an unknown word empty."""
    rows = np.zeros((len(words), len(ids)))
    for row, word in zip(rows, words, strict=True):
        if word in ids:
            row[ids[word]] = 1
    return rows


def axes_swapped(words: Words, ids: Ids) -> np.ndarray:
    """Give each word a column."""
    import numpy as np

    columns = np.zeros((len(ids), len(words)))
    for place, word in enumerate(words):
        columns[ids.get(word, ids["<unk>"]), place] = 1
    return columns


def one_row_for_all(words: Words, ids: Ids) -> np.ndarray:
    """Mark all words in one row."""
    row = np.zeros((1, len(ids)))
    for word in words:
        row[0, ids.get(word, ids["<unk>"])] = 1
    return row


def as_wide_as_needed(words: Words, ids: Ids) -> np.ndarray:
    """Make the rows as wide as the largest number among these words."""
    numbers = [ids.get(word, ids["<unk>"]) for word in words]
    rows = np.zeros((len(words), max(numbers, default=-1) + 1))
    rows[range(len(words)), numbers] = 1
    return rows


def number_written_in(words: Words, ids: Ids) -> np.ndarray:
    """Write the word's number where the 1 belongs."""
    rows = np.zeros((len(words), len(ids)))
    for row, word in zip(rows, words, strict=True):
        number = ids.get(word, ids["<unk>"])
        row[number] = number
    return rows


def place_in_the_dict(words: Words, ids: Ids) -> np.ndarray:
    """Take the place of a word among the keys for its number."""
    keys = list(ids)
    rows = np.zeros((len(words), len(ids)))
    for row, word in zip(rows, words, strict=True):
        row[keys.index(word if word in ids else "<unk>")] = 1
    return rows


def as_lists(words: Words, ids: Ids) -> list[list[float]]:
    """Make lists of the rows."""
    numbers = [ids.get(word, ids["<unk>"]) for word in words]
    return [[float(column == number) for column in range(len(ids))] for number in numbers]


def by_comparison(words: Words, ids: Ids) -> Any:
    """Compare each word's number with each column's."""
    numbers = np.array([ids.get(word, ids["<unk>"]) for word in words], dtype=int)
    return (numbers[:, None] == np.arange(len(ids))).astype(float)


def by_identity(words: Words, ids: Ids) -> Any:
    """Take rows out of the identity matrix."""
    numbers = np.array([ids[word] if word in ids else ids["<unk>"] for word in words], dtype=int)
    return np.eye(len(ids), dtype=int)[numbers]


EXERCISE = Exercise(
    name="one_hot",
    points=1,
    difficulty=1,
    minutes=8,
    reference="course_lib.text.vectors.bag_of_words:one_hot",
    cases=cases,
    returns=ARRAY,
    alternatives=(by_comparison, by_identity),
    not_by=(
        "course_lib.text:one_hot", "course_lib.text.vectors.bag_of_words:one_hot",
        "torch.nn.functional:one_hot", "sklearn.preprocessing:OneHotEncoder",
        "sklearn.preprocessing:LabelBinarizer", "sklearn.preprocessing:label_binarize",
    ),
    mistakes=(
        Mistake("unknown words as padding", unknown_as_padding,
                "An unknown word got the number 0, which is padding: the model would read it as "
                "no word at all. Unknown words have a number of their own, ids['<unk>']."),
        Mistake("unknown words left out", unknown_left_out,
                "Unknown words were skipped, so there are fewer rows than words, and a row no "
                "longer stands where its word stood. Give them the row of <unk>."),
        Mistake("unknown words as zeros", unknown_as_nothing,
                "The row of an unknown word is all zeros. Each row needs exactly one 1: put it "
                "in the column of <unk>."),
        Mistake("axes swapped", axes_swapped,
                "Words lie along the second axis. Each word is a row here: the shape is "
                "(len(words), len(ids))."),
        Mistake("one row for all words", one_row_for_all,
                "All words were marked in one row, so their order and number are lost. Make a "
                "row for each word."),
        Mistake("as wide as these words need", as_wide_as_needed,
                "The rows end at the largest number among these words. Rows of two texts must "
                "fit together: make them as wide as the vocabulary, len(ids)."),
        Mistake("the number in place of a 1", number_written_in,
                "The word's number was written into its column. The column already says which "
                "word it is: write a 1."),
        Mistake("the place in the dict", place_in_the_dict,
                "The place of a word among the keys was taken for its number. A dict may hold its "
                "words in any order: the number is the value, ids[word]."),
        Mistake("lists in place of an array", as_lists,
                "The right rows came as lists, which cannot be multiplied by @. Return an array: "
                "np.array(rows)."),
    ),
    hints=(
        "How many rows and how many columns has the result? In which column of the first row does "
        "the 1 stand?",
        "dict.get(key, default) answers for keys that are missing. Which number should stand for "
        "an unknown word?",
        "Start with np.zeros((len(words), len(ids))). For each place and word, set rows[place, "
        "ids.get(word, ids['<unk>'])] to 1.",
    ),
)  # fmt: skip
