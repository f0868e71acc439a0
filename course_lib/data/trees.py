"""Sentences with their grammar, marked by hand: English (EWT) and Chinese (GSDSimp).

Sources: Silveira et al., *A Gold Standard Dependency Corpus for English*, 2014,
https://aclanthology.org/L14-1067; https://universaldependencies.org/treebanks/zh_gsdsimp (both
CC BY-SA 4.0). Of each, the parts *dev* and *test* are used; learn on dev, measure on test.
"""

from __future__ import annotations

import functools
from pathlib import Path

from course_lib.data.catalogue import downloaded_file
from course_lib.data.conllu import Tree, read_conllu
from course_lib.errors import DataError, InputError

SPLITS = ("dev", "test")


def english_trees(split: str) -> list[Tree]:
    """Return the 2,001 ("dev") or 2,077 ("test") English sentences with their grammar.

    Raises InputError for another split, DataError with the command to run when the set
    ``ud_english_ewt`` is not here.
    """
    return _trees("ud_english_ewt", "en_ewt", split)


def chinese_trees(split: str) -> list[Tree]:
    """Return the 500 ("dev") or 500 ("test") Chinese sentences: ``tree.words`` are true words.

    Raises InputError for another split, DataError with the command to run when the set
    ``ud_chinese_gsdsimp`` is not here.
    """
    return _trees("ud_chinese_gsdsimp", "zh_gsdsimp", split)


def _trees(name: str, prefix: str, split: str) -> list[Tree]:
    if split not in SPLITS:
        raise InputError("split", expected=f"one of {', '.join(SPLITS)}", got=split)
    return list(_read(downloaded_file(name, f"{prefix}-ud-{split}.conllu")))


@functools.lru_cache(maxsize=4)
def _read(path: Path) -> tuple[Tree, ...]:
    try:
        return tuple(read_conllu(path.read_text(encoding="utf-8"), path.name))
    except UnicodeDecodeError as error:
        raise DataError(f"{path}", expected="text in UTF-8", got=str(error)) from error
