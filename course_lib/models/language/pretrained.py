"""Models in folders: config.json and model.safetensors, in the layout that the field shares.

A model saved here opens in transformers, vLLM and whatever else reads that layout, and public
weights of GPT-2 and of Llama's family open here. safetensors holds numbers and names only: unlike a
pickle it can't run a stranger's code.
"""

from __future__ import annotations

import functools
import json
import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from course_lib.errors import DataError, InputError
from course_lib.models.language.config import GPTConfig
from course_lib.models.language.decoder_only import DecoderOnly
from course_lib.models.language.hugging_face import config_from, config_to
from course_lib.models.language.hugging_face_weights import weights_from, weights_to

CONFIG, WEIGHTS, INDEX = "config.json", "model.safetensors", "model.safetensors.index.json"

Model = TypeVar("Model", bound=DecoderOnly)
FORMATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def load(kind: type[Model], folder: Path, changes: dict[str, Any]) -> Model:
    """Return the model in ``folder``, ready to use (``eval``); ``changes`` alter its config.

    Weights of several formats become the widest of them. Raises ``DataError`` for a file that is
    missing, cut short or does not fit the config, and ``InputError`` for a model that we don't
    have.
    """
    config = config_from(_read_json(folder / CONFIG)).with_changes(**changes)
    weights = _alike(weights_from(_read_weights(folder), config), folder)
    if config.layers > len(weights):  # building them all would take for ever
        got = f"{len(weights)} tensors"
        raise DataError(f"the weights in {folder}", expected=f"{config.layers} layers", got=got)
    model = _unfilled(kind, config)
    _check_names(model, weights, folder)
    model.load_state_dict(weights, assign=True)
    model.tie()
    return model.eval()


def save(model: DecoderOnly, folder: Path) -> Path:
    """Write ``model`` into ``folder``, each file whole or not at all, and return the folder.

    Raises ``InputError`` for a shape that Hugging Face's GPT-2 and Llama don't have, and for a
    model with other weights than its config says.
    """
    from safetensors.torch import save_file

    config = config_to(model.config, model.embedding.weight.dtype)
    other = set(model.state_dict()) ^ set(_unfilled(type(model), model.config).state_dict())
    if other:
        expected = "the weights of its config"
        remedy = "merge_lora writes corrections into the matrices"
        raise InputError("the model", expected=expected, got=min(other), remedy=remedy)
    weights = weights_to(model.state_dict(), model.config)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".saving-") as inside:
        draft = Path(inside)
        save_file(weights, draft / WEIGHTS, metadata={"format": "pt"})
        (draft / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        for name in (WEIGHTS, CONFIG):
            os.replace(draft / name, folder / name)
    (folder / INDEX).unlink(missing_ok=True)  # of a larger model that lay here before
    return folder


def _unfilled(kind: type[Model], config: GPTConfig) -> Model:
    """Return the model without memory for its weights."""
    try:
        with torch.device("meta"):
            return kind(config)
    except RuntimeError as error:
        expected = "sizes that a computer can count"
        remedy = "is its config.json whole?"
        raise DataError("the model", expected=expected, got=str(error), remedy=remedy) from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        read: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        remedy = "is this the folder that holds config.json and model.safetensors?"
        raise DataError(str(path), expected="a file", got="nothing", remedy=remedy) from None
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(str(path), expected="JSON", got=str(error)) from None
    if not isinstance(read, dict):
        raise DataError(str(path), expected="fields and their values", got=f"a {type(read)}")
    return read


def _read_weights(folder: Path) -> dict[str, Tensor]:
    if (folder / WEIGHTS).exists() or not (folder / INDEX).exists():
        return _read_safetensors(folder / WEIGHTS)
    places = _read_json(folder / INDEX).get("weight_map")  # a large model comes in several files
    if not isinstance(places, dict) or not all(isinstance(one, str) for one in places.values()):
        expected = "weight_map, from weights to files"
        raise DataError(str(folder / INDEX), expected=expected, got=type(places).__name__)
    weights: dict[str, Tensor] = {}
    for name in sorted(set(places.values())):
        weights |= _read_safetensors(folder / Path(name).name)
    return weights


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        weights: dict[str, Tensor] = load_file(path)
    except (OSError, SafetensorError) as error:
        expected = "whole weights"
        remedy = "fetch the file again"
        raise DataError(str(path), expected=expected, got=str(error), remedy=remedy) from None
    return weights


def _alike(weights: dict[str, Tensor], folder: Path) -> dict[str, Tensor]:
    """Return the weights in one format, the narrowest that loses nothing."""
    for name, one in weights.items():
        if one.dtype not in FORMATS:
            raise DataError(
                f"the weights in {folder}: {name}",
                expected=FORMATS,
                got=one.dtype,
                remedy="fetch a copy that is not quantised",
            )
    formats = {one.dtype for one in weights.values()}
    widest = functools.reduce(torch.promote_types, formats) if formats else torch.float32
    return {name: one.to(widest) for name, one in weights.items()}


def _check_names(model: DecoderOnly, weights: dict[str, Tensor], folder: Path) -> None:
    expected = {name: tuple(one.shape) for name, one in model.state_dict().items()}
    got = {name: tuple(one.shape) for name, one in weights.items()}
    wrong = sorted(name for name in expected | got if expected.get(name) != got.get(name))
    if wrong:
        name = wrong[0]
        raise DataError(
            f"the weights in {folder}: {name}",
            expected=expected.get(name, "nothing of that name"),
            got=got.get(name, "nothing"),
            remedy="config.json and the weights don't belong together",
        )
