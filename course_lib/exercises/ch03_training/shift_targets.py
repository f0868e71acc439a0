"""Exercise: inputs and targets from windows of tokens: shift once, leave padding out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.probes import with_tensors
from course_lib.exercises.returned import SEQUENCE, TENSOR, each


def shift_targets(windows: Any, padding: int) -> tuple[Any, Any]:
    """Return all but the last token, and all but the first, with −100 for padding."""
    targets = windows[:, 1:]
    return windows[:, :-1], targets.masked_fill(targets == padding, -100)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one row, several, and rows that end in padding."""
    yield Case("one window", np.array([[5, 6, 7]]), 0)
    yield Case("several windows", np.array([[3, 1, 4, 1], [5, 9, 2, 6]]), 0)
    yield Case("padding at the end", np.array([[5, 6, 0, 0], [7, 8, 9, 5]]), 0)
    yield Case("padding by another number", np.array([[0, 4, 0, 9], [8, 9, 9, 9]]), 9)
    drawn = rng.integers(1, 20, size=(4, 7))
    lengths = rng.integers(2, 7, size=4)
    yield Case("drawn windows", np.where(np.arange(7) < lengths[:, None], drawn, 0), 0)


def not_shifted(windows: Any, padding: int) -> Any:
    """Ask for the token that is read."""
    inputs = windows[:, :-1]
    return inputs, inputs.masked_fill(inputs == padding, -100)


def shifted_twice(windows: Any, padding: int) -> Any:
    """Ask for the token after the next."""
    return windows[:, :-2], windows[:, 2:].masked_fill(windows[:, 2:] == padding, -100)


def backwards(windows: Any, padding: int) -> Any:
    """Predict the token before."""
    return windows[:, 1:], windows[:, :-1].masked_fill(windows[:, :-1] == padding, -100)


def padding_kept(windows: Any, padding: int) -> Any:
    """Let padding count."""
    return windows[:, :-1], windows[:, 1:]


def masked_by_input(windows: Any, padding: int) -> Any:
    """Leave out where the input is padding."""
    return windows[:, :-1], windows[:, 1:].masked_fill(windows[:, :-1] == padding, -100)


def in_place(windows: Any, padding: int) -> Any:
    """Write −100 into the windows themselves."""
    inputs, targets = windows[:, :-1], windows[:, 1:]
    targets[targets == padding] = -100
    return inputs, targets


def along_the_batch(windows: Any, padding: int) -> Any:
    """Shift rows instead of tokens."""
    return windows[:-1], windows[1:].masked_fill(windows[1:] == padding, -100)


def by_where(windows: Any, padding: int) -> Any:
    """Choose between two tensors."""
    import torch

    wanted = windows[:, 1:]
    return windows[:, :-1].clone(), torch.where(wanted == padding, torch.tensor(-100), wanted)


def by_narrow(windows: Any, padding: int) -> Any:
    """Copy, then write into the copy."""
    length = windows.shape[1] - 1
    targets = windows.narrow(1, 1, length).clone()
    targets[targets == padding] = -100
    return windows.narrow(1, 0, length), targets


EXERCISE = Exercise(
    name="shift_targets",
    points=2,
    difficulty=2,
    minutes=8,
    reference="course_lib.exercises.ch03_training.shift_targets:shift_targets",
    cases=cases,
    returns=each(TENSOR, SEQUENCE),
    alternatives=(by_where, by_narrow),
    not_by=("course_lib.training.next_token:shifted",),
    probe=with_tensors,
    mistakes=(
        Mistake("not shifted", not_shifted,
                "Input and target are the same token: the model is asked for what it has just "
                "read, and learns to copy. The target at t is the token at t + 1."),
        Mistake("shifted twice", shifted_twice,
                "This asks for the token after the next. Shift once: drop the last token from the "
                "inputs and the first from the targets."),
        Mistake("backwards", backwards,
                "Here the model reads a token and must name the one before it. Inputs are "
                "windows[:, :-1], targets windows[:, 1:]."),
        Mistake("padding counts", padding_kept,
                "Targets that are padding are still there: the model is rewarded for filling the "
                "page with it. Put −100, which cross_entropy leaves out."),
        Mistake("masked by the input", masked_by_input,
                "You left out positions whose *input* is padding. What counts is the target: the "
                "last real token is read there, and padding is asked for."),
        Mistake("written into the inputs", in_place,
                "A slice of a tensor is a view: −100 written into the targets stands in the "
                "inputs too, and no embedding has a row −100. masked_fill makes a new tensor."),
        Mistake("shifted along the batch", along_the_batch,
                "windows[:-1] drops the last *window*. Tokens lie along the second axis: "
                "windows[:, :-1]."),
    ),
    hints=(
        "A window of four tokens: how many pairs of a token and its next one are in it?",
        "Both results have one column less than the windows. Which column is missing in each?",
        "targets = windows[:, 1:]; return windows[:, :-1], targets.masked_fill(targets == padding, "
        "-100)",
    ),
)  # fmt: skip
