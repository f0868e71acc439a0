"""Gradient checkpointing: keep each block's input alone, and compute its inside again when needed.

The memory for activations falls from that of all layers to that of one (and the inputs of the
others), for about a third more time (Chen et al., 2016, https://arxiv.org/abs/1604.06174). Dropout
draws the same numbers the second time.
"""

from __future__ import annotations

from types import MethodType
from typing import Any

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from course_lib.errors import InputError


def recompute_blocks(model: nn.Module) -> int:
    """Let every block (child of a ``ModuleList``) be recomputed in training; return how many.

    Evaluation and generation stay as they were, and so does a model that was asked before. Raises
    ``InputError`` for a model without blocks.

    >>> recompute_blocks(nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)]))
    2
    """
    lists = [module for module in model.modules() if isinstance(module, nn.ModuleList)]
    blocks = [block for blocks in lists for block in blocks]
    if not blocks:
        raise InputError("the model", expected="blocks in a ModuleList", got="none")
    for block in blocks:
        # A method knows whose it is: a copy of the model gets methods of its own blocks.
        block.forward = MethodType(_recomputing, block)
    return len(blocks)


def _recomputing(block: nn.Module, *arguments: Any, **keywords: Any) -> Any:
    forward = MethodType(type(block).forward, block)
    if block.training and torch.is_grad_enabled():
        return checkpoint(forward, *arguments, use_reentrant=False, **keywords)
    return forward(*arguments, **keywords)
