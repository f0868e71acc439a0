"""Exercise: texts of different lengths as one rectangle of ids, and its mask."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.form import Form
from course_lib.exercises.returned import Returned, each

Sequences = list[list[int]]
Pair = tuple[np.ndarray, np.ndarray]


def _whole_numbers(form: Form) -> bool:
    dtype = str(form.get("dtype"))
    return form.get("kind") in ("array", "tensor") and dtype.startswith(("int", "uint", "bool"))


PLACES = Returned(
    "an array or a tensor of integers or booleans",
    _whole_numbers,
    "np.array(rows), with no fractions",
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one text first; then unequal, long and empty ones; then drawn ids."""
    yield Case("one text", [[7, 8]], 10)
    yield Case("texts of different lengths", [[7], [8, 9, 10]], 10)
    yield Case("a text that is too long", [[7, 8, 9, 10, 11], [12]], 5)
    yield Case("a text that just fits", [[7, 8, 9], [12, 13]], 5)
    yield Case("an empty text", [[], [7, 8, 9]], 10)
    lengths = rng.permutation([1, 3, 6, 9])
    yield Case("drawn texts", [rng.integers(4, 99, n).tolist() for n in lengths], 8)


def padded_left(sequences: Sequences, longest: int) -> Pair:
    """Put the padding before the text."""
    rows = [[2, *sequence[: longest - 2], 3] for sequence in sequences]
    width = max(len(row) for row in rows)
    ids, mask = np.zeros((len(rows), width), int), np.zeros((len(rows), width), bool)
    for place, row in enumerate(rows):
        ids[place, width - len(row) :], mask[place, width - len(row) :] = row, True
    return ids, mask


def mask_inverted(sequences: Sequences, longest: int) -> Pair:
    """Mark the padding in place of the tokens."""
    import numpy as np

    rows = [[2, *sequence[: longest - 2], 3] for sequence in sequences]
    width = max(len(row) for row in rows)
    ids = np.array([row + [0] * (width - len(row)) for row in rows])
    return ids, ids == 0


def cut_at_the_end(sequences: Sequences, longest: int) -> Pair:
    """Cut what is too long after the special tokens are put round it."""
    import numpy as np

    rows = [[2, *sequence, 3][:longest] for sequence in sequences]
    width = max(len(row) for row in rows)
    ids = np.array([row + [0] * (width - len(row)) for row in rows])
    return ids, ids != 0


def always_the_longest(sequences: Sequences, longest: int) -> Pair:
    """Make every batch as wide as any may be."""
    rows = [[2, *sequence[: longest - 2], 3] for sequence in sequences]
    ids = np.array([row + [0] * (longest - len(row)) for row in rows])
    return ids, ids != 0


def special_tokens_not_counted(sequences: Sequences, longest: int) -> Pair:
    """Leave ``longest`` words, and then add the special tokens."""
    rows = [[2, *sequence[:longest], 3] for sequence in sequences]
    width = max(len(row) for row in rows)
    ids = np.array([row + [0] * (width - len(row)) for row in rows])
    return ids, ids != 0


def words_alone_real(sequences: Sequences, longest: int) -> Pair:
    """Mask the special tokens together with the padding."""
    rows = [[2, *sequence[: longest - 2], 3] for sequence in sequences]
    width = max(len(row) for row in rows)
    ids = np.array([row + [0] * (width - len(row)) for row in rows])
    return ids, ids > 3


def beginning_cut(sequences: Sequences, longest: int) -> Pair:
    """Keep the last words of a text that is too long."""
    rows = [[2, *sequence[max(0, len(sequence) - longest + 2) :], 3] for sequence in sequences]
    width = max(len(row) for row in rows)
    ids = np.array([row + [0] * (width - len(row)) for row in rows])
    return ids, ids != 0


def ends_forgotten(sequences: Sequences, longest: int) -> Pair:
    """Pad the words without any special tokens."""
    rows = [sequence[:longest] for sequence in sequences]
    width = max(len(row) for row in rows)
    ids = np.array([row + [0] * (width - len(row)) for row in rows])
    return ids, ids != 0


