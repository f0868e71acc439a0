"""Learners by their folders, whatever these are called and whatever lies in them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

NOT_LITERAL = re.compile(r"[*?\[\n]|^\s|\s$")
"""What nbgrader takes for a pattern, or cuts off: it would grade others in this one's place."""


def readable(name: str) -> str:
    r"""Return a name as every output can show it: bytes that are not UTF-8 as ``\xe9``.

    >>> readable("Zoë"), readable("Jos\udce9")
    ('Zoë', 'Jos\\xe9')
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def why_not_graded(folder: Path, student: str, wanted: Iterable[str]) -> str:
    """Return why nbgrader can't grade a learner's folder, and what to do; nothing where it can.

    ``wanted`` are the chapter's notebooks, without ``.ipynb``.
    """
    if readable(student) != student:
        return "the folder's name is not UTF-8: rename it"
    if NOT_LITERAL.search(student):
        return (
            "the folder's name begins or ends with a blank, or holds * ? [ or a new line: rename it"
        )
    if not folder.is_dir():
        return f"nothing was handed in: {folder} is no folder"
    try:
        found = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
        reasons = [_why_not_read(found[name]) for name in wanted if name in found]
    except OSError as error:
        return f"the folder cannot be read: {error.strerror}"
    return next(filter(None, [*reasons, _misnamed(found, list(wanted))]), "")


def _why_not_read(path: Path) -> str:
    kind = path.lstat().st_mode
    if stat.S_ISDIR(kind):
        return f"{path.name} is a folder: move the notebook out of it"
    if not stat.S_ISREG(kind) and not stat.S_ISLNK(kind):
        return f"{path.name} is no file: ask for it again"
    if stat.S_ISREG(kind) and not os.access(path, os.R_OK):
        return f"{path.name} may not be read: change its permissions"
    return ""


def _misnamed(found: dict[str, Path], wanted: list[str]) -> str:
    """Say which notebook bears another name than the chapter's, while one of these is missing."""
    missing = [name for name in wanted if name not in found]
    others = [name for name in found if name not in wanted]
    near = [(name, other) for name in missing for other in others if other.startswith(name)]
    if near:
        name, other = near[0]
        return f"no notebook of that name: rename {readable(other)}.ipynb to {name}.ipynb"
    if len(missing) < len(wanted):
        return ""
    names = " or ".join(f"{name}.ipynb" for name in wanted)
    if others:
        return f"no notebook of that name: rename {readable(others[0])}.ipynb to {names}"
    return f"no notebook was handed in: expected {names}"
