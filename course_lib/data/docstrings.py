"""English prose in large amounts, already on the machine: the docstrings of scientific packages.

Their source is parsed (``ast``), never imported or run. What is prose is told from code, tables
and lists of arguments by rules: eight words or more, a capital letter first, a mark of punctuation
last, mostly letters. The subject is narrow (numbers, arrays, graphs, figures), and the notebooks
say so. A paragraph that occurs more than once is kept once, so that test text is not in the
training text.

Licences: BSD-3 (NumPy, SciPy, scikit-learn, scikit-image, NetworkX), Apache-2.0 (NLTK), LGPL-2.1
(Gensim), Matplotlib's own (BSD-like).
"""

from __future__ import annotations

import ast
import functools
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from course_lib.data.cache import kept
from course_lib.data.installed import package_folder, version
from course_lib.data.prose import paragraphs_of
from course_lib.errors import DataError, InputError

PACKAGES = {
    "numpy": "numpy",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "matplotlib": "matplotlib",
    "nltk": "nltk",
    "gensim": "gensim",
    "networkx": "networkx",
    "skimage": "scikit-image",
}
"""The packages to read, and the name to install each by."""

_RULES = "2"  # to be changed with the rules, so that a kept result of the old ones is not used
_BODY_WORDS = 20


class Summary(NamedTuple):
    """The first sentence of a docstring, and the prose that it sums up."""

    summary: str
    body: str


def docstring_paragraphs(packages: Sequence[str] = tuple(PACKAGES)) -> list[str]:
    """Return the different prose paragraphs of the installed ones of ``packages``, in order.

    Reading all source takes some seconds the first time; the result is kept in the cache folder.
    For a quick start, name one: ``docstring_paragraphs(["networkx"])``.
    Raises InputError for a package that is not in ``PACKAGES``, DataError when none is installed.

    >>> paragraphs = docstring_paragraphs(["networkx"])
    >>> len(paragraphs) > 1000, all(len(one.split()) >= 8 for one in paragraphs)
    (True, True)
    """
    parts = (_prose(package)["paragraphs"] for package in _installed(packages))
    return list(dict.fromkeys(text for part in parts for text in part))


def docstring_summaries(packages: Sequence[str] = tuple(PACKAGES)) -> list[Summary]:
    """Return each docstring's first sentence with the prose after it, of twenty words or more.

    Raises InputError for a package that is not in ``PACKAGES``, DataError when none is installed.

    >>> summary, body = docstring_summaries(["networkx"])[0]
    >>> len(summary.split()) < len(body.split())
    True
    """
    parts = (_prose(package)["summaries"] for package in _installed(packages))
    found = (Summary(summary, body) for part in parts for summary, body in part)
    return list({pair.body: pair for pair in found}.values())


def _installed(packages: Sequence[str]) -> list[str]:
    unknown = sorted(set(packages) - set(PACKAGES))
    if unknown:
        raise InputError("packages", expected=f"some of {', '.join(PACKAGES)}", got=unknown)
    here = [package for package in packages if package_folder(package)]
    if not here:
        names = " ".join(PACKAGES[package] for package in packages)
        remedy = f"pip install {names}"
        raise DataError("docstrings", got="none of the packages is installed", remedy=remedy)
    return here


@functools.cache
def _prose(package: str) -> dict[str, list[Any]]:
    folder = package_folder(package)
    assert folder is not None
    key = f"{PACKAGES[package]} {version(PACKAGES[package])}, rules {_RULES}"
    found: dict[str, list[Any]] = kept(f"docstrings-{package}", key, lambda: _collect(folder))
    return found


def _collect(folder: Path) -> dict[str, list[Any]]:
    paragraphs: dict[str, None] = {}
    summaries: list[tuple[str, str]] = []
    for docstring in _docstrings_under(folder):
        first, _, rest = docstring.partition("\n\n")
        body = paragraphs_of(rest)
        paragraphs.update(dict.fromkeys([*paragraphs_of(first), *body]))
        pair = " ".join(first.split()), " ".join(body)
        if _sums_up(*pair):
            summaries.append(pair)
    return {"paragraphs": list(paragraphs), "summaries": summaries}


def _sums_up(summary: str, body: str) -> bool:
    return (
        3 <= len(summary.split()) <= 40
        and summary[0].isupper()
        and summary.endswith(".")
        and summary.count(". ") == 0
        and not set("`*\\|=<>_").intersection(summary)
        and len(body.split()) >= _BODY_WORDS
    )


def _docstrings_under(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        if {"tests", "test"}.isdisjoint(path.relative_to(folder).parts):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of other people's source
                try:
                    module = ast.parse(path.read_bytes())
                except (OSError, SyntaxError, ValueError):
                    continue
            yield from _docstrings_in(module)


def _docstrings_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        docstring = ast.get_docstring(node)
        if docstring:
            yield docstring
    for child in _statements(node):
        yield from _docstrings_in(child)


def _statements(node: ast.AST) -> Iterable[ast.stmt]:
    # Definitions stand among statements, so that expressions need not be walked through.
    for name in ("body", "orelse", "handlers", "finalbody"):
        yield from getattr(node, name, ())
