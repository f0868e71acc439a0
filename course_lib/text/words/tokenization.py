"""English words and sentences by rule: what belongs together, and what stands apart.

A word keeps its apostrophes and hyphens, a number its points and commas, an address all of itself;
every other mark stands alone. **Contractions stay whole** (*don't*, *she's*), so that a list of
stop words or of negations can name them; Penn's convention, which NLTK follows, cuts them into
*do* and *n't*. Nothing is lost: the tokens, joined, are the text without its white space.

Chinese has no spaces: a run of Chinese characters comes out of ``tokenize_words`` as one token, and
``tokenize`` hands it to the segmenter that you give.

>>> tokenize_words("Dr. Lee's e-mail (lee@pku.edu.cn) costs $3.14, doesn't it?")
['Dr.', "Lee's", 'e-mail', '(', 'lee@pku.edu.cn', ')', 'costs', '$', '3.14', ',', "doesn't", 'it', '?']
>>> tokenize("BPE算法很好", segmenter=lambda chinese: [chinese[:2], *chinese[2:]])
['BPE', '算法', '很', '好']
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import regex

# An abbreviation of these keeps its full stop, which ends no sentence.
_TITLES = "Mr Mrs Ms Dr Prof St Gen Sen Rep Gov Capt Lt Col Rev Hon Fig Figs Eq Eqs vs cf approx"
# These keep it too, but a sentence may end there: a capital letter after it decides.
_ABBREVIATIONS = "Inc Ltd Co Corp Jr Sr etc al"

_ADDRESS = (
    r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]]*[A-Za-z0-9\-_~/#@$&*+=%]"
    r"|[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
)
_SHORTENED = (
    r"(?:[\p{L}--\p{Han}]\.){2,8}+(?!\p{L})"  # U.S., e.g.
    rf"|(?:{'|'.join(f'{_TITLES} {_ABBREVIATIONS}'.split())})\."
)
_LETTER = r"[[\p{L}\p{N}_]--\p{Han}]"
_WORD = (
    rf"{_LETTER}(?:{_LETTER}|[\p{{M}}\u200c\u200d]"
    rf"|['’\u2010\u2011-](?={_LETTER})"  # don't, well-known
    r"|(?<=\d)[.:](?=\d)|(?<=\d),(?=\d{3}(?!\d)))*"  # 3.14, 10:30, 1,000
)
_TOKEN = regex.compile(
    rf"(?V1){_ADDRESS}|{_SHORTENED}|{_WORD}|\p{{Han}}+|\.{{2,}}|-{{2,}}|…+|(?![\s\x1c-\x1f])\X"
)
_CHINESE = regex.compile(r"\p{Han}")

_INNER_STOP = rf"(?<!\p{{L}})(?:{'|'.join(_TITLES.split())}|e\.g|i\.e|[\p{{Lu}}--I])"
_CLOSING = r"[\"'”’」』）)\]]*"
_END = regex.compile(
    # A run is tried once, at its first mark and to its last: else the time grows with its square.
    rf"(?V1)(?:(?<![.!?])[.!?]{{2,}}+|[!?]|(?<!…)…++|(?<!{_INNER_STOP})\.)"
    rf"{_CLOSING}+(?=\s++[^\s\p{{Ll}},;:])"
    rf"|[。！？]+…*{_CLOSING}"  # no space follows a Chinese mark
    r"|\n\s*\n"
)


def tokenize_words(text: str) -> list[str]:
    """Return the words, numbers, addresses and marks of ``text`` in order, without white space.

    >>> tokenize_words("In 2,024 well-known U.S. firms didn't ... grow 3.5%")
    ['In', '2,024', 'well-known', 'U.S.', 'firms', "didn't", '...', 'grow', '3.5', '%']
    """
    tokens: list[str] = _TOKEN.findall(text)
    return tokens


def tokenize(text: str, segmenter: Callable[[str], list[str]] | None = None) -> list[str]:
    """Return the tokens of mixed text: English by ``tokenize_words``, Chinese by ``segmenter``.

    The segmenter sees each run of Chinese characters alone; without one, each is a token.

    >>> tokenize("我爱NLP!")
    ['我', '爱', 'NLP', '!']
    """
    cut = segmenter or list
    return [
        word
        for token in tokenize_words(text)
        for word in (cut(token) if _CHINESE.match(token) else [token])
    ]


def split_sentences(text: str) -> list[str]:
    """Return the sentences of English, Chinese or mixed text, without white space around them.

    A mark ends one before white space, unless the text goes on in lower case; an empty line always
    does, and Chinese marks do without a space. The full stop of a title or an initial does not
    (*Dr. J. Lee*), so that a sentence that ends in *the U.S.* runs into the next one.

    >>> split_sentences("Dr. Lee came at 3.15 p.m. on foot. “Good!” she said. 你好！再见。")
    ['Dr. Lee came at 3.15 p.m. on foot.', '“Good!” she said.', '你好！', '再见。']
    """
    ends = [0, *(mark.end() for mark in _END.finditer(text)), len(text)]
    sentences = (text[start:end].strip() for start, end in pairwise(ends))
    return [sentence for sentence in sentences if sentence]
