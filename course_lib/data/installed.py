"""Files inside installed packages, found without importing them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

from course_lib.errors import DataError


def package_folder(package: str) -> Path | None:
    """Return the folder of an installed package, or None; the package is not imported.

    >>> package_folder("numpy").name
    'numpy'
    >>> package_folder("no_such_package") is None
    True
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def installed_file(package: str, path: str, *, pip: str) -> Path:
    """Return a file of an installed package; ``pip`` is the name to install the package by.

    Raises DataError with the command to run when the package, or the file in it, is missing.

    >>> installed_file("jieba", "dict.txt", pip="jieba").name
    'dict.txt'
    """
    folder = package_folder(package)
    if folder is None:
        raise DataError(f"the package {package}", got="not installed", remedy=f"pip install {pip}")
    if not (folder / path).exists():
        remedy = f"pip install --force-reinstall --no-deps {pip}"
        raise DataError(f"{path} in the package {package}", got="no such file", remedy=remedy)
    return folder / path


def version(package: str) -> str:
    """Return the version of an installed package by its pip name, or "unknown"."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
