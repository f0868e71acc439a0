"""Exercise: debug a training listing that runs, and lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch03_training.probes import trained_for_an_epoch
from course_lib.exercises.returned import DICT

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
        yield Case(aspect).setting(
            embedding=embedding, head=head, batches=batches, held_out=held_out,
            most=settings.get("most", 1e6), dropout=settings.get("dropout", 0.0),
            look=settings["look"], begins_in_eval=settings.get("begins_in_eval", False),
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
    "training mode to begin with": {"look": ["passes"], "begins_in_eval": True},
    "a limit of 0 stops all": {"sizes": [(2, 5)], "look": ["weights"], "most": 0.0},
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
        if fault == "0 for no limit" and not most:
            return
        torch.nn.utils.clip_grad_norm_(model.parameters(), most)

    if fault != "never trains":
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


def by_sums(model: Any, optimiser: Any, batches: Any, held_out: Any, most: float) -> Report:
    """Add up summed losses, clip by hand, and clear the gradients at the end of each step."""
    import torch
    from torch.nn import functional

    def losses(windows: Any) -> Any:
        logits = model(windows[:, :-1])
        return functional.cross_entropy(logits.transpose(1, 2), windows[:, 1:], reduction="none")

    total, count = 0.0, 0
    optimiser.zero_grad(set_to_none=True)
    model.train(True)
    for windows in batches:
        each = losses(windows)
        each.mean().backward()
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        length = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
        for gradient in gradients:
            gradient *= min(1.0, most / (float(length) + 1e-6))
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        total, count = total + each.sum().item(), count + each.numel()
    model.eval()
    with torch.inference_mode():
        held = losses(held_out).mean().item()
    model.train()
    return {"training": total / count, "held out": held}


EXERCISE = Exercise(
    name="train_epoch",
    points=4,
    difficulty=4,
    minutes=25,
    kind="debug",
    reference="course_lib.exercises.ch03_training.train_epoch:train_epoch",
    cases=cases,
    probe=trained_for_an_epoch,
    returns=DICT,
    alternatives=(by_sums,),
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
        Mistake("train forgotten", _With("never trains"),
                "The model trains in whatever mode it came: after an evaluation that is eval "
                "mode, without dropout. model.train() before the loop."),
        Mistake("0 taken for no limit", _With("0 for no limit"),
                "With most = 0 you did not clip at all. A limit of 0 makes every gradient 0: ask "
                "for `most is None` where *no* limit is meant."),
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
