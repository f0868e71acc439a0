"""Exercise: cut a text without spaces, the longest word first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import SEQUENCE

WORDS = {"the", "theta", "tab", "table", "bled", "led", "down", "own", "there"}
CHINESE = {"研究", "研究生", "生命", "起源", "的", "中华", "中华人民共和国", "人民"}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield the small examples of the notebook, then texts and dictionaries drawn at random."""
    yield Case("characters of no word", "", {"你"})
    yield Case("characters of no word", "我", {"你"})
    yield Case("characters of no word", "xyz", {"y"})
    yield Case("an empty dictionary", "天地", set())
    yield Case("nested words", "abcab", {"a", "ab", "abc"})
    yield Case("English without spaces", "thetabledownthere", WORDS)
    yield Case("ambiguous Chinese", "研究生命的起源", CHINESE)
    yield Case("a word whose beginning is none", "中华人民共和国的人民", CHINESE)
    for _ in range(3):
        pieces = {"".join(rng.choice(list("天地人"), rng.integers(1, 5))) for _ in range(8)}
        yield Case("random texts", "".join(rng.choice(list("天地人和"), 14)), pieces)


def growing(text: str, words: set[str]) -> list[str]:
    """Make the piece longer until it is no word."""
    found: list[str] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and text[start : end + 1] in words:
            end += 1
        found.append(text[start:end])
        start = end
    return found


def shortest(text: str, words: set[str]) -> list[str]:
    """Take the shortest word that fits."""
    found: list[str] = []
    start = 0
    while start < len(text):
        ends = range(start + 1, len(text) + 1)
        end = next((end for end in ends if text[start:end] in words), start + 1)
        found.append(text[start:end])
        start = end
    return found


def from_the_end(text: str, words: set[str]) -> list[str]:
    """Match backwards, from the end of the text."""
    found: list[str] = []
    end = len(text)
    while end > 0:
        start = 0
        while start < end - 1 and text[start:end] not in words:
            start += 1
        found.insert(0, text[start:end])
        end = start
    return found


def unknown_lost(text: str, words: set[str]) -> list[str]:
    """Skip the characters that begin no word."""
    found: list[str] = []
    start = 0
    while start < len(text):
        fitting = [end for end in range(len(text), start, -1) if text[start:end] in words]
        if fitting:
            found.append(text[start : fitting[0]])
        start = fitting[0] if fitting else start + 1
    return found


def unknown_joined(text: str, words: set[str]) -> list[str]:
    """Make one word of neighbours that begin none."""
    found: list[str] = []
    start, open_run = 0, False
    while start < len(text):
        fitting = [end for end in range(len(text), start, -1) if text[start:end] in words]
        end = fitting[0] if fitting else start + 1
        if open_run and not fitting:
            found[-1] += text[start:end]
        else:
            found.append(text[start:end])
        start, open_run = end, not fitting
    return found


def longest_of_nothing(text: str, words: set[str]) -> list[str]:
    """Take the maximum of the dictionary, even of an empty one."""
    longest = max(len(word) for word in words)
    found: list[str] = []
    start = 0
    while start < len(text):
        end = min(start + longest, len(text))
        while end > start + 1 and text[start:end] not in words:
            end -= 1
        found.append(text[start:end])
        start = end
    return found


def words_of_four(text: str, words: set[str]) -> list[str]:
    """Try pieces of four characters at most."""
    found: list[str] = []
    start = 0
    while start < len(text):
        end = min(start + 4, len(text))
        while end > start + 1 and text[start:end] not in words:
            end -= 1
        found.append(text[start:end])
        start = end
    return found


def replaced_anywhere(text: str, words: set[str]) -> list[str]:
    """Mark the longest words of the dictionary wherever they stand, then the shorter ones."""
    for word in sorted(words, key=lambda word: (-len(word), word)):
        pieces = [p.replace(word, f" {word} ") if p not in words else p for p in text.split(" ")]
        text = " ".join(" ".join(pieces).split())
    pieces = text.split()
    return [p for piece in pieces for p in ([piece] if piece in words else piece)]


def by_beginning(text: str, words: set[str]) -> list[str]:
    """Ask which words the rest begins with, and cut it off."""
    found = []
    while text:
        word = max((w for w in words if w and text.startswith(w)), key=len, default=text[0])
        found.append(word)
        text = text[len(word) :]
    return found


def by_recursion(text: str, words: set[str]) -> list[str]:
    """Cut the first word off and call the function for the rest."""
    if not text:
        return []
    ends = range(len(text), 0, -1)
    end = next(end for end in ends if text[:end] in words or end == 1)
    return [text[:end], *by_recursion(text[end:], words)]


def by_expression(text: str, words: set[str]) -> tuple[str, ...]:
    """Let an expression try the longer words first."""
    choices = [re.escape(word) for word in sorted(words, key=len, reverse=True)]
    return tuple(re.findall("|".join([*choices, "."]), text, re.DOTALL))


EXERCISE = Exercise(
    name="longest_match",
    points=2,
    difficulty=3,
    minutes=15,
    reference="course_lib.text.words.dictionary_segmentation:maximum_matching",
    cases=cases,
    returns=SEQUENCE,
    alternatives=(by_beginning, by_recursion, by_expression),
    not_by=(
        "course_lib.text:maximum_matching",
        "course_lib.text.words.dictionary_segmentation:maximum_matching",
    ),
    mistakes=(
        Mistake(
            "grown until it is no word", growing,
            "The piece grows letter by letter and stops at the first that is no word. But 中华人 "
            "is none, and 中华人民共和国 is: begin with the longest piece and make it shorter.",
        ),
        Mistake(
            "shortest word first", shortest,
            "The first word found is the shortest. Try the longest piece first, then shorter ones.",
        ),
        Mistake(
            "matched from the end", from_the_end,
            "This is backward matching: a good method, and another one. Start at the front here.",
        ),
        Mistake(
            "unknown characters lost", unknown_lost,
            "A character that begins no word was skipped. The words, joined, must be the text "
            "again: such a character is a word of its own.",
        ),
        Mistake(
            "unknown characters joined", unknown_joined,
            "Neighbouring characters that begin no word became one word. Each stands alone here.",
        ),
        Mistake(
            "longest of nothing", longest_of_nothing,
            "max of an empty dictionary is an error. max(..., default=1) says what to take then.",
        ),
        Mistake(
            "words of four characters at most", words_of_four,
            "Pieces of more than four characters are never tried, and 中华人民共和国 has seven. "
            "The longest word of the dictionary says where to begin.",
        ),
        Mistake(
            "the longest of the whole text first", replaced_anywhere,
            "The longest word was taken wherever it stands in the text. Go from the front: at each "
            "place only what the rest begins with counts.",
        ),
    ),
    hints=(
        "At the start of the text, which is the longest piece that you need to try?",
        "Make the piece shorter from its end while it is no word. When must that stop, even if "
        "nothing was found?",
        "while end > start + 1 and text[start:end] not in words: end -= 1. Then keep the piece, "
        "and go on with start = end.",
    ),
)  # fmt: skip
