"""A transformer block: attention, then a feed-forward layer, each added to what was there.

*Post-norm* normalises the sum, as the paper of 2017 does: norm(x + f(x)). *Pre-norm*, GPT-2's way,
normalises what goes in: x + f(norm(x)). The plain sum then runs through all layers untouched, so
that gradients reach the first one and deep stacks train without a careful warm-up (Xiong et al.,
2020, https://arxiv.org/abs/2002.04745).
"""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor, nn

from course_lib.models.blocks.block_config import BlockConfig
from course_lib.models.blocks.cache import KVCache
from course_lib.models.blocks.feed_forward import FeedForward
from course_lib.models.blocks.multi_head import SelfAttention
from course_lib.models.blocks.normalisation import make_norm
from course_lib.models.blocks.rotary import Rotation


class Block(nn.Module):
    """Self-attention and a feed-forward layer, each with its norm and its residual.

    >>> import torch
    >>> block = Block(BlockConfig(width=8, heads=2))
    >>> block(torch.ones(1, 3, 8), causal=True).shape
    torch.Size([1, 3, 8])
    """

    def __init__(self, config: BlockConfig) -> None:
        super().__init__()
        self.norm_first = config.norm_first
        self.attention_norm = norm_of(config)
        self.attention = SelfAttention(
            config.width,
            heads=config.heads,
            kv_heads=config.kv_heads,
            head_width=config.head_width,
            bias=config.bias,
            qkv_bias=config.qkv_bias,
            dropout=config.dropout,
        )
        self.feed_forward_norm = norm_of(config)
        self.feed_forward = FeedForward(
            config.width, config.hidden_width, activation=config.activation, bias=config.bias
        )
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self,
        x: Float[Tensor, "batch time width"],
        mask: Bool[Tensor, "*mask"] | None = None,
        *,
        causal: bool = False,
        rotation: Rotation | None = None,
        cache: KVCache | None = None,
        layer: int = 0,
    ) -> Float[Tensor, "batch time width"]:
        """Return the tokens' vectors after both halves of the block."""
        normed = self.attention_norm(x) if self.norm_first else x
        attended = self.attention(
            normed, mask, causal=causal, rotation=rotation, cache=cache, layer=layer
        )
        x = self.residual(x, attended, self.attention_norm)
        normed = self.feed_forward_norm(x) if self.norm_first else x
        return self.residual(x, self.feed_forward(normed), self.feed_forward_norm)

    def residual(self, x: Tensor, added: Tensor, norm: nn.Module) -> Tensor:
        """Return the sum of ``x`` and what a half of the block adds, normed if post-norm."""
        x = x + self.dropout(added)
        return x if self.norm_first else norm(x)


def norm_of(config: BlockConfig) -> nn.Module:
    """Return the norm that ``config`` asks for.

    >>> norm_of(BlockConfig(norm="rms", norm_epsilon=1e-6, width=12))
    RMSNorm((12,), eps=1e-06, elementwise_affine=True)
    """
    return make_norm(config.norm, config.width, epsilon=config.norm_epsilon, bias=config.bias)
