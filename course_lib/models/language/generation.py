"""Generation: a token is chosen, joins the text, and the model is asked for the next.

Any decoder will do that offers the three methods of ``Decoder``: a GPT's, or the target side of an
encoder–decoder. Prompts of different lengths go in one batch; a row that has met its stop token is
done, and the others go on. The stop token is no part of the text, and neither is the prompt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import index
from typing import Any, Protocol, SupportsIndex, runtime_checkable

import torch
from torch import Tensor

from course_lib.errors import InputError
from course_lib.models.language.sampling import Sampling, choose

Stop = SupportsIndex | Iterable[SupportsIndex]
"""A token's number or several: integers, a list, an array, a tensor."""


@runtime_checkable
class Decoder(Protocol):
    """What turns tokens into the logits of the next one, and remembers what it has read."""

    def start(self, prompts: Sequence[Sequence[int]], new_tokens: int) -> Tensor:
        """Read the prompts, and return the logits (batch, vocabulary) of each next token."""

    def step(self, ids: Tensor) -> Tensor:
        """Read one token a row, and return the logits (batch, vocabulary) of each next token."""

    def reorder(self, rows: Tensor) -> None:
        """Let row i go on from what row ``rows[i]`` has read."""


def generate(
    decoder: Decoder,
    prompts: Sequence[Sequence[int]],
    *,
    new_tokens: int,
    sampling: Sampling | None = None,
    stop: Stop = (),
    generator: torch.Generator | None = None,
) -> list[list[int]]:
    """Return the continuation of each prompt: at most ``new_tokens``, up to a stop token.

    ``stop`` is one token's number or several. Raises ``InputError`` without a prompt, for an empty
    one or one with a token that the model doesn't know, for less than one new token, and for more
    than the context holds; ``ModelError`` when the model's logits are no longer numbers.

    >>> from course_lib.models import GPT, GPTConfig, GPTDecoder
    >>> model = GPT(GPTConfig.gpt2(vocabulary=9, context=8, layers=1, heads=1, width=4))
    >>> [len(text) for text in generate(GPTDecoder(model), [[1, 2], [3]], new_tokens=5)]
    [5, 5]
    """
    texts: list[list[int]] = [[] for _ in prompts]
    for tokens in stream(
        decoder,
        prompts,
        new_tokens=new_tokens,
        sampling=sampling,
        stop=stop,
        generator=generator,
    ):
        for text, token in zip(texts, tokens, strict=True):
            if token is not None:
                text.append(token)
    return texts


def stream(
    decoder: Decoder,
    prompts: Sequence[Sequence[int]],
    *,
    new_tokens: int,
    sampling: Sampling | None = None,
    stop: Stop = (),
    generator: torch.Generator | None = None,
) -> Iterator[list[int | None]]:
    """Give each prompt's next token as soon as it is chosen, ``None`` for those that are done.

    Raises what ``generate`` raises, when the first token is asked for.

    >>> from course_lib.models import GPT, GPTConfig, GPTDecoder
    >>> model = GPT(GPTConfig.gpt2(vocabulary=9, context=8, layers=1, heads=1, width=4))
    >>> len(list(stream(GPTDecoder(model), [[1, 2]], new_tokens=3)))
    3
    """
    check_prompts(prompts, new_tokens)
    sampling, ends = sampling or Sampling(), stop_tokens(stop)
    done = [False] * len(prompts)
    logits = decoder.start(prompts, new_tokens)
    repeated = _occurred(prompts, logits) if sampling.repetition_penalty is not None else None
    for number in range(new_tokens):
        chosen = choose(logits, sampling, repeated=repeated, generator=generator)
        tokens: list[int] = chosen.tolist()
        if ends:
            done = [was or token in ends for was, token in zip(done, tokens, strict=True)]
            if all(done):
                return
        yield [None if over else token for over, token in zip(done, tokens, strict=True)]
        if number + 1 == new_tokens:
            return
        if repeated is not None:
            repeated.scatter_(1, chosen[:, None], True)
        logits = decoder.step(chosen)


def check_prompts(prompts: Sequence[Sequence[int]], new_tokens: int) -> None:
    """Raise ``InputError`` unless there are prompts, none of them empty, and tokens to make.

    >>> check_prompts([[1]], 1)
    """
    if not prompts or not all(len(prompt) for prompt in prompts):
        raise InputError(
            "the prompts",
            expected="at least one token in each",
            got=[len(prompt) for prompt in prompts],
            remedy="begin with the token that begins a text",
        )
    if new_tokens < 1:
        raise InputError("new_tokens", expected="at least 1", got=new_tokens)


def stop_tokens(stop: Stop) -> frozenset[int]:
    """Return the stop tokens as a set; raises ``InputError`` for what is no token's number.

    >>> stop_tokens(5), stop_tokens(torch.tensor([5])) == stop_tokens([5])
    (frozenset({5}), True)
    """
    given: Any = stop.tolist() if hasattr(stop, "tolist") else stop
    try:
        return frozenset([given] if isinstance(given, int) else map(index, given))
    except TypeError:
        expected = "a token's number, or several"
        raise InputError("stop", expected=expected, got=repr(stop)) from None


def check_tokens(prompts: Sequence[Sequence[int]], vocabulary: int) -> None:
    """Raise ``InputError`` for a token that the vocabulary doesn't hold.

    On a GPU such a token would stop the whole process, and with no word of where it came from.

    >>> check_tokens([[0, 8]], 9)
    """
    strange = next((t for prompt in prompts for t in prompt if not 0 <= t < vocabulary), None)
    if strange is not None:
        expected = f"from 0 to {vocabulary - 1}"
        remedy = "is it the tokenizer of this model?"
        raise InputError("a prompt's token", expected=expected, got=strange, remedy=remedy)


def _occurred(prompts: Sequence[Sequence[int]], logits: Tensor) -> Tensor:
    occurred = torch.zeros(logits.shape, dtype=torch.bool, device=logits.device)
    for row, prompt in enumerate(prompts):
        occurred[row, list(prompt)] = True
    return occurred
