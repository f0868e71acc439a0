"""About a hundred whole articles of the English Wikipedia, as they stood in 2016.

Source: an excerpt of the dump of April 2016 that comes with Gensim for its tests; the text is by
Wikipedia's authors, CC BY-SA 4.0: name the source where you show it. The articles are the oldest of
the encyclopedia, most of whose titles begin with A.
"""

from __future__ import annotations

import bz2
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from course_lib.data.cache import kept
from course_lib.data.installed import installed_file, version
from course_lib.data.wikitext import plain_text
from course_lib.errors import DataError

_FILE = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
_RULES = "2"  # to be changed with the rules, so that a kept result of the old ones is not used
_MINIMUM_WORDS = 50  # as WikiCorpus has it: shorter pages are stubs and lists
_TOKEN = re.compile(r"[^\W\d]+")


class Article(NamedTuple):
    """One article: its title, and its text, the paragraphs of which have empty lines between."""

    title: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs, each one line with its punctuation and capital letters."""
        return self.text.split("\n\n")

    @property
    def tokens(self) -> list[str]:
        """The words of 2 to 15 letters in lower case, as Gensim's ``WikiCorpus`` cuts them."""
        return [word for word in _TOKEN.findall(self.text.lower()) if 2 <= len(word) <= 15]


def wikipedia_articles() -> list[Article]:
    """Return 97 articles of the English Wikipedia, 387,000 words, as plain text.

    Raises DataError when Gensim's file is missing or cannot be read.

    >>> articles = {article.title: article for article in wikipedia_articles()}
    >>> articles["Anarchism"].paragraphs[0][:34]
    'Anarchism is a political philosoph'
    """
    return list(_articles())


@functools.cache
def _articles() -> tuple[Article, ...]:
    path = installed_file("gensim", f"test/test_data/{_FILE}", pip="gensim")
    key = f"gensim {version('gensim')}, rules {_RULES}"
    rows = kept("wikipedia", key, lambda: list(_read(path)))
    return tuple(Article(title, text) for title, text in rows)


def _read(path: Path) -> Iterator[Article]:
    try:
        with bz2.open(path) as file:
            for title, markup in _pages(ElementTree.iterparse(file)):
                if ":" not in title and markup.lstrip()[:9].upper() != "#REDIRECT":
                    article = Article(title, plain_text(markup))
                    if len(article.tokens) >= _MINIMUM_WORDS:
                        yield article
    except (OSError, EOFError, ElementTree.ParseError) as error:
        remedy = "pip install --force-reinstall --no-deps gensim"
        raise DataError(f"{path}", got=str(error), remedy=remedy) from error


def _pages(events: Iterator[tuple[str, ElementTree.Element]]) -> Iterator[tuple[str, str]]:
    title = ""
    for _, element in events:
        name = element.tag.rpartition("}")[2]
        if name == "title":
            title = element.text or ""
        elif name == "text":
            yield title, element.text or ""
        elif name == "page":
            element.clear()
