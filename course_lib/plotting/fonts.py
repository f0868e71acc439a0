"""Fonts in which English and Chinese both appear, or the next best thing.

The font that Matplotlib brings has no Chinese characters. Each figure therefore names an installed
Chinese font as the second choice, taken character by character. Where there is none, and for
characters that neither font has, the code point is written out: ``U+6211`` for 我.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

LATIN = "DejaVu Sans"  # comes with Matplotlib
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "Microsoft YaHei",
    "DengXian",
    "SimHei",
    "SimSun",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Songti SC",
    "Noto Serif CJK SC",
    "Arial Unicode MS",
    "Noto Sans CJK JP",  # the name that older Matplotlib reads from the collection of all five
)
FILE_NAMES = ("notosanscjk", "notosanssc", "sourcehansans", "wqy", "simhei", "msyh")
PROBE = "我们的词语"
MISSING = (
    "No font with Chinese characters was found, so figures write their code points, such as "
    "U+6211. To see them, install one (on Linux and Colab: apt-get install fonts-noto-cjk) and "
    "restart the notebook."
)


@functools.cache
def chinese_font() -> str | None:
    """Return the name of an installed font that has Chinese characters, or None.

    >>> chinese_font() is None or isinstance(chinese_font(), str)
    True
    """
    return _by_name() or _installed_since_the_list_was_made()


def families() -> list[str]:
    """Return the fonts to try for each character, best first."""
    found = chinese_font()
    return [LATIN] if found is None else [LATIN, found]


def drawable(text: str, maths: bool = False) -> str:
    """Return ``text`` with every character that no font has replaced by its code point.

    Dollar signs stay dollar signs, unless ``maths`` lets Matplotlib read a formula between them;
    where there is none that it can read, they stay dollar signs too.

    >>> drawable("café")
    'café'
    >>> drawable("a\\U000F0000b")
    'aU+F0000b'
    """
    words = "".join(_drawable_character(character) for character in text)
    words = re.sub(r"(U\+[0-9A-F]+)(?=U\+)", r"\1 ", words)  # a line may break between them
    return words if maths and _formulas_hold(words) else words.replace("$", r"\$")


def _formulas_hold(text: str) -> bool:
    """Whether Matplotlib can draw each line's formulas; a line with an odd dollar has none."""
    from matplotlib.cbook import is_math_text
    from matplotlib.mathtext import MathTextParser

    try:
        for line in text.split("\n"):
            if is_math_text(line):
                MathTextParser("path").parse(line)
    except ValueError:
        return False
    return True


def _drawable_character(character: str) -> str:
    if character == "\n" or any(ord(character) in _characters(name) for name in families()):
        return character
    if chinese_font() is None and "\u2e80" <= character <= "\U0003ffff":
        _say_once_that_it_is_missing()
    return f"U+{ord(character):04X}"


@functools.cache
def _say_once_that_it_is_missing() -> None:
    print(MISSING)


@functools.cache
def _characters(family: str) -> frozenset[int]:
    from matplotlib import font_manager

    path = font_manager.findfont(font_manager.FontProperties(family=[family]))
    return frozenset(font_manager.get_font(path).get_charmap())


def _by_name() -> str | None:
    from matplotlib.font_manager import fontManager

    installed = {entry.name for entry in fontManager.ttflist}
    return next((name for name in CHINESE if name in installed and _has_chinese(name)), None)


def _installed_since_the_list_was_made() -> str | None:
    # Matplotlib keeps its list of fonts in a file; one installed meanwhile is not in it.
    from matplotlib import font_manager

    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in sorted(set(font_manager.findSystemFonts()) - known):
        if Path(path).stem.lower().replace("-", "").startswith(FILE_NAMES):
            font_manager.fontManager.addfont(path)
    return _by_name()


def _has_chinese(family: str) -> bool:
    return all(ord(character) in _characters(family) for character in PROBE)
