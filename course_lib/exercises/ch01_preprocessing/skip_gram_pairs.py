"""Exercise: the pairs of centre and context that skip-gram learns from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.comparison import in_any_order
from course_lib.exercises.returned import SEQUENCE, each

Sentences = list[list[str]]
Pairs = list[Any]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield short sentences first; then repeated words, several sentences, wide windows."""
    yield Case("a word alone", [["hello"], []], 2)
    yield Case("a window of one", [["the", "cat", "sat", "down"]], 1)
    yield Case("a window of two", [["we", "read", "many", "good", "old", "books"]], 2)
    yield Case("several sentences", [["one", "two", "three"], ["four", "five"], ["six"]], 2)
    yield Case("a word that comes twice", [["so", "far", "so", "good", "so", "so"]], 2)
    yield Case("a window wider than the sentence", [["a", "b", "c"], ["d", "e"]], 9)
    words = np.array(["sun", "moon", "star", "sky", "sea", "sand", "wind"])
    lengths = rng.permutation([4, 5, 7])
    yield Case("drawn sentences", [rng.choice(words, n).tolist() for n in lengths], 3)


def last_neighbour_lost(sentences: Sentences, window: int) -> Pairs:
    """Forget that ``range`` leaves out its end."""
    pairs = []
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            for j in range(max(0, i - window), min(len(sentence), i + window)):
                if j != i:
                    pairs.append((centre, sentence[j]))
    return pairs


def window_too_wide(sentences: Sentences, window: int) -> Pairs:
    """Take one neighbour too many on each side."""
    pairs = []
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            for j in range(max(0, i - window - 1), min(len(sentence), i + window + 2)):
                if j != i:
                    pairs.append((centre, sentence[j]))
    return pairs


def across_sentences(sentences: Sentences, window: int) -> Pairs:
    """Join all sentences into one row of words first."""
    words = [word for sentence in sentences for word in sentence]
    pairs = []
    for i, centre in enumerate(words):
        for j in range(max(0, i - window), min(len(words), i + window + 1)):
            if j != i:
                pairs.append((centre, words[j]))
    return pairs


def own_context(sentences: Sentences, window: int) -> Pairs:
    """Pair each word with itself too."""
    pairs = []
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            for j in range(max(0, i - window), min(len(sentence), i + window + 1)):
                pairs.append((centre, sentence[j]))
    return pairs


def only_forwards(sentences: Sentences, window: int) -> Pairs:
    """Look at the words that follow, and at none before."""
    pairs = []
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            for context in sentence[i + 1 : i + window + 1]:
                pairs.append((centre, context))
    return pairs


def negative_start(sentences: Sentences, window: int) -> Pairs:
    """Let a slice start below zero, where Python counts from the end."""
    pairs = []
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            for context in sentence[i - window : i] + sentence[i + 1 : i + window + 1]:
                pairs.append((centre, context))
    return pairs


def equal_words_skipped(sentences: Sentences, window: int) -> Pairs:
    """Compare words, not places, to leave out the centre."""
    pairs = []
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            for j in range(max(0, i - window), min(len(sentence), i + window + 1)):
                if sentence[j] != centre:
                    pairs.append((centre, sentence[j]))
    return pairs


def first_occurrence(sentences: Sentences, window: int) -> Pairs:
    """Look a word's place up with ``index``, which finds the first equal word."""
    pairs = []
    for sentence in sentences:
        for centre in sentence:
            i = sentence.index(centre)
            for j in range(max(0, i - window), min(len(sentence), i + window + 1)):
                if j != i:
                    pairs.append((centre, sentence[j]))
    return pairs


def each_pair_once(sentences: Sentences, window: int) -> Pairs:
    """Collect the pairs in a set."""
    pairs = set()
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            for j in range(max(0, i - window), min(len(sentence), i + window + 1)):
                if j != i:
                    pairs.add((centre, sentence[j]))
    return sorted(pairs)


