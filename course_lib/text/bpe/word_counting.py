"""Counting the pieces of texts and files, for BPE to train on: all that it needs to know of them.

A file may be larger than memory. It is read in blocks, each cut where the split pattern would cut
anyway, so that the pieces of the blocks are the pieces of the whole; processes count the blocks of
a large file side by side, and never more than a few of them wait.

>>> from course_lib.text.bpe.split_patterns import GPT2
>>> count_words(["to be or", "not to be"], GPT2)
Counter({b' be': 2, b'to': 1, b' or': 1, b'not': 1, b' to': 1})
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from course_lib.errors import CourseError, DataError, InputError
from course_lib.text.bpe.split_patterns import SplitPattern

Texts = str | Path | Iterable[str | Path]
BLOCK = 1 << 22  # characters
SEVERAL_PROCESSES_FROM = 1 << 25  # bytes: below, starting a process takes longer than it saves


def count_words(
    texts: Texts,
    pattern: SplitPattern,
    special_tokens: Sequence[str] = (),
    processes: int | None = None,
) -> Counter[bytes]:
    """Return how often each piece occurs, in UTF-8; special tokens are cut out and not counted.

    ``texts`` is a text, a file (a ``Path``, in UTF-8), or an iterable of either. A file is counted
    by ``processes`` processes; ``None`` takes one for a small file and one a core for a large one.
    Raises ``InputError`` for text that UTF-8 cannot write and for a number of processes below 1,
    ``DataError`` for a file that cannot be read or is not UTF-8, ``CourseError`` where processes
    die, as they do when a script starts them outside ``if __name__ == "__main__":``.
    """
    if processes is not None and processes < 1:
        raise InputError("the number of processes", expected="at least 1", got=processes)
    counts: Counter[str] = Counter()
    for source in [texts] if isinstance(texts, str | Path) else texts:
        if isinstance(source, Path):
            blocks = read_blocks(source, pattern, special_tokens)
            workers = processes or _processes_for(source)
            counts.update(_count_blocks(blocks, pattern, special_tokens, workers))
        elif isinstance(source, str):
            counts.update(_count(source, pattern, special_tokens))
        else:
            raise InputError("a text", expected="str or Path", got=type(source).__name__)
    return Counter({_in_utf8(piece): count for piece, count in counts.items()})


def read_blocks(
    path: Path, pattern: SplitPattern, special_tokens: Sequence[str] = (), size: int = BLOCK
) -> Iterator[str]:
    """Yield the text of a file in blocks of about ``size`` characters, cut where nothing is lost.

    Where the pattern knows no safe place to cut, the file comes as one block.
    """
    rest = ""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while more := file.read(max(size, len(rest))):  # doubling, while no cut is found
                rest += more
                cut = _last_cut(rest, pattern, special_tokens)
                if cut:
                    yield rest[:cut]
                    rest = rest[cut:]
    except UnicodeDecodeError as error:
        remedy = "convert the file to UTF-8 first"
        raise DataError(str(path), expected="UTF-8", got=str(error), remedy=remedy) from error
    except OSError as error:
        raise DataError(str(path), expected="a readable file", got=str(error)) from error
    if rest:
        yield rest


def split_off(text: str, special_tokens: Iterable[str]) -> list[str]:
    """Return the text cut at its special tokens, the longest first: text, token, text, …

    >>> split_off("a<end>b", ["<end>", "<end>b"])
    ['a', '<end>b', '']
    """
    expression = _alternatives(special_tokens)
    return re.split(f"({expression})", text) if expression else [text]


def _alternatives(special_tokens: Iterable[str]) -> str:
    longest_first = sorted(special_tokens, key=len, reverse=True)
    return "|".join(map(re.escape, longest_first))


def _count(text: str, pattern: SplitPattern, special_tokens: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for run in split_off(text, special_tokens)[::2]:
        counts.update(pattern.split(run))
    return counts


def _count_blocks(
    blocks: Iterator[str], pattern: SplitPattern, special_tokens: Sequence[str], processes: int
) -> Counter[str]:
    counts: Counter[str] = Counter()
    if processes == 1:
        for block in blocks:
            counts.update(_count(block, pattern, special_tokens))
        return counts
    waiting: set[Future[Counter[str]]] = set()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            for block in blocks:
                waiting.add(pool.submit(_count, block, pattern, tuple(special_tokens)))
                if len(waiting) >= 2 * processes:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    for future in done:
                        counts.update(future.result())
            for future in waiting:
                counts.update(future.result())
        except BrokenProcessPool as error:
            remedy = 'in a script, call it under if __name__ == "__main__":, or with processes=1'
            raise CourseError("counting in several processes", got=error, remedy=remedy) from error
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return counts


def _last_cut(text: str, pattern: SplitPattern, special_tokens: Sequence[str]) -> int:
    """Return the last place where ``text``, which will go on, may be cut, or 0.

    A special token near the end may be half there, or the beginning of a longer one: only those
    count that begin where the longest would fit.
    """
    trusted = len(text) - max(map(len, special_tokens), default=0)
    start = 0
    if special_tokens:
        for found in re.finditer(_alternatives(special_tokens), text):
            if found.start() > trusted:
                break
            start = found.end()
    return max(start, pattern.last_safe_cut(text, trusted))


def _processes_for(path: Path) -> int:
    try:
        large = path.stat().st_size >= SEVERAL_PROCESSES_FROM
    except OSError as error:
        raise DataError(str(path), expected="a readable file", got=str(error)) from error
    if not large:
        return 1
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _in_utf8(piece: str) -> bytes:
    try:
        return piece.encode()
    except UnicodeEncodeError as error:
        got = f"half of a surrogate pair, {piece[error.start]!r}"
        raise InputError("the text", expected="Unicode characters", got=got) from error
