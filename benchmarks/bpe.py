"""BPE beside tokenizers (Rust), tiktoken (Rust) and the plain algorithm of the textbooks.

Libraries order equally frequent pairs differently, so the merges of a long training differ where
counts tie; what must agree is how well they compress. Encoding is compared on equal merges, and
must give equal numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import tiktoken
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from benchmarks.harness import Row, compare
from course_lib.data import docstring_paragraphs
from course_lib.text import BPETokenizer, split_pattern, visible

PACKAGES = ("tokenizers", "tiktoken", "regex")
VOCABULARY = 8192
TRAINING, HELD_OUT = 4_000_000, 1_100_000  # characters
PLAIN_TRAINING, PLAIN_MERGES, PLAIN_ENCODING = 100_000, 64, 250_000

Merges = dict[tuple[int, int], int]


def rows() -> Iterator[Row]:
    """Yield the comparisons of training, then of encoding."""
    text = "\n".join(docstring_paragraphs())
    training, held_out = text[:TRAINING], text[-HELD_OUT:]
    yield _training(training, held_out)
    yield _training_beside_plain(training[:PLAIN_TRAINING])
    tokenizer = BPETokenizer.train(training, VOCABULARY)
    yield from _encoding(tokenizer, held_out)


def _training(text: str, held_out: str) -> Row:
    def same(ours: BPETokenizer, theirs: Tokenizer) -> bool:
        lengths = len(ours.encode(held_out)), len(theirs.encode(held_out).ids)
        return len(ours) == theirs.get_vocab_size() and max(lengths) < 1.002 * min(lengths)

    return compare(
        f"train {VOCABULARY:,} tokens, beside tokenizers",
        ours=lambda: BPETokenizer.train(text, VOCABULARY, processes=1),
        peer=lambda: _trained_by_tokenizers(text),
        work=_megabytes(text),
        unit="MB/s",
        target=0.5,
        same=same,
    )


def _trained_by_tokenizers(text: str) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator([text], trainer)
    return tokenizer


def _training_beside_plain(text: str) -> Row:
    return compare(
        f"train {PLAIN_MERGES} merges, beside a recount for each merge",
        ours=lambda: BPETokenizer.train(text, 256 + PLAIN_MERGES, processes=1).merges,
        peer=lambda: _train_plainly(text, PLAIN_MERGES),
        work=_megabytes(text),
        unit="MB/s",
        target=40.0,
    )


def _encoding(tokenizer: BPETokenizer, text: str) -> Iterator[Row]:
    ranks = {token: number for number, token in tokenizer.vocab.items()}
    tiktokens = tiktoken.Encoding(
        "ours", pat_str=tokenizer.pattern.expression, mergeable_ranks=ranks, special_tokens={}
    )
    numbers = {visible(token): number for token, number in ranks.items()}
    merges = [(visible(left), visible(right)) for left, right in tokenizer.merges]
    theirs = Tokenizer(models.BPE(vocab=numbers, merges=merges))
    theirs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pairs = {(ranks[left], ranks[right]): ranks[left + right] for left, right in tokenizer.merges}
    short = text[:PLAIN_ENCODING]
    size = _megabytes(text)

    yield compare(
        "encode one text, beside tiktoken",
        ours=lambda: tokenizer.encode(text),
        peer=lambda: tiktokens.encode_ordinary(text),
        work=size, unit="MB/s", target=0.25, rounds=9,
    )  # fmt: skip
    yield compare(
        "encode with a tokenizer just made, beside tiktoken",
        ours=lambda: BPETokenizer(tokenizer.merges).encode(text),
        peer=lambda: tiktokens.encode_ordinary(text),
        work=size, unit="MB/s", rounds=9,
    )  # fmt: skip
    yield compare(
        "encode one text, beside tokenizers",
        ours=lambda: tokenizer.encode(text),
        peer=lambda: theirs.encode(text).ids,
        work=size, unit="MB/s", target=1.0,
    )  # fmt: skip
    yield compare(
        "encode one text, beside a merge at a time",
        ours=lambda: tokenizer.encode(short),
        peer=lambda: _encode_plainly(short, pairs),
        work=_megabytes(short), unit="MB/s", target=15.0,
    )  # fmt: skip


def _train_plainly(text: str, count: int) -> list[tuple[bytes, bytes]]:
    """Learn merges as the textbook says it: every piece of the text, every pair, every time."""
    pieces = [list(piece.encode()) for piece in split_pattern("gpt2").split(text)]
    vocab = {byte: bytes([byte]) for byte in range(256)}
    merges = []
    for new in range(256, 256 + count):
        counts: Counter[tuple[int, int]] = Counter()
        for piece in pieces:
            counts.update(pairwise(piece))
        pair = max(counts, key=lambda two: (counts[two], vocab[two[0]], vocab[two[1]]))
        pieces = [_replaced(piece, pair, new) for piece in pieces]
        merges.append((vocab[pair[0]], vocab[pair[1]]))
        vocab[new] = vocab[pair[0]] + vocab[pair[1]]
    return merges


def _encode_plainly(text: str, merges: Merges) -> list[int]:
    """Encode as the textbook says it: in each piece, the earliest merge, one after another."""
    found = []
    for piece in split_pattern("gpt2").split(text):
        tokens = list(piece.encode())
        while len(tokens) > 1:
            pair = min(pairwise(tokens), key=lambda two: merges.get(two, len(merges) + 256))
            if pair not in merges:
                break
            tokens = _replaced(tokens, pair, merges[pair])
        found += tokens
    return found


def _replaced(tokens: list[int], pair: tuple[int, int], new: int) -> list[int]:
    replaced, place = [], 0
    while place < len(tokens):
        if tokens[place] == pair[0] and tokens[place + 1 : place + 2] == [pair[1]]:
            replaced.append(new)
            place += 2
        else:
            replaced.append(tokens[place])
            place += 1
    return replaced


def _megabytes(text: str) -> float:
    return len(text.encode()) / 1e6
