"""Exercise: debug a training listing that runs, and lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch03_training.probes import trained_for_an_epoch

Report = dict[str, float]
VOCABULARY, WIDTH = 6, 4


def train_epoch(model: Any, optimiser: Any, batches: Any, held_out: Any, most: float) -> Report:
    """Train on each batch once; return the mean losses of the epoch and of the held-out windows."""
    return _train(model, optimiser, batches, held_out, most)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a small model's weights and windows for each property of a loop."""
    for aspect, settings in ASPECTS.items():
        embedding = rng.normal(size=(VOCABULARY, WIDTH))
        head = rng.normal(size=(WIDTH, VOCABULARY))
        sizes = settings.get("sizes", [(2, 5), (2, 5)])
        batches = [rng.integers(VOCABULARY, size=size) for size in sizes]
        held_out = rng.integers(VOCABULARY, size=(3, 6))
        yield Case(
            aspect, embedding=embedding, head=head, batches=batches, held_out=held_out,
            most=settings.get("most", 1e6), dropout=settings.get("dropout", 0.0),
            look=settings["look"],
        )  # fmt: skip


ASPECTS: dict[str, dict[str, Any]] = {
    "the next token is asked for": {"sizes": [(2, 4)], "look": ["training"]},
    "gradients are cleared": {"sizes": [(1, 5)] * 4, "look": ["weights"]},
    "gradients are clipped": {"sizes": [(2, 5)], "look": ["weights"], "most": 0.1},
    "the whole epoch is reported": {"sizes": [(2, 5), (1, 9)], "look": ["training"]},
    "each token weighs the same": {"sizes": [(1, 2), (4, 7)], "look": ["training"]},
    "dropout is off on held-out text": {"look": ["held out"], "dropout": 0.5},
    "held-out text makes no gradients": {"look": ["passes"]},
    "training mode comes back": {"look": ["left in training mode"]},
}


def _train(
    model: Any, optimiser: Any, batches: Any, held_out: Any, most: float, fault: str = ""
) -> Report:
    """Train rightly, but for the one fault."""
    import torch
    from torch.nn import functional

    def mean_loss(windows: Any) -> Any:
        targets = windows[:, :-1] if fault == "leak" else windows[:, 1:]
        return functional.cross_entropy(model(windows[:, :-1]).flatten(0, 1), targets.flatten())

    def clip() -> None:
        torch.nn.utils.clip_grad_norm_(model.parameters(), most)

    model.train()
    sums, counts = [], []
    for windows in batches:
        if fault != "never cleared":
            optimiser.zero_grad()
        loss = mean_loss(windows)
        loss.backward()
        if fault != "clipped after":
            clip()
        optimiser.step()
        if fault == "clipped after":
            clip()
        counts.append(windows[:, 1:].numel())
        sums.append(loss.item() * counts[-1])
    if fault != "no eval":
        model.eval()
    with torch.set_grad_enabled(fault == "gradients"):
        held_out_loss = mean_loss(held_out).item()
    if fault != "left in eval":
        model.train()
    training = sum(sums) / sum(counts)
    if fault == "last batch":
        training = sums[-1] / counts[-1]
    if fault == "mean of means":
        training = sum(s / count for s, count in zip(sums, counts, strict=True)) / len(sums)
    return {"training": training, "held out": held_out_loss}


class _With:
    """The loop with one fault."""

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def __call__(self, model: Any, optimiser: Any, *others: Any) -> Report:
        batches, held_out, most = others
        return _train(model, optimiser, batches, held_out, most, self.fault)


def listing(model: Any, optimiser: Any, batches: Any, held_out: Any, most: float) -> Report:
    """Be the listing of the notebook, with all its faults."""
    import torch
    from torch.nn import functional

    for windows in batches:
        inputs, targets = windows, windows
        loss = functional.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        torch.nn.utils.clip_grad_norm_(model.parameters(), most)
    logits = model(held_out).flatten(0, 1)
    held_out_loss = functional.cross_entropy(logits, held_out.flatten())
    return {"training": loss.item(), "held out": held_out_loss.item()}


EXERCISE = Exercise(
    name="train_epoch",
    points=4,
    difficulty=4,
    minutes=25,
    kind="debug",
    reference="course_lib.exercises.ch03_training.train_epoch:train_epoch",
    cases=cases,
    probe=trained_for_an_epoch,
    compare=close(relative=1e-5, absolute=1e-7),
    mistakes=(
        Mistake("the listing as it stands", listing,
                "Nothing of it is mended yet. Read it as a detective: what does the model see, "
                "what is it asked for, and what is left over from the batch before?"),
        Mistake("the target leaks", _With("leak"),
                "The model is asked for the token that it has just read. Inputs are "
                "windows[:, :-1], targets windows[:, 1:]."),
        Mistake("gradients never cleared", _With("never cleared"),
                "backward adds to what is there: each step uses the gradients of all batches so "
                "far. optimiser.zero_grad() belongs into the loop."),
        Mistake("clipped after the step", _With("clipped after"),
                "The step has already used the long gradients when you clip them. Clip between "
                "backward and step."),
        Mistake("the last batch reported", _With("last batch"),
                "The loss that you report is the last batch's, and it goes up and down by chance. "
                "Add up all sums, and divide by all targets."),
        Mistake("mean of means", _With("mean of means"),
                "You averaged the batches' means, so a token in a short batch weighs more. Sum "
                "loss × count, and divide by all counts."),
        Mistake("eval forgotten", _With("no eval"),
                "Dropout is still on while you measure: the held-out loss is too high and never "
                "the same twice. model.eval() first."),
        Mistake("left in eval mode", _With("left in eval"),
                "After the first evaluation the model stays in eval mode, so the next epoch trains "
                "without dropout. model.train() again."),
        Mistake("gradients while evaluating", _With("gradients"),
                "The held-out pass keeps everything for a backward that never comes: twice the "
                "memory for nothing. with torch.no_grad():"),
    ),
    hints=(
        "There are five faults and one bad habit. Where is what the model reads told from what it "
        "is asked for? Which two lines stand in the wrong order? Which call is missing at the top "
        "of the loop?",
        "Shift; zero_grad; clip between backward and step; a sum and a count over the whole epoch; "
        "eval and no_grad around the held-out pass, and train after it.",
        "total += loss.item() * targets.numel(); count += targets.numel(); after the loop "
        "total / count. Around the end: model.eval(), with torch.no_grad(): …, model.train().",
    ),
)  # fmt: skip