def as_lists(sequences: Sequences, longest: int) -> Any:
    """Hand lists back."""
    ids, mask = filled_in(sequences, longest)
    return ids.tolist(), mask.tolist()


def word_of_padding_hidden(sequences: Sequences, longest: int) -> Pair:
    """Mask the last real token too."""
    ids, mask = filled_in(sequences, longest)
    lengths = mask.sum(axis=1)
    mask[np.arange(len(ids)), lengths - 1] = False
    return ids, mask


def filled_in(sequences: Sequences, longest: int) -> Pair:
    """Make both arrays first, and fill in row by row."""
    width = min(longest, 2 + max(map(len, sequences)))
    ids, mask = np.zeros((len(sequences), width), int), np.zeros((len(sequences), width), bool)
    for i, sequence in enumerate(sequences):
        row = [2, *sequence[: longest - 2], 3]
        ids[i, : len(row)], mask[i, : len(row)] = row, True
    return ids, mask


def by_zip(sequences: Sequences, longest: int) -> Pair:
    """Turn rows into columns, filled up, and back; compare places with lengths."""
    rows = [[2, *sequence[: longest - 2], 3] for sequence in sequences]
    ids = np.array(list(zip_longest(*rows, fillvalue=0))).T
    lengths = np.array([len(row) for row in rows])
    return ids, np.arange(ids.shape[1]) < lengths[:, None]


EXERCISE = Exercise(
    name="padded_batch",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.text.token_ids.padded_batches:padded_batch",
    cases=cases,
    returns=each(PLACES),
    alternatives=(filled_in, by_zip),
    not_by=(
        "course_lib.text:padded_batch", "course_lib.text.token_ids.padded_batches:padded_batch",
        "course_lib.text.token_ids.padded_batches:framed",
    ),
    mistakes=(
        Mistake("padding on the left", padded_left,
                "The padding stands before the text, so that the first word of each text has "
                "another place. Here it belongs to the right."),
        Mistake("mask inverted", mask_inverted,
                "The mask is true at the padding. It should be true where a token is real: the "
                "model reads what the mask keeps."),
        Mistake("end cut off", cut_at_the_end,
                "The special tokens were added first and the row cut afterwards, so a long text "
                "has lost its <eos>. Cut the words to longest − 2, then put <bos> and <eos> "
                "round them."),
        Mistake("always as wide as allowed", always_the_longest,
                "Every batch is as wide as longest. Pad only to the longest row of this batch: "
                "the rest would be computed for nothing."),
        Mistake("special tokens not counted", special_tokens_not_counted,
                "longest words were kept and two tokens added, so the row is two too long. The "
                "special tokens count: longest − 2 words have room."),
        Mistake("special tokens masked out", words_alone_real,
                "The mask is false at <bos> and <eos>. They are real tokens, which the model "
                "reads and must learn to write; only padding is masked."),
        Mistake("the beginning cut", beginning_cut,
                "Of the long text the last words were kept. Here the first ones stay: "
                "sequence[:longest − 2]."),
        Mistake("no special tokens", ends_forgotten,
                "<bos> and <eos> are missing. Every row starts with 2 and its text ends with 3."),
        Mistake("the last token masked out", word_of_padding_hidden,
                "The mask ends one place early, so <eos> counts as padding. A model that never "
                "reads it does not learn where to stop."),
        Mistake("lists in place of arrays", as_lists,
                "The right rows came as lists. A model reads arrays: np.array(ids), "
                "np.array(mask)."),
    ),
    hints=(
        "How many words of a text have room when <bos> and <eos> must fit into longest as well?",
        "Make all rows as lists first. How wide is the batch? How many zeros does each row need?",
        "rows = [[2, *sequence[:longest - 2], 3] for sequence in sequences]; width is the "
        "greatest length; add [0] * (width - len(row)) to each; the mask is true at the first "
        "len(row) places of each row.",
    ),
)  # fmt: skip
