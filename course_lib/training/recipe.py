"""A whole training run as a text file: data, model, training. ``course train recipe.toml`` runs it.

A recipe names what is to be done and nothing about the machine, so that the same file runs on a
laptop, on Colab, and with ``torchrun`` on many GPUs. Documents are split into training and
validation *before* the tokenizer learns, which sees the training part alone.

>>> recipe = parse_recipe('''
... [data]
... source = "docstrings"
... vocabulary = 1024
... [model]
... layers = 2
... heads = 2
... width = 64
... context = 32
... [training]
... steps = 100
... ''')
>>> recipe.data.vocabulary, recipe.model.layers, recipe.training.steps
(1024, 2, 100)
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.errors import InputError
from course_lib.models import GPTConfig
from course_lib.models.blocks.rotary import RotaryScaling
from course_lib.models.fields import check_fields, check_positive
from course_lib.training.config import TrainingConfig
from course_lib.training.corpus import SOURCES


@dataclass(frozen=True)
class DataConfig:
    """What to read: a source by name or a folder of text files, and how to cut it.

    ``batch`` windows make a batch, over all processes together. ``validation`` is the share of the
    documents that is held out. Raises ``InputError`` for an unknown source, a share that leaves
    either part empty, and numbers that make no sense.
    """

    source: str
    vocabulary: int = 4096
    validation: float = 0.05
    batch: int = 16
    seed: int = 0

    def __post_init__(self) -> None:
        check_fields(self)
        check_positive(self, "vocabulary", "batch")
        if self.source not in SOURCES and not Path(self.source).is_dir():
            expected = f"{', '.join(SOURCES)} or a folder of texts"
            raise InputError("the source", expected=expected, got=repr(self.source))
        if self.seed < 0:
            raise InputError("seed", expected="0 or more", got=self.seed)
        if not 0 < self.validation < 1:
            raise InputError("validation", expected="a share between 0 and 1", got=self.validation)


@dataclass(frozen=True)
class Recipe:
    """A run: what to read, what to build, how to train."""

    data: DataConfig
    model: GPTConfig
    training: TrainingConfig


def read_recipe(path: Path) -> Recipe:
    """Read a recipe's file; raises ``InputError`` for one that cannot be read or understood."""
    try:
        return parse_recipe(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the recipe {path}", got=str(error)) from error


def parse_recipe(text: str) -> Recipe:
    """Return the recipe that a TOML text describes.

    Raises ``InputError`` for text that is no TOML, a section or field that does not exist (with the
    nearest one that does), and values that do not fit.
    """
    try:
        sections = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("the recipe", expected="TOML", got=str(error)) from error
    _refuse_unknown("section", sections, ("data", "model", "training"))
    for name, section in sections.items():
        if not isinstance(section, dict):
            expected = f"a section [{name}]"
            raise InputError(f"the recipe's {name}", expected=expected, got=repr(section))
    data = _built(DataConfig, "data", sections.get("data", {}))
    training = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in sections.get("training", {}).items()
    }
    shape = _shape(dict(sections.get("model", {})), data.vocabulary)
    return Recipe(data, shape, _built(TrainingConfig, "training", training))


def _shape(model: dict[str, Any], vocabulary: int) -> GPTConfig:
    family = model.pop("family", "gpt2")
    if family not in ("gpt2", "llama"):
        raise InputError("the model's family", expected="gpt2 or llama", got=repr(family))
    make = GPTConfig.gpt2 if family == "gpt2" else GPTConfig.llama
    known = [one.name for one in dataclasses.fields(GPTConfig) if one.name != "vocabulary"]
    _refuse_unknown("field of [model]", model, known)
    if isinstance(model.get("rotary_scaling"), dict):
        scaling = model["rotary_scaling"]
        model["rotary_scaling"] = _built(RotaryScaling, "model.rotary_scaling", scaling)
    shape: GPTConfig = _called(make, "model", {**model, "vocabulary": vocabulary})
    return shape


def _built(kind: Any, section: str, fields: dict[str, Any]) -> Any:
    _refuse_unknown(f"field of [{section}]", fields, [f.name for f in dataclasses.fields(kind)])
    return _called(kind, section, fields)


def _called(make: Callable[..., Any], section: str, fields: dict[str, Any]) -> Any:
    try:
        return make(**fields)
    except TypeError as error:  # a field is missing, or is text where a number belongs
        raise InputError(f"the recipe's [{section}]", got=str(error)) from error


def _refuse_unknown(what: str, given: Any, known: Any) -> None:
    import difflib

    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise InputError(f"a {what} of the recipe", got=repr(name), remedy=remedy)
