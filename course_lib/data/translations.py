"""Chinese sentences with their English originals: the messages of JupyterLab's user interface.

Source: the Chinese language pack of JupyterLab, https://github.com/jupyterlab/language-packs
(BSD-3). The texts are short and of one subject, and many are no sentences: menus, buttons, errors.
A place that a program fills is written ``%1``.
"""

from __future__ import annotations

import functools
import re
from gettext import GNUTranslations
from typing import NamedTuple

from course_lib.data.installed import installed_file
from course_lib.errors import DataError

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CONTEXT_END = "\x04"  # gettext writes "context EOT message"
_SENTENCE = re.compile(r"[^。！？；\n]*[\u4e00-\u9fff][^。！？；\n]*[。！？；]?")


class Translation(NamedTuple):
    """One text in both languages; ``chinese, english = pair`` takes it apart."""

    chinese: str
    english: str


def chinese_english_pairs(minimum_words: int = 1) -> list[Translation]:
    """Return about 3,000 different pairs, those whose English has ``minimum_words`` or more.

    Raises DataError when the language pack is not installed.

    >>> pairs = chinese_english_pairs(minimum_words=5)
    >>> all(len(pair.english.split()) >= 5 for pair in pairs)
    True
    """
    return [pair for pair in _pairs() if len(pair.english.split()) >= minimum_words]


def chinese_sentences(minimum_characters: int = 1) -> list[str]:
    """Return the different Chinese sentences and phrases of the pairs, each a line of plain text.

    A small text that needs no download, of one subject and with many short phrases: ask for ten
    characters or more to have sentences mostly. ``course data chinese_poetry`` gets a larger text.
    Raises DataError when the language pack is not installed.

    >>> all(len(sentence) >= 10 for sentence in chinese_sentences(minimum_characters=10))
    True
    """
    found = (_SENTENCE.findall(re.sub(r"<[^>]*>", "", pair.chinese)) for pair in _pairs())
    different = dict.fromkeys(one.strip() for sentences in found for one in sentences)
    return [sentence for sentence in different if len(sentence) >= minimum_characters]


@functools.cache
def _pairs() -> tuple[Translation, ...]:
    pip = "jupyterlab-language-pack-zh-CN"
    folder = installed_file("jupyterlab_language_pack_zh_CN", "locale/zh_CN/LC_MESSAGES", pip=pip)
    pairs: dict[Translation, None] = {}
    for path in sorted(folder.glob("*.mo")):
        try:
            with path.open("rb") as file:
                catalogue = GNUTranslations(file)
        except (OSError, ValueError) as error:
            raise DataError(f"{path}", got=str(error), remedy=f"pip install {pip}") from error
        pairs.update(dict.fromkeys(_translations(catalogue)))
    return tuple(pairs)


def _translations(catalogue: GNUTranslations) -> list[Translation]:
    messages: dict[str | tuple[str, int], str] = catalogue._catalog  # type: ignore[attr-defined]
    pairs = []
    for key, chinese in messages.items():
        english = (key[0] if isinstance(key, tuple) else key).rpartition(_CONTEXT_END)[2]
        if english and _CHINESE.search(chinese) and not _CHINESE.search(english):
            pairs.append(Translation(chinese.strip(), english.strip()))
    return pairs
