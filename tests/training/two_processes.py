"""What each process of ``test_distributed`` runs: train, and let process 0 write the weights."""

import sys
from pathlib import Path

import torch

from course_lib.models import GPT, GPTConfig
from course_lib.training import (
    Batches,
    Trainer,
    TrainingConfig,
    joined_processes,
    language_model_loss,
    load_latest,
)
from tests.training.test_loop import sentences


def main(folder, spreading, steps, dropout=0.0):
    """Train a small GPT for so many of six steps, over all processes."""
    with joined_processes("cpu") as processes:
        torch.manual_seed(processes.rank)
        # without biases: a key's bias has no gradient but rounding, which Adam makes large
        shape = GPTConfig.llama(
            vocabulary=11, context=8, layers=2, heads=2, width=16, dropout=dropout
        )
        model = GPT(shape, torch.Generator().manual_seed(0))
        batches = Batches(
            sentences(), size=8 // processes.world, rank=processes.rank, world=processes.world
        )
        config = TrainingConfig(
            steps=6, learning_rate=0.01, clip=0.5, average_decay=0.5, checkpoint_every=1,
            evaluate_every=3, log_every=3, precision="float32",
        )  # fmt: skip
        trainer = Trainer(
            model, batches, _stopping(steps), config, processes=processes, spreading=spreading,
            validation=batches, folder=Path(folder),
        )  # fmt: skip
        try:
            trainer.run()
        except KeyboardInterrupt:
            print("stopped")


def _stopping(steps):
    calls = 0

    def loss(model, batch):
        nonlocal calls
        calls += model.training
        if calls > steps:
            raise KeyboardInterrupt
        return language_model_loss(model, batch)

    return loss


def trained(folder):
    """Return the tensors of the last checkpoint, but for the generator of one process."""
    tensors = load_latest(Path(folder)).tensors
    return {name: tensor for name, tensor in tensors.items() if "generator" not in name}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
