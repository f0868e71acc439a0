"""Answers to chapter 01 that nobody listed: other right ones pass, wrong ones are told by name."""

import unicodedata
from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.by_hand import NotByHandError
from course_lib.text import tokenize

SEEDS = range(30)


def verdict(name, answer, seed=7, by_hand=False):
    exercise = find(name)
    return judge(exercise, lambda case: outcome(answer, exercise, case, by_hand), seed=seed)


def cuts_by_places(text, log_probabilities, unknown):
    """Try every set of borders, the fewest words last."""
    best = None
    for count in reversed(range(len(text))):
        for inner in combinations(range(1, len(text)), count):
            places = [0, *inner, len(text)]
            words = [text[i:j] for i, j in pairwise(places)]
            if any(len(word) > 1 and word not in log_probabilities for word in words):
                continue
            score = sum(log_probabilities.get(word, unknown) for word in words)
            if best is None or score > best[0]:
                best = score, words
    return best[1] if best else []


def shortest_words_at_ties(text, log_probabilities, unknown):
    """Work from the right, and keep the first of equals, which is the shortest."""
    best, rest = [0.0], [[]]
    for i in reversed(range(len(text))):
        choices = [
            (log_probabilities.get(text[i:j], unknown) + best[j - i - 1], j)
            for j in range(i + 1, len(text) + 1)
            if j == i + 1 or text[i:j] in log_probabilities
        ]
        score, end = max(choices, key=lambda choice: choice[0])
        words = [text[i:end], *rest[end - i - 1]]
        best.insert(0, score)
        rest.insert(0, words)
    return rest[0]


def from_the_left(text, log_probabilities, unknown):
    sums, starts = [0.0], [0]
    for end in range(1, len(text) + 1):
        sums.append(-np.inf)
        starts.append(0)
        for start in range(end):
            alone = unknown if end - start == 1 else -np.inf
            score = sums[start] + log_probabilities.get(text[start:end], alone)
            if score > sums[end]:
                sums[end], starts[end] = score, start
    found, end = [], len(text)
    while end:
        found.insert(0, text[starts[end] : end])
        end = starts[end]
    return found


@pytest.mark.parametrize("answer", [cuts_by_places, shortest_words_at_ties, from_the_left])
def test_any_right_segmentation_passes_on_every_seed(answer):
    assert [
        seed for seed in range(100) if not verdict("best_segmentation", answer, seed).passed
    ] == []


def merged(tokens, pair):
    tokens, place = list(tokens), 0
    while place < len(tokens) - 1:
        if tokens[place : place + 2] == list(pair):
            tokens[place : place + 2] = [pair[0] + pair[1]]
        place += 1
    return tokens


def merges_by_hand(words, number, key=lambda counts, pair: (counts[pair], pair), merge=merged):
    merges, words = [], [(list(tokens), count) for tokens, count in words]
    while len(merges) < number:
        counts = Counter()
        for tokens, count in words:
            for pair in pairwise(tokens):
                counts[pair] += count
        if not counts:
            break
        merges.append(max(counts, key=lambda pair: key(counts, pair)))
        words = [(merge(tokens, merges[-1]), count) for tokens, count in words]
    return merges


def cosine_by_torch(a, b):
    import torch

    a, b = torch.from_numpy(a.copy()), torch.from_numpy(b.copy())
    lengths = a.norm(dim=1)[:, None] * b.norm(dim=1)
    return (a @ b.T / lengths.masked_fill(lengths == 0, 1)).numpy()


def one_hot_of_any(words, ids):
    return np.array([[ids.get(w, ids["<unk>"]) == i for i in range(len(ids))] for w in words]
                    ).reshape(len(words), len(ids)) * 1  # fmt: skip


def preprocess_by_loops(lines, stop_words, negations, segment):
    return [
        [w for w in (t.lower() for t in tokenize(line, segment))
         if w not in stop_words or w in negations]
        for line in lines
    ]  # fmt: skip


RIGHT = [
    ("normalise_text", lambda t: " ".join(unicodedata.normalize("NFKC", t).split()).lower()),
    ("word_counts", lambda tokens: sorted(
        Counter(t.lower() for t in tokens if t.upper() != t.lower() or any(c.isalpha() for c in t)
                ).items(), key=lambda pair: (-pair[1], pair[0]))),
    ("learn_merges", merges_by_hand),
    ("merge_pair", merged),
    ("cosine_similarity", cosine_by_torch),
    ("one_hot", one_hot_of_any),
    ("preprocess", preprocess_by_loops),
    ("glove_weight", lambda counts, x_max=100.0, exponent=0.75:
        (np.minimum(counts, x_max) / x_max) ** exponent),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_ways_to_the_same_values_pass_on_many_seeds(name, answer):
    assert [s for s in SEEDS if not verdict(name, answer, s, by_hand=True).passed] == []


def in_place(tokens, pair):
    place = 0
    while place < len(tokens) - 1:
        if tokens[place : place + 2] == list(pair):
            tokens[place : place + 2] = [pair[0] + pair[1]]
        place += 1
    return tokens


def words_in_place(words, number):
    merges = []
    for _ in range(number):
        counts = Counter(p for t, n in words for p in n * list(pairwise(t)))
        if not counts:
            break
        merges.append(max(counts, key=lambda pair: (counts[pair], pair)))
        for tokens, _ in words:
            in_place(tokens, merges[-1])
    return merges


def merged_once(tokens, pair):
    for place in range(len(tokens) - 1):
        if tokens[place : place + 2] == list(pair):
            return [*tokens[:place], pair[0] + pair[1], *tokens[place + 2 :]]
    return tokens


def four_at_most(text, log_probabilities, unknown):
    short = {word: log for word, log in log_probabilities.items() if len(word) <= 4}
    return from_the_left(text, short, unknown)


def quotient(a, b, added=0.0):
    return a @ b.T / (np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1) + added)


