"""A step of training beside nanoGPT's way of doing it, and beside transformers' GPT-2.

The peer is the loop that many learned from, in plain PyTorch: a GPT-2 with its own attention on
PyTorch's kernel, AdamW in two groups, clipping. All begin with the same weights, read the
same windows, and must reach the same loss. The limit is what the machine's matrix products alone
would take. Checkpoints are timed beside ``torch.save`` and ``torch.load``; ours keep a digest.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.harness import Row, compare
from course_lib.gpu import choose_precision
from course_lib.models import GPT, GPTConfig, count_training_flops
from course_lib.training import (
    Batches,
    TokenWindows,
    Trainer,
    TrainingConfig,
    language_model_loss,
    load_latest,
    save_checkpoint,
)

PACKAGES = ("torch", "transformers")

CONFIG = GPTConfig.gpt2(
    vocabulary=65, context=64, layers=4, heads=4, width=128, activation="gelu", bias=True
)
BATCH, STEPS, RATE, CLIP = 12, 40, 1e-3, 1.0
TOKENS = (np.random.default_rng(0).integers(1, 4, 400_000).cumsum() % 65).astype(np.uint16)
"""A walk with one of three paces: what can be learned, so that equal losses say something."""
WORK = BATCH * CONFIG.context * STEPS
CHECKPOINT = 2**24
"""Numbers in the checkpoint that is timed: 64 MiB, about what a model of 5 M and its means take."""


def rows() -> Iterator[Row]:
    """Yield tokens a second of three loops, then megabytes a second of checkpoints."""
    limit = WORK * _flops_a_second() / count_training_flops(CONFIG, tokens=WORK)
    ours, plain, shape = _ours("float32"), _plain(), "GPT, 4 layers × 4 heads × 128"
    chosen = str(choose_precision("cpu").dtype).removeprefix("torch.")
    yield _row(f"{shape}, float32 beside a plain loop", ours, plain, 1.0, limit)
    yield _row(f"{shape}, as the trainer chooses ({chosen}) beside it", _ours(), plain, 1.1, None)
    yield _row(f"{shape}, beside transformers' GPT-2", ours, _transformers(), 1.0, limit)
    yield from _checkpoints()


def _row(
    name: str,
    ours: Callable[[], Tensor],
    peer: Callable[[], Tensor],
    target: float,
    limit: float | None,
) -> Row:
    return compare(
        name, ours=ours, peer=peer, work=WORK, unit="tokens/s", target=target, limit=limit,
        same=lambda one, other: torch.allclose(one, other, rtol=0, atol=1e-3), rounds=9,
    )  # fmt: skip


def _ours(precision: str | None = None) -> Callable[[], Tensor]:
    model = GPT(CONFIG, torch.Generator().manual_seed(0))
    start = nn.utils.parameters_to_vector(model.parameters()).detach().clone()

    def run() -> Tensor:
        nn.utils.vector_to_parameters(start.clone(), model.parameters())
        settings = TrainingConfig(
            steps=STEPS, learning_rate=RATE, schedule="constant", clip=CLIP, precision=precision
        )
        batches = Batches(TokenWindows(TOKENS, CONFIG.context), BATCH, seed=0)
        Trainer(model, batches, language_model_loss, settings, device="cpu").run()
        return _reached(lambda ids, targets: _mean(model(ids), targets))

    return run


def _mean(logits: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(logits.flatten(0, 1), targets.flatten())


@torch.no_grad()
def _reached(loss_of: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Return the loss on windows that no run has read."""
    windows = torch.from_numpy(TOKENS[-BATCH * 65 :].astype(np.int64)).view(BATCH, 65)
    return loss_of(windows[:, :-1], windows[:, 1:])


def _windows() -> list[np.ndarray]:
    """Return the starts of the windows that our batches hold, for the peers to read the same."""
    batches = Batches(TokenWindows(TOKENS, CONFIG.context), BATCH, seed=0)
    return [np.array(batches.places(step)) * CONFIG.context for step in range(STEPS)]


