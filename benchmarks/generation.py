"""Greedy generation with a cache, one text at a time, beside transformers' ``generate``.

Both run the same random weights, handed over through ``save_pretrained``, and must write the same
tokens (in bfloat16, where sums round differently, the same number of them). The limit is the
memory's: every weight is read once a token. The small model runs on one thread, on both sides: its
products are too small to share.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from benchmarks.harness import Row, compare
from course_lib.models import GPT, GPTConfig

PACKAGES = ("torch", "transformers")
PROMPT = list(range(1, 17))
SMALL = GPTConfig.gpt2(vocabulary=2048, context=256, layers=4, heads=4, width=128)
GPT2 = GPTConfig.gpt2()


def rows() -> Iterator[Row]:
    """Yield tokens a second of a model of 1 M parameters, then of GPT-2 small's shape."""
    threads = torch.get_num_threads()
    for name, config, tokens, targets in (
        ("1 M parameters", SMALL, 200, (3.0, None)),
        ("GPT-2 small's shape", GPT2, 64, (1.0, None)),
    ):
        torch.set_num_threads(1 if config is SMALL else threads)
        with tempfile.TemporaryDirectory() as folder:
            model = GPT(config, torch.Generator().manual_seed(0)).eval()
            theirs = _transformers(model.save_pretrained(folder))
            for dtype, target in zip((torch.float32, torch.bfloat16), targets, strict=True):
                yield _row(name, model.to(dtype), theirs.to(dtype), tokens, target)
            if config is GPT2:
                yield _row(
                    name, model, theirs.float(), tokens, 1.6, note="ours bfloat16, theirs float32"
                )


def _row(
    name: str, model: GPT, theirs: Any, tokens: int, target: float | None, note: str = ""
) -> Row:
    dtype = model.head.weight.dtype
    exact = dtype == torch.float32
    size = sum(one.nbytes for one in model.parameters())
    return compare(
        f"greedy, {name}, {note or str(dtype).removeprefix('torch.')}",
        ours=lambda: model.generate([PROMPT], new_tokens=tokens)[0],
        peer=_generating(theirs, tokens),
        same=(lambda one, other: one == other) if exact else (lambda one, o: len(one) == len(o)),
        work=tokens, unit="tokens/s", target=target,
        limit=_read_bandwidth() / size if size > 2**27 else None,
    )  # fmt: skip


def _generating(model: Any, tokens: int) -> Callable[[], list[int]]:
    import transformers

    settings = transformers.GenerationConfig(
        max_new_tokens=tokens, do_sample=False, use_cache=True,
        eos_token_id=None, bos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    ids = torch.tensor([PROMPT])
    seen = torch.ones_like(ids)

    def generate() -> list[int]:
        texts = model.generate(ids, attention_mask=seen, generation_config=settings)
        return list(texts[0, len(PROMPT) :].tolist())

    return generate


def _transformers(folder: Path) -> Any:
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return transformers.AutoModelForCausalLM.from_pretrained(folder).eval()


def _read_bandwidth() -> float:
    """Return the bytes a second that a sum over a quarter of a gigabyte reads, at its fastest."""
    numbers, least = torch.ones(2**26), float("inf")
    for _ in range(5):
        start = time.perf_counter()
        numbers.sum()
        least = min(least, time.perf_counter() - start)
    return numbers.nbytes / least
