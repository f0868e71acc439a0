"""LoRA: leave the weights as they are, and learn a thin correction beside each matrix.

    W' = W + (α / r) · B A

A squeezes the input to r numbers, B spreads them again; only A and B learn, which is often less
than one per cent of the model. B starts at zero, so that the first step begins at the model as it
was. Merged, the correction costs nothing (Hu et al., 2021, https://arxiv.org/abs/2106.09685).
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from course_lib.errors import DataError, InputError

Model = TypeVar("Model", bound=nn.Module)
WEIGHTS, CONFIG = "adapter.safetensors", "adapter.json"


class LoRALinear(nn.Module):
    """A linear layer that is frozen, and a correction of ``rank`` that learns.

    >>> layer = LoRALinear(nn.Linear(4, 3), rank=2, alpha=4.0)
    >>> torch.equal(layer(torch.ones(1, 4)), layer.frozen(torch.ones(1, 4)))
    True
    """

    def __init__(
        self,
        frozen: nn.Linear,
        *,
        rank: int,
        alpha: float,
        dropout: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.frozen, self.rank, self.alpha = frozen, rank, alpha
        weight = frozen.weight
        self.down = nn.Parameter(weight.new_empty(rank, weight.shape[1]))
        self.up = nn.Parameter(weight.new_zeros(weight.shape[0], rank))
        self.dropout = nn.Dropout(dropout)
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5), generator=generator)

    @property
    def weight(self) -> Tensor:
        """The matrix that the layer amounts to."""
        return self.frozen.weight + self.alpha / self.rank * (self.up @ self.down)

    @property
    def bias(self) -> Tensor | None:
        """The frozen layer's bias."""
        return self.frozen.bias

    def forward(self, x: Float[Tensor, "*batch wide"]) -> Float[Tensor, "*batch out"]:
        """Return the frozen layer's output and the correction's, added."""
        squeezed = functional.linear(self.dropout(x), self.down)
        plain: Tensor = self.frozen(x)
        return plain + functional.linear(squeezed, self.up) * (self.alpha / self.rank)


def add_lora(
    model: Model,
    *,
    rank: int = 8,
    alpha: float = 16.0,
    dropout: float = 0.0,
    layers: Sequence[str] = ("attention.qkv", "attention.project"),
    generator: torch.Generator | None = None,
) -> Model:
    """Freeze ``model``, put a correction beside every linear layer so named, and return it.

    A layer is meant when its name is one of ``layers``, or ends in a dot and one of them. A second
    call adds to other layers, and those of the first go on learning. Raises ``InputError`` for a
    rank below 1, when no layer is meant, and for one that shares its matrix with another, as a head
    that is tied to an embedding does: merged, the correction would change both.

    >>> from course_lib.models import GPT, GPTConfig
    >>> model = GPT(GPTConfig.gpt2(vocabulary=9, context=8, layers=1, heads=1, width=8))
    >>> sum(one.numel() for one in add_lora(model, rank=2).parameters() if one.requires_grad)
    96
    """
    if rank < 1:
        raise InputError("the rank", expected="at least 1", got=rank)
    meant = _meant(model, [layers] if isinstance(layers, str) else layers)
    model.requires_grad_(False)
    for name in meant:
        parent, own = _parent(model, name)
        frozen: nn.Linear = getattr(parent, own)
        corrected = LoRALinear(frozen, rank=rank, alpha=alpha, dropout=dropout, generator=generator)
        setattr(parent, own, corrected)
    for _, one in _corrections(model):
        one.down.requires_grad_(True)
        one.up.requires_grad_(True)
    return model


@torch.no_grad()
def merge_lora(model: Model) -> Model:
    """Write every correction into its matrix, take the extra layers out, and return ``model``.

    All weights may learn again. Raises ``InputError`` for a model without corrections.

    >>> merge_lora(nn.Sequential(LoRALinear(nn.Linear(4, 3), rank=1, alpha=1.0)))
    Sequential(
      (0): Linear(in_features=4, out_features=3, bias=True)
    )
    """
    for name, corrected in list(_corrections(model)):
        corrected.frozen.weight.copy_(corrected.weight)
        parent, own = _parent(model, name)
        setattr(parent, own, corrected.frozen)
    return model.requires_grad_(True)