class PlainBlock(nn.Module):
    """A block as it is usually written by hand."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.ln_1 = nn.LayerNorm(width)
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)
        self.ln_2 = nn.LayerNorm(width)
        self.c_fc = nn.Linear(width, 4 * width)
        self.mlp_proj = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return what attention and the inner layer add to x."""
        batch, time_, width = x.shape
        shape = batch, time_, self.heads, width // self.heads
        q, k, v = (
            part.view(shape).transpose(1, 2) for part in self.c_attn(self.ln_1(x)).split(width, 2)
        )
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.c_proj(y.transpose(1, 2).contiguous().view(batch, time_, width))
        return x + self.mlp_proj(functional.gelu(self.c_fc(self.ln_2(x))))


class PlainGPT(nn.Module):
    """A GPT-2 as it is usually written by hand; its parameters stand in our model's order."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.wte = nn.Embedding(config.vocabulary, config.width)
        self.wpe = nn.Embedding(config.context, config.width)
        self.h = nn.ModuleList(PlainBlock(config.width, config.heads) for _ in range(config.layers))
        self.ln_f = nn.LayerNorm(config.width)

    def forward(self, ids: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss."""
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.h:
            x = block(x)
        logits = functional.linear(self.ln_f(x), self.wte.weight)
        return functional.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))


def _plain() -> Callable[[], Tensor]:
    model, starts = PlainGPT(CONFIG), _windows()
    own = GPT(CONFIG, torch.Generator().manual_seed(0))
    start = nn.utils.parameters_to_vector(own.parameters()).detach().clone()

    def run() -> Tensor:
        nn.utils.vector_to_parameters(start.clone(), model.parameters())
        _loop(model, model, starts)
        return _reached(model)

    return run


def _loop(
    model: nn.Module, loss_of: Callable[[Tensor, Tensor], Tensor], starts: list[np.ndarray]
) -> None:
    """Train as the plain loop does: AdamW in two groups, clipping, the mean loss backward."""
    parameters = list(model.parameters())
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": 0.1},
            {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
        ],
        lr=RATE, betas=(0.9, 0.95),
    )  # fmt: skip
    model.train()
    length = CONFIG.context
    for places in starts:
        x = torch.stack([torch.from_numpy(TOKENS[i : i + length].astype(np.int64)) for i in places])
        y = torch.stack(
            [torch.from_numpy(TOKENS[i + 1 : i + 1 + length].astype(np.int64)) for i in places]
        )
        loss = loss_of(x, y)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, CLIP)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)


def _transformers() -> Callable[[], Tensor]:
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    own = GPT(CONFIG, torch.Generator().manual_seed(0))
    with tempfile.TemporaryDirectory() as folder:
        saved = own.save_pretrained(folder)
        model: Any = transformers.AutoModelForCausalLM.from_pretrained(saved)
    start = nn.utils.parameters_to_vector(model.parameters()).detach().clone()
    starts = _windows()

    def loss_of(ids: Tensor, targets: Tensor) -> Tensor:
        return _mean(model(ids, use_cache=False).logits, targets)

    def run() -> Tensor:
        nn.utils.vector_to_parameters(start.clone(), model.parameters())
        _loop(model, loss_of, starts)
        return _reached(loss_of)

    return run


def _flops_a_second() -> float:
    """Return the floating-point operations a second of a square product, at its fastest."""
    a, least = torch.rand(1024, 1024), float("inf")
    for _ in range(8):
        start = time.perf_counter()
        a @ a
        least = min(least, time.perf_counter() - start)
    return 2 * 1024**3 / least


def _checkpoints() -> Iterator[Row]:
    tensors = {f"part{i}": torch.rand(CHECKPOINT // 8) for i in range(8)}
    megabytes = CHECKPOINT * 4 / 1e6
    with tempfile.TemporaryDirectory() as name:
        folder, plain = Path(name) / "ours", Path(name) / "plain.pt"
        record = {"loss": 1.0}
        yield compare(
            "saving a checkpoint of 64 MiB, with digest and rename",
            ours=lambda: save_checkpoint(folder, 1, tensors, record, keep=1) and None,
            peer=lambda: torch.save(tensors, plain), work=megabytes, unit="MB/s",
        )  # fmt: skip
        yield compare(
            "loading it, digest checked",
            ours=lambda: load_latest(folder).tensors,  # type: ignore[union-attr]
            peer=lambda: torch.load(plain, weights_only=True), work=megabytes, unit="MB/s",
        )  # fmt: skip
