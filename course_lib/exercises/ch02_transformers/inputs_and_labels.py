"""Debug: the target is fed in unshifted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch02_transformers.drawing import whole
from course_lib.exercises.returned import LONG_TENSOR, each


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield two tokens, then more."""
    yield Case("two tokens", torch.tensor([[5, 7]]))
    yield Case("a text", torch.tensor([[3, 1, 4, 1, 5, 9]]))
    yield Case("a batch", whole(rng, 50, 3, 6))


def unshifted(ids: Any) -> Any:
    """Give the same for both."""
    return ids, ids


def shifted_twice(ids: Any) -> Any:
    """Predict the token after the next."""
    return ids[:, :-2], ids[:, 2:]


def backwards(ids: Any) -> Any:
    """Predict the token before."""
    return ids[:, 1:], ids[:, :-1]


def rolled(ids: Any) -> Any:
    """Let the first token follow the last."""
    return ids, ids.roll(-1, dims=1)


def texts_shifted(ids: Any) -> Any:
    """Cut along the batch."""
    return ids[:-1], ids[1:]


def inputs_left_whole(ids: Any) -> Any:
    """Shift the labels, and cut nothing off the inputs."""
    return ids, ids[:, 1:]


def by_narrowing(ids: Any) -> Any:
    """Cut by narrow."""
    time = ids.shape[1] - 1
    return ids.narrow(1, 0, time), ids.narrow(1, 1, time)


def by_indices(ids: Any) -> Any:
    """Pick the columns by their numbers, as a list of two."""
    places = torch.arange(ids.shape[1] - 1)
    return [ids[:, places].clone(), ids[:, places + 1].clone()]


EXERCISE = Exercise(
    name="inputs_and_labels",
    points=1,
    difficulty=1,
    minutes=5,
    kind="debug",
    reference="course_lib.exercises.ch02_transformers.references:inputs_and_labels",
    cases=cases,
    returns=each(LONG_TENSOR),
    alternatives=(by_narrowing, by_indices),
    not_by=("course_lib.training.next_token:shifted",),
    mistakes=(
        Mistake("not shifted", unshifted,
                "Input and label are the same token: the model learns to copy what it sees. The "
                "label of each place is the token *after* it."),
        Mistake("shifted twice", shifted_twice,
                "The label is the token after the next. One place is enough; somebody shifted in "
                "the data and again in the loss."),
        Mistake("backwards", backwards,
                "The label is the token *before*, which the model has already seen."),
        Mistake("rolled round", rolled,
                "roll puts the first token behind the last, as if the text went round. Cut the "
                "last input and the first label off instead."),
        Mistake("texts shifted", texts_shifted,
                "You cut along the first axis, the texts. Time is the second: ids[:, :-1]."),
        Mistake("inputs left whole", inputs_left_whole,
                "The last input has no label: nothing follows it. Cut it off, so that both are "
                "(batch, time − 1)."),
    ),
    hints=(
        "The text is *a b c*. What should the model say after *a*? After *a b*?",
        "Inputs lack the last token, labels the first.",
        "return ids[:, :-1], ids[:, 1:]",
    ),
)  # fmt: skip
