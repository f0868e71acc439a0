"""Six English (one: multilingual) corpora that NLTK distributes, read from their archives.

- *shakespeare*: eight plays, marked up by Jon Bosak (public domain).
- *state_union*, *inaugural*: addresses of presidents of the United States (public domain).
- *movie_reviews*: Pang and Lee, *A Sentimental Education*, 2004,
  https://arxiv.org/abs/cs/0409058 (CC BY 4.0).
- *sentence_polarity*: Pang and Lee, *Seeing Stars*, 2005, https://arxiv.org/abs/cs/0506075
  (CC BY 4.0).
- *udhr*: the Universal Declaration of Human Rights in 388 languages and scripts.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree import ElementTree

from course_lib.data.archives import zip_members
from course_lib.data.catalogue import downloaded_file
from course_lib.errors import DataError, InputError


class Document(NamedTuple):
    """A text, its name in the corpus, and what it is said to be: "pos", "neg" or nothing ("")."""

    name: str
    text: str
    label: str = ""


def nltk_corpus(name: str) -> list[Document]:
    """Return the documents of a corpus: plays, addresses, reviews, sentences or languages.

    ``movie_reviews`` (2,000 texts) and ``sentence_polarity`` (10,662 sentences) have labels, half
    "pos", half "neg"; their text is in lower case, cut into words by spaces.
    Raises InputError for an unknown name, DataError with the command to run when the set
    ``nltk_data`` is not here.
    """
    if name not in _READERS:
        raise InputError("the corpus", expected=f"one of {', '.join(_READERS)}", got=name)
    archive, _ = _READERS[name]
    return list(_documents(name, downloaded_file("nltk_data", archive)))


@functools.lru_cache(maxsize=2)
def _documents(name: str, path: Path) -> tuple[Document, ...]:
    return tuple(_READERS[name][1](path))


def _plays(path: Path) -> Iterator[Document]:
    for member, content in zip_members(path, ".xml"):
        try:
            play = ElementTree.fromstring(content)
        except ElementTree.ParseError as error:
            raise DataError(f"{member} in {path}", got=f"a damaged play ({error})") from error
        yield Document(play.findtext("TITLE", default=""), "\n\n".join(_speeches(play)))


def _speeches(play: ElementTree.Element) -> Iterator[str]:
    for speech in play.iter("SPEECH"):
        speakers = " and ".join(one.text or "" for one in speech.findall("SPEAKER"))
        lines = (" ".join("".join(line.itertext()).split()) for line in speech.findall("LINE"))
        yield "\n".join([f"{speakers}:", *(line for line in lines if line)])


def _texts(path: Path) -> Iterator[Document]:
    for member, content in zip_members(path, ".txt"):
        yield Document(PurePosixPath(member).stem, _decoded(content))


def _reviews(path: Path) -> Iterator[Document]:
    for member, content in zip_members(path, ".txt"):
        place = PurePosixPath(member)
        yield Document(place.stem, _decoded(content).strip(), place.parent.name)


def _sentences(path: Path) -> Iterator[Document]:
    for label in ("pos", "neg"):
        for _, content in zip_members(path, f"rt-polarity.{label}"):
            for number, line in enumerate(_decoded(content).split("\n")):
                if line.strip():
                    yield Document(f"{label}{number:04}", line.strip(), label)


def _decoded(content: bytes) -> str:
    """Return the text, read as UTF-8 where it is that, else as the Latin alphabet's old code."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


_READERS: dict[str, tuple[str, Callable[[Path], Iterator[Document]]]] = {
    "shakespeare": ("shakespeare.zip", _plays),
    "state_union": ("state_union.zip", _texts),
    "inaugural": ("inaugural.zip", _texts),
    "movie_reviews": ("movie_reviews.zip", _reviews),
    "sentence_polarity": ("sentence_polarity.zip", _sentences),
    "udhr": ("udhr2.zip", _texts),
}
