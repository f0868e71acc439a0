"""Chinese poems and two classics, by collection, with author and title.

Source: https://github.com/chinese-poetry/chinese-poetry (MIT; the texts are out of copyright). The
Tang poems are in traditional characters (繁体), all else in simplified ones (简体).
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, NamedTuple

from course_lib.data.catalogue import downloaded_file, how_to_get
from course_lib.errors import DataError, InputError

COLLECTIONS = {
    "tang": tuple(f"全唐诗/poet.tang.{number}.json" for number in (0, 1000, 2000)),
    "tang_300": ("全唐诗/唐诗三百首.json",),
    "song": tuple(f"宋词/ci.song.{number}.json" for number in (0, 1000, 2000, 3000)),
    "song_300": ("宋词/宋词三百首.json",),
    "analects": ("论语/lunyu.json",),
    "songs": ("诗经/shijing.json",),
}
"""全唐诗 (3,000 poems of it), 唐诗三百首, 宋词 (4,000 of them), 宋词三百首, 论语 and 诗经."""


class Poem(NamedTuple):
    """A poem, or a chapter of the Analects: its title, its author ("" if unknown), its lines."""

    title: str
    author: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(self.lines)


def chinese_poetry(collection: str = "tang_300") -> list[Poem]:
    """Return the poems of one of the ``COLLECTIONS``.

    Raises InputError for another name, DataError with the command to run when the set
    ``chinese_poetry`` is not here.
    """
    if collection not in COLLECTIONS:
        known = ", ".join(COLLECTIONS)
        raise InputError("the collection", expected=f"one of {known}", got=collection)
    paths = [downloaded_file("chinese_poetry", path) for path in COLLECTIONS[collection]]
    return [poem for path in paths for poem in _read(path)]


@functools.lru_cache(maxsize=16)
def _read(path: Path) -> tuple[Poem, ...]:
    try:
        return tuple(_poem(row) for row in json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError) as error:
        expected = "a list of poems"
        remedy = how_to_get("chinese_poetry")
        raise DataError(f"{path}", expected=expected, got=repr(error), remedy=remedy) from error


def _poem(row: dict[str, Any]) -> Poem:
    title = row.get("title") or row.get("rhythmic") or row["chapter"]  # 词 are named by their tune
    lines = row["paragraphs"] if "paragraphs" in row else row["content"]
    return Poem(title, row.get("author", ""), tuple(line.strip() for line in lines))
