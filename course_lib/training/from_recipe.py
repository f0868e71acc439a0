"""Running a recipe: corpus, model and trainer, on one process or on many."""

from __future__ import annotations

from pathlib import Path

import torch

from course_lib.errors import InputError
from course_lib.gpu import describe_device
from course_lib.models import GPT
from course_lib.training.batches import Batches, TokenWindows
from course_lib.training.checkpoint import load_best, load_latest
from course_lib.training.corpus import Corpus, prepare
from course_lib.training.distributed import Processes, joined_processes
from course_lib.training.log import Row
from course_lib.training.loop import Trainer
from course_lib.training.objectives import language_model_loss
from course_lib.training.recipe import Recipe
from course_lib.training.state import load_weights


def run_recipe(
    recipe: Recipe,
    folder: Path,
    *,
    device: str | None = None,
    spreading: str = "data",
    tensorboard: bool = False,
) -> list[Row]:
    """Run a recipe in ``folder``, or go on with it there, and return the log's rows.

    The corpus, the checkpoints, the log and at the end the model (``model/``, in Hugging Face's
    layout) lie in the folder. The model is the one that was evaluated: the average where one is
    kept, and the best instead of the last where patience is asked for. Started by ``torchrun``, the
    processes share the work. Raises ``InputError`` when they can't share a batch evenly.
    """
    with joined_processes(device) as processes:
        if processes.world > 1:  # else each would drop the same places of its share
            torch.manual_seed(recipe.data.seed * processes.world + processes.rank)
        corpus = _prepared(recipe, folder, processes)
        trainer = trainer_of(recipe, corpus, folder, processes, spreading, tensorboard)
        if processes.leads:
            print("\n".join(_described(trainer, corpus)), flush=True)
        rows = trainer.run()
        if processes.leads:
            _save_model(recipe, folder)
        return rows


def trainer_of(
    recipe: Recipe,
    corpus: Corpus,
    folder: Path,
    processes: Processes,
    spreading: str = "data",
    tensorboard: bool = False,
) -> Trainer:
    """Return the trainer that a recipe describes, ready to run."""
    data, context = recipe.data, recipe.model.context
    if data.batch % processes.world:
        expected = f"a multiple of {processes.world} processes"
        raise InputError("the batch", expected=expected, got=data.batch)
    model = GPT(recipe.model, torch.Generator().manual_seed(data.seed))
    training, validation = (
        Batches(
            TokenWindows(tokens.tokens, context),
            data.batch // processes.world,
            seed=data.seed,
            shuffle=shuffle,
            rank=processes.rank,
            world=processes.world,
        )
        for tokens, shuffle in ((corpus.training, True), (corpus.validation, False))
    )
    return Trainer(
        model,
        training,
        language_model_loss,
        recipe.training,
        validation=validation if recipe.training.evaluate_every else None,
        folder=folder,
        processes=processes,
        spreading=spreading,
        show=True,
        tensorboard=tensorboard,
    )


def _save_model(recipe: Recipe, folder: Path) -> None:
    checkpoint = (load_best if recipe.training.patience else load_latest)(folder)
    assert checkpoint is not None  # a run ends with one
    model = GPT(recipe.model, torch.Generator())
    load_weights(model, checkpoint, averaged=True)
    model.save_pretrained(folder / "model")


def _described(trainer: Trainer, corpus: Corpus) -> tuple[str, ...]:
    parameters = sum(parameter.numel() for parameter in trainer.model.parameters())
    return (
        f"{describe_device(trainer.device)}; {trainer.precision}",
        f"{len(corpus.training):,} tokens to learn from, {len(corpus.validation):,} held out",
        f"{parameters:,} parameters",
    )


def _prepared(recipe: Recipe, folder: Path, processes: Processes) -> Corpus:
    """Have process 0 make the corpus while the others wait, then open it everywhere."""
    data, place = recipe.data, folder / "corpus"
    arguments = (place, data.source, data.vocabulary, data.validation, data.seed)
    corpus = prepare(*arguments) if processes.leads else None
    processes.from_leader(True)
    return corpus or prepare(*arguments)