def contexts_in_a_list(sentences: Sentences, window: int) -> Pairs:
    """Collect all the contexts of a place in one entry."""
    pairs = []
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            context = sentence[max(0, i - window) : i] + sentence[i + 1 : i + window + 1]
            pairs.append((centre, context))
    return pairs


def full_windows_only(sentences: Sentences, window: int) -> Pairs:
    """Leave out the centres that have too few neighbours."""
    pairs = []
    for sentence in sentences:
        for i in range(window, len(sentence) - window):
            for j in range(i - window, i + window + 1):
                if j != i:
                    pairs.append((sentence[i], sentence[j]))
    return pairs


def by_slices(sentences: Sentences, window: int) -> Pairs:
    """Join the slice before the centre and the slice behind it."""
    return [
        (centre, context)
        for sentence in sentences
        for i, centre in enumerate(sentence)
        for context in [*sentence[max(0, i - window) : i], *sentence[i + 1 : i + 1 + window]]
    ]


def by_distance(sentences: Sentences, window: int) -> Pairs:
    """Go through the distances, and take each pair both ways."""
    pairs: Pairs = []
    for sentence in sentences:
        for distance in range(1, window + 1):
            for first, second in zip(sentence, sentence[distance:], strict=False):
                pairs += [[first, second], [second, first]]
    return pairs


EXERCISE = Exercise(
    name="skip_gram_pairs",
    points=3,
    difficulty=2,
    minutes=12,
    reference="course_lib.text.vectors.window_pairs:skip_gram_pairs",
    cases=cases,
    returns=each(SEQUENCE),
    alternatives=(by_slices, by_distance),
    not_by=(
        "course_lib.text:skip_gram_pairs", "course_lib.text.vectors.window_pairs:skip_gram_pairs",
        "course_lib.text:context_pairs", "course_lib.text.vectors.context_pairs:context_pairs",
    ),
    compare=in_any_order,
    mistakes=(
        Mistake("last neighbour lost", last_neighbour_lost,
                "You took range(i − window, i + window) for both sides; but range stops before its "
                "end, so the farthest word on the right is lost. The end is i + window + 1."),
        Mistake("window too wide", window_too_wide,
                "Your window reaches one word too far. A window of 1 is the nearest word on each "
                "side, no more."),
        Mistake("across sentences", across_sentences,
                "The sentences were joined, so the last word of one became the neighbour of the "
                "first word of the next. Words of two sentences never meet: loop over sentences."),
        Mistake("the centre as its own context", own_context,
                "Each word is paired with its own place too, and so learns to predict itself. "
                "Leave out the place j == i."),
        Mistake("only the words after", only_forwards,
                "Only the words that follow are taken. The context lies on both sides: window "
                "words before and window words after."),
        Mistake("a slice that starts below zero", negative_start,
                "Near the start of a sentence i − window is negative, and Python counts negative "
                "places from the end, so the slice is empty or wrong. Use max(0, i − window)."),
        Mistake("equal words skipped", equal_words_skipped,
                "You left out every context that equals the centre word. Only the centre's own "
                "place is left out: compare j with i, not the words."),
        Mistake("place looked up with index", first_occurrence,
                "sentence.index(word) finds the first place of the word. When a word comes twice, "
                "the second one gets the first one's neighbours: use enumerate."),
        Mistake("each pair only once", each_pair_once,
                "A set drops repeated pairs. How often two words meet is what skip-gram learns "
                "from: keep a list."),
        Mistake("all contexts in one entry", contexts_in_a_list,
                "Each centre came once, with a list of its contexts. A pair is one centre and one "
                "context: an entry for each."),
        Mistake("full windows only", full_windows_only,
                "Words near a sentence's ends were left out, as their window is not full. They are "
                "centres too, with the neighbours that there are."),
    ),
    hints=(
        "Take the sentence 'the cat sat' and a window of 1. Which pairs have 'cat' as the centre?",
        "For the centre at place i, which is the first place of its context, which the last? What "
        "holds them inside the sentence?",
        "For each sentence, for i, centre in enumerate(sentence): run j over "
        "range(max(0, i - window), min(len(sentence), i + window + 1)) and skip j == i.",
    ),
)  # fmt: skip
