"""Words, and how good or bad ten people found them: VADER's lexicon.

Source: Hutto and Gilbert, *VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social
Media Text*, 2014, https://ojs.aaai.org/index.php/ICWSM/article/view/14550 (MIT).
"""

from __future__ import annotations

import functools
import json
from typing import NamedTuple

from course_lib.data.installed import installed_file


class Sentiment(NamedTuple):
    """The mean and the ten ratings behind it, each from -4 (very bad) to 4 (very good)."""

    mean: float
    ratings: tuple[int, ...]


def sentiment_lexicon() -> dict[str, Sentiment]:
    """Return the 7,500 words, abbreviations and emoticons of VADER's lexicon with their ratings.

    An entry that stands in the file twice keeps its last value, as in VADER itself.
    Raises DataError when vaderSentiment is not installed.

    >>> sentiment_lexicon()["good"]
    Sentiment(mean=1.9, ratings=(2, 1, 1, 3, 2, 4, 2, 2, 1, 1))
    """
    return dict(_lexicon())


@functools.cache
def _lexicon() -> dict[str, Sentiment]:
    path = installed_file("vaderSentiment", "vader_lexicon.txt", pip="vaderSentiment")
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line)
    return {row[0]: Sentiment(float(row[1]), tuple(json.loads(row[3]))) for row in rows}
