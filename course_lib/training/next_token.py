"""The loss of a language model: how surprised it is by each next token.

Position t sees the tokens up to t and is judged on token t + 1. Shift once, either where batches
are cut or in the loss; shifting in neither leaks the answer, shifting in both asks for the token
after the next.
"""

from __future__ import annotations

import math

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from course_lib.errors import ShapeError

IGNORED = -100
"""The target of a position that does not count: padding, or the prompt of a conversation."""


def next_token_loss(
    logits: Float[Tensor, "*positions vocabulary"],
    targets: Int[Tensor, ...],
) -> tuple[Float[Tensor, ""], Int[Tensor, ""]]:
    """Return the summed cross-entropy in nats, and how many targets it counts.

    The sum and the count apart let batches of unequal size be averaged rightly: add both, divide
    once. Targets of ``IGNORED`` count nothing. Raises ``ShapeError`` when the shapes do not fit.

    >>> import torch
    >>> logits = torch.log(torch.tensor([[[0.25, 0.75], [0.5, 0.5]]]))
    >>> loss, count = next_token_loss(logits, torch.tensor([[1, IGNORED]]))
    >>> round(loss.exp().item(), 4), count.item()  # e^(−log 3/4)
    (1.3333, 1)
    """
    if logits.shape[:-1] != targets.shape:
        expected = f"{tuple(targets.shape)} and the vocabulary's axis"
        raise ShapeError("the logits", expected=expected, got=tuple(logits.shape))
    loss = functional.cross_entropy(
        logits.flatten(0, -2).float(), targets.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return loss, (targets != IGNORED).sum()


def perplexity(mean_loss: float) -> float:
    """Return e to the mean loss: between how many equally likely tokens the model hesitates.

    Average the losses first: the mean of exponentials is another, larger number.

    >>> round(perplexity(math.log(50)))
    50
    """
    return math.exp(mean_loss) if mean_loss < 700 else math.inf


def shifted(
    tokens: Int[Tensor, "batch longer"],
) -> tuple[Int[Tensor, "batch time"], Int[Tensor, "batch time"]]:
    """Return inputs and targets of windows that hold one token more than the model reads.

    >>> import torch
    >>> shifted(torch.tensor([[5, 6, 7]]))
    (tensor([[5, 6]]), tensor([[6, 7]]))
    """
    return tokens[:, :-1], tokens[:, 1:]