def by_key_order(words, ids):
    keys = list(ids)
    rows = np.zeros((len(words), len(ids)))
    for place, word in enumerate(words):
        rows[place, keys.index(word) if word in keys else keys.index("<unk>")] = 1
    return rows


def tf_idf_with(df, n, axis=1, keepdims=True):
    def weighed(training, counts):
        weights = counts * (np.log(n(training, counts) / df(training, counts)) + 1)
        lengths = np.linalg.norm(weights, axis=axis, keepdims=keepdims)
        return weights / np.where(lengths == 0, 1, lengths)

    return weighed


def frequencies(training, counts):
    return 1 + (training > 0).sum(axis=0)


def texts(training, counts):
    return 1 + len(training)


WRONG = [
    ("best_segmentation", four_at_most, "pieces of at most four characters"),
    ("best_segmentation", lambda text, logs, unknown: [*text],
     "a starting 0.0 that no score beats"),
    ("learn_merges", lambda w, n: merges_by_hand(
        w, n, key=lambda counts, p: (counts[p], p[0] + p[1], p)), "ties by the joined text"),
    ("learn_merges", lambda w, n: merges_by_hand(w, n, merge=merged_once),
     "only the first occurrence merged"),
    ("learn_merges", words_in_place, "words changed in place"),
    ("merge_pair", in_place, "merged in place"),
    ("cosine_similarity", lambda a, b: np.nan_to_num(quotient(a, b)),
     "divided, warned, mended"),
    ("cosine_similarity", lambda a, b: quotient(a, b, 1e-8), "a little added to the lengths"),
    ("cosine_similarity", lambda a, b: cosine_by_torch(a, b).tolist(),
     "lists in place of an array"),
    ("preprocess", lambda *given: [w for w in preprocess_by_loops(*given) if w],
     "empty lines dropped"),
    ("one_hot", by_key_order, "the place in the dict"),
    ("normalise_text", lambda t: " ".join(unicodedata.normalize("NFKC", t.lower()).split()),
     "lower case before the form"),
    ("tf_idf", lambda a, b: tf_idf_with(frequencies, texts)(a, b).tolist(), "another type"),
    ("tf_idf", tf_idf_with(lambda t, c: frequencies(np.vstack([t, c]), c),
                           lambda t, c: 1 + len(t) + len(c)), "idf from both sets"),
    ("tf_idf", tf_idf_with(lambda t, c: np.maximum(frequencies(t, c) - 1, 1),
                           lambda t, c: len(t)), "smoothing at zero only"),
    ("tf_idf", tf_idf_with(frequencies, texts, axis=None, keepdims=False), "norm without an axis"),
    ("tf_idf", tf_idf_with(frequencies, texts, keepdims=False), "keepdims missing"),
    ("without_stop_words", lambda tokens, words, keep:
        [t for t in tokens if t.lower() not in words or t in keep], "keep compared as spelt"),
    ("word_counts", lambda tokens: sorted(
        Counter(t.lower() for t in tokens if any(map(str.isalpha, t))).items(),
        key=lambda pair: (-pair[1], len(pair[0]), pair[0])), "ties by length"),
    ("bytes_per_token", lambda texts, encoded: float(np.mean(
        [len(t.encode()) / len(ids) if ids else 0.0 for t, ids in zip(texts, encoded, strict=False)]
        or [0.0])), "mean of ratios"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "belief"), WRONG)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_wrong_answers_are_rejected_and_named_on_many_seeds(name, answer, belief):
    found = [verdict(name, answer, seed) for seed in range(10)]
    assert not any(one.passed for one in found)
    assert {one.named for one in found} == {belief}


TWINS = [
    ("cosine_similarity", "sklearn.metrics.pairwise", "cosine_similarity"),
    ("learn_merges", "course_lib.text", "learn_merges"),
    ("merge_pair", "course_lib.text", "merge_pair"),
    ("tf_idf", "course_lib.text", "tf_idf"),
    ("one_hot", "course_lib.text", "one_hot"),
    ("best_segmentation", "course_lib.text", "viterbi_segment"),
    ("longest_match", "course_lib.text", "maximum_matching"),
    ("padded_batch", "course_lib.text", "padded_batch"),
]


@pytest.mark.parametrize(("name", "module", "attribute"), TWINS)
def test_a_twin_of_the_answer_is_not_served(name, module, attribute):
    def twin(*arguments):
        return getattr(__import__(module, fromlist=[attribute]), attribute)(*arguments)

    found = verdict(name, twin, by_hand=True)
    assert not found.points
    assert found.failure.got.error_kind == NotByHandError.__name__


def test_the_third_hint_speaks_of_the_stub_s_names():
    hint = find("best_segmentation").hints[2]
    assert "best[i], ends[i]" in hint
    assert "next_cut" not in hint