def save_lora(model: nn.Module, folder: Path | str) -> Path:
    """Write the corrections alone into ``folder``, each file whole or not at all; return it.

    Raises ``InputError`` for a model without corrections.
    """
    from safetensors.torch import save_file

    folder, corrections = Path(folder), dict(_corrections(model))
    weights: dict[str, Tensor] = {}
    for name, one in corrections.items():
        weights |= {f"{name}.down": one.down.detach(), f"{name}.up": one.up.detach()}
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".saving-") as inside:
        draft = Path(inside)
        save_file({name: w.contiguous() for name, w in weights.items()}, draft / WEIGHTS)
        shape = {name: {"rank": one.rank, "alpha": one.alpha} for name, one in corrections.items()}
        (draft / CONFIG).write_text(json.dumps(shape, indent=2) + "\n", encoding="utf-8")
        for name in (WEIGHTS, CONFIG):
            os.replace(draft / name, folder / name)
    return folder


def load_lora(model: Model, folder: Path | str) -> Model:
    """Add the corrections that ``save_lora`` wrote, and return ``model``.

    Raises ``DataError`` for files that are missing, cut short, or made for another model.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    folder = Path(folder)
    try:
        shape = json.loads((folder / CONFIG).read_text("utf-8"))
        weights = load_file(folder / WEIGHTS)
        alphas = {name: float(one["alpha"]) for name, one in shape.items()}
        _check_fit(model, weights, list(alphas))
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        SafetensorError,
    ) as error:
        expected = "corrections for this model"
        got = f"{type(error).__name__}: {error}"
        raise DataError(f"the adapter in {folder}", expected=expected, got=got) from None
    for name, alpha in alphas.items():
        add_lora(model, rank=len(weights[f"{name}.down"]), alpha=alpha, layers=[name])
    model.load_state_dict(weights, strict=False)
    return model


def _check_fit(model: nn.Module, weights: dict[str, Tensor], names: list[str]) -> None:
    """Raise ``ValueError`` unless these are corrections of layers that the model has."""
    modules, expected = dict(model.named_modules()), dict[str, tuple[int, ...]]()
    for name in names:
        layer, rank = modules.get(name), len(weights[f"{name}.down"])
        if not isinstance(layer, nn.Linear):
            raise ValueError(f"no linear layer is called {name}")
        expected[f"{name}.down"] = (rank, layer.in_features)
        expected[f"{name}.up"] = (layer.out_features, rank)
    if not expected or expected != {name: tuple(one.shape) for name, one in weights.items()}:
        raise ValueError(f"other shapes than {expected}")


def _meant(model: nn.Module, layers: Sequence[str]) -> list[str]:
    linear = {name: one for name, one in model.named_modules() if isinstance(one, nn.Linear)}
    meant = [name for name in linear if f".{name}".endswith(tuple(f".{one}" for one in layers))]
    if not meant:
        examples = list(linear)[:3]
        raise InputError("the layers", expected=f"ends of names such as {examples}", got=layers)
    owners = Counter(id(one) for module in model.modules() for one in module._parameters.values())
    for name in meant:
        if owners[id(linear[name].weight)] > 1:
            got = "one that is tied to another layer's"
            raise InputError(f"the layer {name}", expected="a matrix of its own", got=got)
    return meant


def _corrections(model: nn.Module) -> Iterator[tuple[str, LoRALinear]]:
    found = [(name, one) for name, one in model.named_modules() if isinstance(one, LoRALinear)]
    if not found:
        expected = "one with LoRA layers"
        raise InputError("the model", expected=expected, got="none", remedy="call add_lora first")
    return iter(found)


def _parent(model: nn.Module, name: str) -> tuple[nn.Module, str]:
    path, _, own = name.rpartition(".")
    return model.get_submodule(path), own
