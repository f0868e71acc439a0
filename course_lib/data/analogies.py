"""Questions of the form *Athens is to Greece as Baghdad is to ?*, which word vectors answer.

Source: Mikolov, Chen, Corrado and Dean, *Efficient Estimation of Word Representations in Vector
Space*, 2013, https://arxiv.org/abs/1301.3781; the file comes with Gensim (Apache-2.0).
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from course_lib.data.installed import installed_file
from course_lib.errors import DataError


class Analogy(NamedTuple):
    """``a`` is to ``b`` as ``c`` is to ``d``: three words ask, the fourth is the answer."""

    a: str
    b: str
    c: str
    d: str


def word_analogies() -> dict[str, list[Analogy]]:
    """Return the 19,544 questions by section: five on meaning, nine (``gram…``) on grammar.

    Raises DataError when Gensim's file is missing or is not made of sections of four words.

    >>> sections = word_analogies()
    >>> sections["capital-common-countries"][1]
    Analogy(a='Athens', b='Greece', c='Bangkok', d='Thailand')
    >>> sum(map(len, sections.values()))
    19544
    """
    return {section: list(questions) for section, questions in _sections().items()}


@functools.cache
def _sections() -> dict[str, tuple[Analogy, ...]]:
    path = installed_file("gensim", "test/test_data/questions-words.txt", pip="gensim")
    sections: dict[str, list[Analogy]] = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        words = line.split()
        if line.startswith(":"):
            questions = sections.setdefault(line[1:].strip(), [])
        elif len(words) == 4 and sections:
            questions.append(Analogy(*words))
        elif words:
            raise DataError(f"{path}", expected="': section' or four words", got=repr(line))
    return {section: tuple(questions) for section, questions in sections.items()}
