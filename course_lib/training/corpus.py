"""From documents to token files: split, learn the tokenizer on the training part, write both.

The files lie in one folder with the tokenizer, and are made once: a run that goes on, and every
process of a distributed one, reads them where they lie.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.errors import InputError
from course_lib.text import BPETokenizer, TokenFile, write_tokens
from course_lib.whole_file import whole_folder

END = "<|end|>"
LONGEST_FILE = 2**28
"""Bytes of one text file of a folder that is read at once."""


def _docstrings() -> list[str]:
    from course_lib.data import docstring_paragraphs

    return docstring_paragraphs()


def _wikipedia() -> list[str]:
    from course_lib.data import wikipedia_articles

    return [article.text for article in wikipedia_articles()]


def _shakespeare() -> list[str]:
    from course_lib.data import nltk_corpus

    return [document.text for document in nltk_corpus("shakespeare")]


def _poetry() -> list[str]:
    from course_lib.data import COLLECTIONS, chinese_poetry

    return [poem.text for name in COLLECTIONS for poem in chinese_poetry(name)]


SOURCES: dict[str, Callable[[], list[str]]] = {
    "docstrings": _docstrings,
    "wikipedia": _wikipedia,
    "shakespeare": _shakespeare,
    "poetry": _poetry,
}
"""The data that a recipe can name; ``poetry`` is Chinese."""


@dataclass(frozen=True)
class Corpus:
    """A tokenizer, and the tokens that it makes of the training and the validation documents."""

    tokenizer: BPETokenizer
    training: TokenFile
    validation: TokenFile


def documents_of(source: str) -> list[str]:
    """Return the documents of a source by name, or the ``*.txt`` files of a folder.

    Raises ``InputError`` for a folder without such files, and for one that is too large or not in
    UTF-8.
    """
    if source in SOURCES:
        return SOURCES[source]()
    paths = sorted(Path(source).glob("*.txt"))
    if not paths:
        raise InputError(f"the folder {source}", expected="files that end in .txt", got="none")
    large = next((path for path in paths if path.stat().st_size > LONGEST_FILE), None)
    if large is not None:
        remedy = "cut it into several files"
        raise InputError(f"the text {large}", expected="at most 256 MiB", got="more", remedy=remedy)
    return [_read(path) for path in paths]


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        got = str(error)
        remedy = "save it in that encoding"
        raise InputError(f"the text {path}", expected="UTF-8", got=got, remedy=remedy) from error


def prepare(folder: Path, source: str, vocabulary: int, share: float, seed: int) -> Corpus:
    """Make the corpus below ``folder``, or open the one that the same call made there before.

    ``share`` of the documents, drawn by ``seed``, is held out; the tokenizer never sees it. Raises
    ``InputError`` when that leaves a part without a document.
    """
    wanted = {"source": source, "vocabulary": vocabulary, "share": share, "seed": seed}
    if _known(folder) != wanted:
        _make(folder, wanted, documents_of(source))
    return Corpus(
        BPETokenizer.load(folder / "tokenizer.json"),
        TokenFile.open(folder / "training.tokens"),
        TokenFile.open(folder / "validation.tokens"),
    )


def split_documents(
    documents: Iterable[str], share: float, seed: int
) -> tuple[list[str], list[str]]:
    """Return the training and the validation documents; equal documents stay together.

    >>> training, validation = split_documents(["a", "b", "a", "c"], share=0.3, seed=0)
    >>> sorted(training + validation), set(training) & set(validation)
    (['a', 'b', 'c'], set())
    """
    different = list(dict.fromkeys(document for document in documents if document.strip()))
    held_out = round(share * len(different))
    if not 0 < held_out < len(different):
        expected = "some to learn from and some to hold out"
        got = f"{len(different)} and a share of {share}"
        raise InputError("the documents", expected=expected, got=got)
    order = np.random.default_rng(seed).permutation(len(different))
    return (
        [different[i] for i in sorted(order[held_out:])],
        [different[i] for i in sorted(order[:held_out])],
    )


def _make(folder: Path, wanted: dict[str, Any], documents: list[str]) -> None:
    training, validation = split_documents(documents, wanted["share"], wanted["seed"])
    with whole_folder(folder) as fresh:
        tokenizer = BPETokenizer.train(training, wanted["vocabulary"], [END])
        tokenizer.save(fresh / "tokenizer.json")
        end, size = tokenizer.special_tokens[END], wanted["vocabulary"]
        for name, texts in (("training", training), ("validation", validation)):
            ids = map(tokenizer.encode, texts)
            write_tokens(fresh / f"{name}.tokens", ids, size, end=end)
        (fresh / "corpus.json").write_text(json.dumps(wanted), "utf-8")


def _known(folder: Path) -> Any:
    try:
        return json.loads((folder / "corpus.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
