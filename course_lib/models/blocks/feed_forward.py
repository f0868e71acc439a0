"""The feed-forward layer: each token alone, through a wider space and back."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from course_lib.errors import InputError
from course_lib.models.blocks.activations import PLAIN
from course_lib.models.blocks.block_config import Activation


class FeedForward(nn.Module):
    """Two matrices with an activation between, or, for ``swiglu``, a third one that gates.

    Raises ``InputError`` for an activation that nobody knows.

    >>> import torch
    >>> FeedForward(4, 8, activation="swiglu")(torch.ones(1, 2, 4)).shape
    torch.Size([1, 2, 4])
    """

    def __init__(
        self, width: int, hidden: int, *, activation: Activation = "gelu", bias: bool = True
    ) -> None:
        super().__init__()
        if activation not in (*PLAIN, "swiglu"):
            raise InputError(
                "the activation", expected=" or ".join((*PLAIN, "swiglu")), got=repr(activation)
            )
        self.gated, self.activation = activation == "swiglu", activation
        self.expand = nn.Linear(width, 2 * hidden if self.gated else hidden, bias=bias)
        self.project = nn.Linear(hidden, width, bias=bias)

    def forward(self, x: Float[Tensor, "batch time width"]) -> Float[Tensor, "batch time width"]:
        """Return each token's vector, changed by what it holds."""
        inside = self.expand(x)
        if self.gated:
            gate, value = inside.chunk(2, dim=-1)
            inside = functional.silu(gate) * value
        else:
            inside = PLAIN[self.activation](inside)
        projected: Tensor = self.project(inside)
        return projected
