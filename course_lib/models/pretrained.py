"""Models in folders: config.json and model.safetensors, in the layout that the field shares.

A model saved here opens in transformers, vLLM and whatever else reads that layout, and public
weights of GPT-2 and of Llama's family open here. safetensors holds numbers and names only: unlike a
pickle it can't run a stranger's code.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from course_lib.errors import DataError
from course_lib.models.gpt import GPT
from course_lib.models.hugging_face import config_from, config_to
from course_lib.models.hugging_face_weights import weights_from, weights_to

CONFIG, WEIGHTS, INDEX = "config.json", "model.safetensors", "model.safetensors.index.json"


def load(kind: type[GPT], folder: Path, changes: dict[str, Any]) -> GPT:
    """Return the model in ``folder``, ready to use (``eval``); ``changes`` alter its config.

    Raises ``DataError`` for a file that is missing, cut short or does not fit the config, and
    ``InputError`` for a family that we don't have.
    """
    config = config_from(_read_json(folder / CONFIG)).with_changes(**changes)
    weights = weights_from(_read_weights(folder), config)
    with torch.device("meta"):
        model = kind(config)
    _check_names(model, weights, folder)
    model.load_state_dict(weights, assign=True)
    model.tie()
    return model.eval()


def save(model: GPT, folder: Path) -> Path:
    """Write ``model`` into ``folder``, each file whole or not at all, and return the folder.

    Raises ``InputError`` for a shape that Hugging Face's GPT-2 and Llama don't have.
    """
    from safetensors.torch import save_file

    config = config_to(model.config, model.embedding.weight.dtype)
    weights = weights_to(model.state_dict(), model.config)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".saving-") as inside:
        draft = Path(inside)
        save_file(weights, draft / WEIGHTS, metadata={"format": "pt"})
        (draft / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        for name in (WEIGHTS, CONFIG):
            os.replace(draft / name, folder / name)
    return folder


def _read_json(path: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise DataError(str(path), expected="a file", got="nothing", remedy="is this the folder "
                        "that holds config.json and model.safetensors?") from None  # fmt: skip
    except ValueError as error:
        raise DataError(str(path), expected="JSON", got=str(error)) from None
    return read


def _read_weights(folder: Path) -> dict[str, Tensor]:
    names = [WEIGHTS]
    if (folder / INDEX).exists():  # a large model comes in several files
        names = sorted(set(_read_json(folder / INDEX)["weight_map"].values()))
    weights: dict[str, Tensor] = {}
    for name in names:
        weights |= _read_safetensors(folder / Path(name).name)
    return weights


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        weights: dict[str, Tensor] = load_file(path)
    except (FileNotFoundError, SafetensorError) as error:
        raise DataError(str(path), expected="whole weights", got=str(error),
                        remedy="fetch the file again") from None  # fmt: skip
    return weights


def _check_names(model: GPT, weights: dict[str, Tensor], folder: Path) -> None:
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
