"""Exercise: mend a preprocessing script that looks right and spoils the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.ch01_preprocessing.probes import call_with_segmenter
from course_lib.exercises.returned import SEQUENCE, each
from course_lib.text.words.tokenization import tokenize, tokenize_words

Segmenter = Callable[[str], list[str]]
STOP = {"the", "is", "this", "and", "it", "not", "的", "是", "不"}
NEGATIONS = {"not", "no", "不", "没"}
RUNS = {"这部电影不好": ["这", "部", "电影", "不", "好"], "我们学习": ["我们", "学习"]}
RUNS |= {"词语的意义": ["词语", "的", "意义"]}


def preprocess(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Return the tokens of each line, in lower case, without stop words but with negations."""
    dropped = stop_words - negations
    sentences = []
    for line in lines:
        words = [word.lower() for word in tokenize(line, segment)]
        sentences.append([word for word in words if word not in dropped])
    return sentences


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a line for each fault of the listing, then a text with all of them."""
    yield Case("capital letters", ["The film IS Long"], STOP, NEGATIONS).setting(segmented={})
    yield Case("negation", ["it is not good"], STOP, NEGATIONS).setting(segmented={})
    yield Case("Chinese", ["我们学习"], STOP, NEGATIONS).setting(segmented=RUNS)
    yield Case("Chinese", ["词语的意义 nlp"], STOP, NEGATIONS).setting(segmented=RUNS)
    yield Case("punctuation", ["good film, it is!"], STOP, NEGATIONS).setting(segmented={})
    yield Case("one list for each line", ["good film", "long film"], STOP, NEGATIONS).setting(
        segmented={}
    )
    yield Case("one list for each line", [], STOP, NEGATIONS).setting(segmented={})
    yield Case("lines of which nothing is left", ["good film", "", "the", "it is"], STOP, NEGATIONS)
    lines = [
        "This film is not good.",
        "这部电影不好。",
        "我们学习 NLP!",
        "The end, and it is long.",
        "",
    ]
    order = rng.permutation(len(lines))
    everything = [lines[index] for index in order]
    yield Case("a whole text", everything, STOP, NEGATIONS).setting(segmented=RUNS)


def listing(
    lines: list[str], stop_words: set[str], negations: set[str], segment: object
) -> list[list[str]]:
    """Be the listing of the notebook, with all its faults."""
    sentence: list[str] = []
    for line in lines:
        words = [word for word in line.split() if word not in stop_words]
        sentence += [word.lower() for word in words]
    return [sentence]


def lower_cased_too_late(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Compare first, lower-case afterwards."""
    dropped = stop_words - negations
    kept = [[word for word in tokenize(line, segment) if word not in dropped] for line in lines]
    return [[word.lower() for word in words] for words in kept]


def negations_removed(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Remove negations like any stop word."""
    return preprocess(lines, stop_words, set(), segment)


def chinese_in_one_piece(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Take a run of Chinese characters for a word."""
    return preprocess(lines, stop_words, negations, lambda run: [run])


def marks_on_words(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Cut at white space, so that marks stay on the words."""
    dropped = stop_words - negations
    sentences = []
    for line in lines:
        spaced = line
        for run in tokenize_words(line):
            if run[0] > "\u4e00":
                spaced = spaced.replace(run, f" {' '.join(segment(run))} ")
        words = spaced.lower().split()
        sentences.append([word for word in words if word not in dropped])
    return sentences


def one_sentence(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Make one sentence of all lines."""
    return [[word for words in preprocess(lines, stop_words, negations, segment) for word in words]]


def no_sentence(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[str]:
    """Hand back words instead of sentences."""
    return one_sentence(lines, stop_words, negations, segment)[0]


def empty_lines_dropped(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Skip the lines of which nothing is left."""
    return [words for words in preprocess(lines, stop_words, negations, segment) if words]


def marks_removed(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Throw marks away together with the stop words."""
    sentences = preprocess(lines, stop_words, negations, segment)
    return [[word for word in words if any(map(str.isalnum, word))] for words in sentences]


def all_segmented(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Hand the whole line to the segmenter, English and all."""
    dropped = stop_words - negations
    cut = [[word.lower() for word in segment(line)] for line in lines]
    return [[word for word in words if word not in dropped] for words in cut]


def step_by_step(
    lines: list[str], stop_words: set[str], negations: set[str], segment: Segmenter
) -> list[list[str]]:
    """Lower-case the line itself, and ask twice of each token."""
    sentences = []
    for line in lines:
        kept = []
        for word in tokenize(line.lower(), segment):
            if word in negations or word not in stop_words:
                kept.append(word)
        sentences.append(kept)
    return sentences


EXERCISE = Exercise(
    name="preprocess",
    kind="debug",
    points=3,
    difficulty=3,
    minutes=20,
    reference="course_lib.exercises.ch01_preprocessing.preprocess:preprocess",
    cases=cases,
    returns=each(SEQUENCE),
    alternatives=(step_by_step,),
    probe=call_with_segmenter,
    mistakes=(
        Mistake(
            "the listing as it was", listing,
            "All five faults are still there. Begin with the smallest case: The is compared with "
            "the list before it is lower-cased.",
        ),
        Mistake(
            "lower-cased too late", lower_cased_too_late,
            "The stop words are in lower case, so The and IS pass the comparison and are lowered "
            "afterwards. Lower first, compare then.",
        ),
        Mistake(
            "not is thrown away", negations_removed,
            "not and 不 are on the list, and the sentence now says the opposite. Take the "
            "negations out of the list before you use it.",
        ),
        Mistake(
            "Chinese in one piece", chinese_in_one_piece,
            "Chinese has no spaces: a whole sentence became one word, which occurs once and never "
            "again. Hand each run of Chinese characters to segment.",
        ),
        Mistake(
            "marks kept on the words", marks_on_words,
            "split cuts at white space only, so that film, and film are two words. tokenize gives "
            "each mark as a token of its own.",
        ),
        Mistake(
            "one endless sentence", one_sentence,
            "All lines became one sentence. Word2Vec learns from neighbours within a sentence: now "
            "the last word of each line has neighbours in the next. One list for each line.",
        ),
        Mistake(
            "words where sentences belong", no_sentence,
            "A flat list of words: whoever expects sentences takes each word for one, and its "
            "letters for the words. One list of words for each line.",
        ),
        Mistake(
            "empty lines dropped", empty_lines_dropped,
            "A line of which nothing is left is missing, so the lists no longer belong to their "
            "lines. One list for each line: this one is [].",
        ),
        Mistake(
            "marks removed", marks_removed,
            "Marks were thrown away. They are tokens of their own here, and on no list: only stop "
            "words go.",
        ),
        Mistake(
            "everything handed to the segmenter", all_segmented,
            "The whole line was handed to segment, which knows runs of Chinese characters only and "
            "cut the rest into letters. tokenize(line, segment) hands it those.",
        ),
    ),
    hints=(
        "Put one line in, The film IS Long, and follow each word by hand. Which should be gone?",
        "The faults: the order of lowering and comparing, the negations, how a line is cut into "
        "words (twice over: marks and Chinese), and what is appended to what.",
        "dropped = stop_words - negations; for each line: words = [word.lower() for word in "
        "tokenize(line, segment)], and append one list of those that are not in dropped.",
    ),
)  # fmt: skip
