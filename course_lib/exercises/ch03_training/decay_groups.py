"""Exercise: which parameters decay, and which do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch03_training.probes import grouped_names
from course_lib.exercises.returned import SEQUENCE, each

Groups = tuple[list[str], list[str]]


def decay_groups(model: Any) -> Groups:
    """Return the names of what learns: with two axes or more, and with fewer."""
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    return [n for n, p in named if p.ndim >= 2], [n for n, p in named if p.ndim < 2]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield models of one part, then of several."""
    yield Case("a matrix and a bias").setting(parts=["linear"])
    yield Case("a norm").setting(parts=["without bias", "norm"])
    yield Case("a scale called weight").setting(parts=["linear", "scale"])
    yield Case("an embedding").setting(parts=["embedding", "norm"])
    yield Case("a frozen layer").setting(parts=["linear", "frozen"])
    yield Case("tied matrices").setting(parts=["embedding", "norm", "tied"])
    yield Case("four axes").setting(parts=["convolution"])
    kinds = ["linear", "norm", "scale", "convolution", "frozen", "without bias"]
    yield Case("many parts").setting(parts=["embedding", *map(str, rng.permutation(kinds)), "tied"])


def all_decay(model: object) -> tuple[list[str], list[str]]:
    """Let everything decay."""
    named: list[tuple[str, object]] = model.named_parameters()  # type: ignore[attr-defined]
    return [n for n, p in named if p.requires_grad], []  # type: ignore[attr-defined]


def by_name(model: Any) -> Groups:
    """Spare what is called bias."""
    names = [name for name, p in model.named_parameters() if p.requires_grad]
    return [n for n in names if "bias" not in n], [n for n in names if "bias" in n]


def frozen_too(model: Any) -> Groups:
    """Take what does not learn."""
    named = list(model.named_parameters())
    return [n for n, p in named if p.ndim >= 2], [n for n, p in named if p.ndim < 2]


def tied_twice(model: Any) -> Groups:
    """Name a shared matrix twice."""
    pairs = model.named_parameters(remove_duplicate=False)
    named = [(name, p) for name, p in pairs if p.requires_grad]
    return [n for n, p in named if p.ndim >= 2], [n for n, p in named if p.ndim < 2]


def linear_layers_only(model: Any) -> Groups:
    """Let only linear layers decay."""
    from torch import nn

    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    linear = {id(m.weight) for m in model.modules() if isinstance(m, nn.Linear)}
    return [n for n, p in named if id(p) in linear], [n for n, p in named if id(p) not in linear]


def two_axes_exactly(model: Any) -> Groups:
    """Let only matrices decay."""
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    return [n for n, p in named if p.ndim == 2], [n for n, p in named if p.ndim != 2]


def swapped(model: Any) -> Groups:
    """Give the groups in the other order."""
    decaying, others = decay_groups(model)
    return others, decaying


def in_one_walk(model: Any) -> Groups:
    """Sort name by name into two lists."""
    decaying: list[str] = []
    others: list[str] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (others if len(parameter.shape) < 2 else decaying).append(name)
    return decaying, others


def by_difference(model: Any) -> Groups:
    """Take the others as what is left."""
    axes = {name: p.dim() for name, p in model.named_parameters() if p.requires_grad}
    decaying = [name for name in axes if axes[name] > 1]
    return decaying, [name for name in axes if name not in decaying]


EXERCISE = Exercise(
    name="decay_groups",
    points=2,
    difficulty=2,
    minutes=10,
    reference="course_lib.exercises.ch03_training.decay_groups:decay_groups",
    cases=cases,
    returns=each(SEQUENCE, SEQUENCE),
    alternatives=(in_one_walk, by_difference),
    not_by=("course_lib.training:parameter_groups",
            "course_lib.training.optimiser:parameter_groups"),
    probe=grouped_names,
    mistakes=(
        Mistake("all decay", all_decay,
                "Biases and the scales of norms decay too. A scale means nothing at 1, not at 0: "
                "decay pulls it to where it kills its channel."),
        Mistake("by the name bias", by_name,
                "You spared what is called bias. The scale of a norm is called weight and has one "
                "axis: ask for the axes, not for the name."),
        Mistake("frozen ones too", frozen_too,
                "A parameter with requires_grad False does not learn, and decay would move it all "
                "the same. Leave it out."),
        Mistake("shared matrices twice", tied_twice,
                "A tied matrix is one parameter under two names. Listed twice, it would decay "
                "twice; named_parameters() gives it once."),
        Mistake("linear layers only", linear_layers_only,
                "Embeddings and convolutions are matrices too, seen by their axes. Two axes or "
                "more decay."),
        Mistake("two axes exactly", two_axes_exactly,
                "A convolution has four axes, and is a matrix in disguise: ndim >= 2."),
        Mistake("swapped", swapped,
                "First the names that decay, then the others."),
    ),
    hints=(
        "What do a bias and the scale of a norm have in common, and a matrix not?",
        "named_parameters gives pairs of name and parameter. Two properties of a parameter decide: "
        "requires_grad and ndim.",
        "named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]; then two lists, "
        "one with p.ndim >= 2 and one with p.ndim < 2.",
    ),
)  # fmt: skip
