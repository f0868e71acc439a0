"""GPT: the decoder-only transformer, which also writes, and travels in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course_lib.models.language.decoder_only import DecoderOnly
from course_lib.models.language.decoding import GPTDecoder
from course_lib.models.language.generation import generate
from course_lib.models.language.pretrained import load, save


class GPT(DecoderOnly):
    """A decoder-only language model; ``generator`` makes its first weights repeatable.

    >>> from course_lib.models import GPTConfig
    >>> model = GPT(GPTConfig.gpt2(vocabulary=50, context=8, layers=2, heads=2, width=16))
    >>> [len(text) for text in model.generate([[1, 2], [3]], new_tokens=5)]
    [5, 5]
    """

    def generate(self, prompts: Sequence[Sequence[int]], **settings: Any) -> list[list[int]]:
        """Return each prompt's continuation: ``generation.generate`` says with which settings."""
        return generate(GPTDecoder(self), prompts, **settings)

    @classmethod
    def from_pretrained(cls, folder: Path | str, **changes: Any) -> GPT:
        """Return the model of a folder in Hugging Face's layout: see ``pretrained.load``."""
        return load(cls, Path(folder), changes)

    def save_pretrained(self, folder: Path | str) -> Path:
        """Write config.json and model.safetensors, which transformers and vLLM read as well."""
        return save(self, Path(folder))
