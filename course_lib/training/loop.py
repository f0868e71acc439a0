"""The training loop: forward, backward, clip, step; with all that a long run needs around it.

Read ``plain_loop.train_by_definition`` first, which is the algorithm in twenty lines, then
``Trainer.step``. One choice deserves a word: the loss gives a *sum*
and a *count*, the gradients of several micro-batches (and processes) add up, and are divided once
by all counts together. Averaging the means of batches with unequally many targets would weight
their tokens unequally.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.errors import InputError
from course_lib.gpu import choose_device, choose_precision, move
from course_lib.training.averaging import WeightAverage
from course_lib.training.batches import Batches
from course_lib.training.claim import claimed
from course_lib.training.clipping import clip_global_norm, scale_all
from course_lib.training.config import TrainingConfig
from course_lib.training.distributed import Processes, spread
from course_lib.training.early_stopping import EarlyStopping
from course_lib.training.evaluating import mean_loss
from course_lib.training.interruption import noted_interrupts
from course_lib.training.log import Log, Row
from course_lib.training.objectives import Loss
from course_lib.training.optimiser import adamw
from course_lib.training.recomputation import recompute_blocks
from course_lib.training.schedule import set_learning_rate
from course_lib.training.speed import Speed
from course_lib.training.state import TrainingError, restore, save

NEVER = 2**31


class Trainer:
    """Trains ``model`` on ``batches``; with a ``folder``, it can be killed and goes on.

    ``model`` is moved to the processes' device. ``validation`` batches are evaluated in order from
    the first. The same seed, data and config give the same weights on a CPU, bit for bit, whether
    the run was interrupted or not.

    >>> from course_lib.training import classification_loss
    >>> data = [(torch.full((2,), float(i % 2)), torch.tensor(i % 2)) for i in range(20)]
    >>> trainer = Trainer(nn.Linear(2, 2), Batches(data, size=10), classification_loss,
    ...                   TrainingConfig(steps=60, learning_rate=0.1, log_every=30), device="cpu")
    >>> [row["step"] for row in trainer.run()]
    [30, 60]
    >>> trainer.log.rows[-1]["loss"] < 0.1
    True
    """

    def __init__(
        self,
        model: nn.Module,
        batches: Batches,
        loss: Loss,
        config: TrainingConfig,
        *,
        validation: Batches | None = None,
        folder: Path | None = None,
        device: str | torch.device | None = None,
        processes: Processes | None = None,
        spreading: str = "data",
        show: bool = False,
        tensorboard: bool = False,
    ) -> None:
        if config.evaluate_every and validation is None:
            raise InputError("evaluate_every", expected="validation batches", got="none")
        self.processes = processes or Processes(0, 1, choose_device(device))
        self.device, self.config, self.loss = self.processes.device, config, loss
        self.batches, self.validation, self.folder = batches, validation, folder
        self.model = model.to(self.device)
        if config.recompute:
            recompute_blocks(self.model)
        self.running = spread(self.model, self.processes, spreading)
        if config.compile:
            self.running.compile()
        self.precision = choose_precision(self.device, config.precision)
        self.scaler = self.precision.scaler()
        self.optimiser = adamw(self.model, config.learning_rate, config.weight_decay, config.betas)
        self.rates = config.rates()
        decay = config.average_decay
        self.average = WeightAverage(self.model, decay) if decay is not None else None
        self.stopping = EarlyStopping(config.patience or NEVER)
        self.done, self.loss_divisor = 0, 0.0
        leads = self.processes.leads
        self.log = Log(
            config.steps,
            folder if leads else None,
            show=show and leads,
            tensorboard=tensorboard and leads,
        )

    def run(self) -> list[Row]:
        """Train to the last step, or until patience is over, and return the log's rows.

        With a folder, one process finishes its step when it is interrupted, keeps it, and then
        raises ``KeyboardInterrupt``; many are broken off, and go on from their last checkpoint.
        Raises ``TrainingError`` when the loss is no longer a number, and ``CheckpointError`` for a
        folder that is another run's, in use, or can't be written.
        """
        if self.folder is None:
            return self._run(lambda: False)
        alone = self.processes.world == 1
        with (
            claimed(self.folder) if self.processes.leads else contextlib.nullcontext(),
            noted_interrupts() if alone else contextlib.nullcontext(lambda: False) as interrupted,
        ):
            if restore(self, self.folder):
                print(f"going on after step {self.done}", flush=True)
            return self._run(interrupted)

    def _run(self, interrupted: Callable[[], bool]) -> list[Row]:
        data = self.batches.starting_at(self.done * self.config.accumulation)
        self.log.begin(self.done)
        speed = Speed(self.device)
        self.running.train()
        try:
            while self.done < self.config.steps and not self.stopping.is_over:
                speed.add(*self.step(data))
                self.done += 1
                stop = interrupted()
                self._after_step(speed, stop)
                if stop:
                    print(f"kept what was learned up to step {self.done}", flush=True)
                    raise KeyboardInterrupt
        finally:
            self.log.close()
        return self.log.rows

    def step(self, data: Iterator[Any]) -> tuple[Tensor, Tensor]:
        """Take one step of the optimiser; return the summed loss and the count, on the device."""
        set_learning_rate(self.optimiser, self.rates(self.done))
        self.optimiser.zero_grad(set_to_none=True)
        sums = [self._backward(next(data), last) for last in self._is_last()]
        loss, count = self.processes.total(torch.stack(sums).sum(0))
        self.scaler.unscale_(self.optimiser)
        self._scale_gradients(count)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        if self.average is not None:
            self.average.update(self.model)
        return loss, count

    def evaluate(self) -> float:
        """Return the mean validation loss: of the averaged weights, where there is an average."""
        assert self.validation is not None
        average = self.average if self.average is not None and self.average.updates else None
        weights = average.applied(self.model) if average else contextlib.nullcontext()
        with weights, self.precision.autocast():
            return mean_loss(
                self.running,
                self.loss,
                self.validation,
                self.config.evaluation_batches,
                self.processes,
            )

    def _backward(self, batch: Any, last: bool) -> Tensor:
        """Add one micro-batch's gradients; processes exchange them with the last one only."""
        alone = not last and isinstance(self.running, nn.parallel.DistributedDataParallel)
        with self.running.no_sync() if alone else contextlib.nullcontext():  # type: ignore[operator]
            with self.precision.autocast():
                loss, count = self.loss(self.running, move(batch, self.device))
            self.loss_divisor = self.loss_divisor or self._power_of_two(count)
            self.scaler.scale(loss / self.loss_divisor).backward()  # type: ignore[no-untyped-call]
        return torch.stack([loss.detach().float(), count.float()])

    def _is_last(self) -> Iterator[bool]:
        for number in range(1, self.config.accumulation + 1):
            yield number == self.config.accumulation

    def _power_of_two(self, count: Tensor) -> float:
        """Return what keeps a scaled loss small without rounding it: the first count, about."""
        rounded = 2.0 ** round(math.log2(max(count.item(), 1)))
        return float(self.processes.from_leader(rounded))

    def _scale_gradients(self, count: Tensor) -> None:
        """Turn sums into means, and clip these, in one pass over the gradients.

        Processes that average have divided by their number already.
        """
        factor = self.loss_divisor * self.processes.world / count.clamp(min=1)
        if self.config.clip is not None:
            clip_global_norm(self.model.parameters(), self.config.clip, times=factor)
        else:
            scale_all([p.grad for p in self.model.parameters() if p.grad is not None], factor)

    def _after_step(self, speed: Speed, stop: bool) -> None:
        config, done = self.config, self.done
        over = done == config.steps
        row: Row = {}
        if done % config.log_every == 0 or over:
            row = {**speed.read(), "learning_rate": self.rates(done - 1)}
            if not math.isfinite(row["loss"]):
                raise TrainingError(
                    f"the loss at step {done}",
                    expected="a finite number",
                    got=row["loss"],
                    remedy="lower learning_rate, or clip",
                )
        best = False
        if config.evaluate_every and (done % config.evaluate_every == 0 or over):
            with speed.paused():
                row["validation"] = self.evaluate()
            best = self.stopping.observe(row["validation"])
        if row:
            self.log.row(done, **row)
        due = config.checkpoint_every and done % config.checkpoint_every == 0
        if self.folder is not None and (best or due or over or stop or self.stopping.is_over):
            with speed.paused():
                save(self, self.folder, best)
