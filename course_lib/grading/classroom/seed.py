"""The course's secret seed: it draws the cases that no learner has seen."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from course_lib.errors import InputError

SEED_FILE = Path(".course") / "secret_seed"


def secret_seed(root: Path) -> int:
    """Return the seed from ``COURSE_SEED`` or ``.course/secret_seed``, made when missing.

    The file can be read by its owner alone. Raises ``InputError`` for a seed that is no whole
    number ≥ 1.
    """
    text = os.environ.get("COURSE_SEED")
    path = root / SEED_FILE
    if text is None:
        text = path.read_text() if path.exists() else _made(path)
    if not text.strip().isdigit() or int(text) < 1:
        raise InputError("the secret seed", expected="a whole number ≥ 1", got="something else",
                         remedy=f"set COURSE_SEED, or remove {path} to have one made")  # fmt: skip
    return int(text)


def _made(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = str(1 + secrets.randbits(62))
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(fresh, path)  # never replaces a seed that somebody made meanwhile
    except FileExistsError:
        text = path.read_text()
    finally:
        fresh.unlink()
    return text
