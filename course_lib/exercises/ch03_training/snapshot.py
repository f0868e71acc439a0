"""Exercise: keep all that a run needs to go on as if nothing had happened."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.ch03_training.probes import taken_up
from course_lib.exercises.returned import DICT

Kept = dict[str, Any]


def snapshot(model: Any, optimiser: Any, generator: Any, step: int) -> Kept:
    """Return copies of all that a run is made of."""
    return {
        "model": copy.deepcopy(model.state_dict()),
        "optimiser": copy.deepcopy(optimiser.state_dict()),
        "generator": generator.get_state(),
        "step": step,
    }


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one run for each thing that must come back."""
    for aspect, settings in ASPECTS.items():
        seed, steps = int(rng.integers(2**31)), int(rng.integers(3, 6))
        yield Case(aspect).setting(seed=seed, steps=steps, **settings)


ASPECTS: dict[str, dict[str, Any]] = {
    "what is kept but not learned": {"look": "buffers"},
    "the weights, after more training": {"look": "weights", "trained_on": 2},
    "the optimiser's means": {"look": "means"},
    "the means, after more training": {"look": "means", "trained_on": 2},
    "the next draws": {"look": "draws"},
    "the step": {"look": "step"},
}


def weights_alone(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Keep the weights, as many examples do."""
    import copy

    return {"model": copy.deepcopy(model.state_dict()), "step": step}


def without_optimiser(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Begin with a fresh optimiser."""
    import copy

    weights = copy.deepcopy(model.state_dict())
    return {"model": weights, "generator": generator.get_state(), "step": step}


def living(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Keep what state_dict gives."""
    return {"model": model.state_dict(), "optimiser": optimiser.state_dict(),
            "generator": generator.get_state(), "step": step}  # fmt: skip


def shallow(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Copy the dict of the weights, and not the tensors in it."""
    import copy

    return {"model": dict(model.state_dict()), "optimiser": copy.deepcopy(optimiser.state_dict()),
            "generator": generator.get_state(), "step": step}  # fmt: skip


def means_alive(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Copy the weights, but not the optimiser's means."""
    import copy

    return {"model": copy.deepcopy(model.state_dict()), "optimiser": optimiser.state_dict(),
            "generator": generator.get_state(), "step": step}  # fmt: skip


def parameters_alone(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Keep what learns."""
    import copy

    weights = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    return {"model": weights, "optimiser": copy.deepcopy(optimiser.state_dict()),
            "generator": generator.get_state(), "step": step}  # fmt: skip


def from_the_seed(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Begin the draws again from the seed."""
    import copy

    import torch

    begun = torch.Generator().manual_seed(generator.initial_seed())
    return {"model": copy.deepcopy(model.state_dict()),
            "optimiser": copy.deepcopy(optimiser.state_dict()),
            "generator": begun.get_state(), "step": step}  # fmt: skip


def next_step(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Keep the number of the step to come."""
    return {**snapshot(model, optimiser, generator, step), "step": step + 1}


def through_memory(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Write all into memory, and read it again."""
    import io

    import torch

    file = io.BytesIO()
    kept = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
    torch.save({**kept, "generator": generator.get_state(), "step": step}, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def copied_by_hand(model: Any, optimiser: Any, generator: Any, step: int) -> Any:
    """Clone each tensor of the model, and copy the rest at once."""
    import copy

    weights = {name: value.detach().clone() for name, value in model.state_dict().items()}
    rest = copy.deepcopy({"optimiser": optimiser.state_dict(), "step": step})
    return {"model": weights, "generator": generator.get_state().clone(), **rest}


EXERCISE = Exercise(
    name="snapshot",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.exercises.ch03_training.snapshot:snapshot",
    withhold=("course_lib.training.state", "course_lib.training.checkpoint"),
    cases=cases,
    returns=DICT,
    alternatives=(through_memory, copied_by_hand),
    probe=taken_up,
    compare=close(relative=1e-4, absolute=1e-5),
    mistakes=(
        Mistake("weights alone", weights_alone,
                "Weights are enough to *use* a model. To go on training it you need the "
                "optimiser's means and the generator's state as well."),
        Mistake("without the optimiser", without_optimiser,
                "AdamW begins again with means of nothing: its next steps go elsewhere. Keep "
                "optimiser.state_dict()."),
        Mistake("living tensors", living,
                "state_dict gives the tensors that training goes on changing, so what you kept is "
                "the model of *later*. Copy them: copy.deepcopy."),
        Mistake("a shallow copy", shallow,
                "You copied the dict, and the tensors in it are still the model's own. "
                "copy.deepcopy copies them too."),
        Mistake("the means still living", means_alive,
                "The weights are a copy, the optimiser's means are not: the next step changes "
                "them. Copy both."),
        Mistake("what learns alone", parameters_alone,
                "named_parameters leaves out buffers, such as the running means of batch "
                "normalisation. state_dict holds both."),
        Mistake("begun from the seed", from_the_seed,
                "The seed says where the draws *began*. To go on, you need where they are now: "
                "generator.get_state()."),
        Mistake("one step further", next_step,
                "Keep the step that was given. Whether the next one is step or step + 1 is for "
                "the loop that takes it up to say."),
    ),
    hints=(
        "A run of AdamW is killed after step 100. Besides the weights, which numbers did step 101 "
        "depend on?",
        "state_dict() of model and optimiser, get_state() of the generator, and the step. Now "
        "train on by one step: which of these have changed in your dict?",
        'Two entries need a copy: "model": copy.deepcopy(model.state_dict()), and the '
        "optimiser's likewise; generator.get_state() is one already.",
    ),
)  # fmt: skip
