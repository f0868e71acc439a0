"""The catalogue of odd, broken and hostile submissions, each with the points that it must get."""

import json

from tests.grading import odd_changes
from tests.grading.hostile_submissions import ATTACKS, FORGERIES
from tests.grading.odd import FULL as FULL
from tests.grading.odd import NOTHING, RIGHT, Odd, changed, doubling, odd
from tests.grading.sample_course import EXERCISES, as_bytes, submission

BROKEN_FILES = [
    Odd("truncated JSON", as_bytes(submission())[:900], NOTHING, "not a notebook"),
    *(
        Odd(name, content, NOTHING, "not a notebook")
        for name, content in {
            "an empty file": b"", "random bytes": bytes(range(256)) * 4, "a list": b"[1, 2]",
            "brackets without end": b"[" * 100_000, "a number": b"1e999", "no cells": b"{}",
            "cells are a dict": b'{"cells": {"a": 1}}', "UTF-16": "{}".encode("utf-16"),
        }.items()
    ),
    Odd("a file of 30 MiB", b'"' + b"x" * (30 * 2**20) + b'"', NOTHING, "larger than"),
]  # fmt: skip

HONEST_BUT_ODD = [
    odd("stripped metadata", changed(odd_changes.strip)),
    odd("deleted check cells", changed(odd_changes.delete_checks)),
    odd("edited check cells", changed(odd_changes.edit_checks)),
    odd("a duplicated answer: the last counts", changed(odd_changes.copy_answer), "2 times"),
    odd("schema of the future", changed(odd_changes.schema(99))),
    odd("schema of the past", changed(odd_changes.schema(0))),
    odd("schema that is no number", changed(odd_changes.schema("three"))),
    odd("cells out of order", changed(odd_changes.reverse_answers)),
    odd("odd metadata and cells that are none", changed(odd_changes.odd_metadata)),
    odd("nbformat 3", changed(odd_changes.version_3)),
    odd("an import added to the set-up cell", changed(odd_changes.import_in_the_set_up)),
    odd("a stub left and the answer in a cell of their own", changed(odd_changes.own_cell)),
    odd("answers in cells of text", changed(odd_changes.all_markdown)),
    odd("a copied answer to try things in", changed(odd_changes.copy_to_try)),
    odd("an answer in two cells, one a copy", changed(odd_changes.copy_with_part)),
    odd("sources as lists of lines", changed(odd_changes.lists_of_lines)),
    odd("a warning on stderr", submission(
        double=doubling("import warnings", "warnings.warn('careful')",
                        "print('note', file=sys.stderr)", RIGHT))),
    odd("top-level await", submission(before="import asyncio\nawait asyncio.sleep(0)")),
    odd("magics", submission(before="%timeit -n1 -r1 1+1\n!echo hello\n%matplotlib inline")),
    odd("a cell magic", submission(before="%%time\nx = 1")),
    odd("a syntax error in a cell of their own", submission(before="def half(:")),
    odd("sys.exit in a cell", submission(before="import sys\nsys.exit(0)")),
    odd("exit() in a cell", submission(before="exit()")),
    odd("input() in a cell", submission(before="name = input('who? ')")),
    odd("two million lines", submission(before="for i in range(2_000_000): print(i)")),
    odd("one line of 200 MB", submission(before="print('x' * 200_000_000)")),
    odd("threads that go on", submission(before=(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()"))),
    odd("a process that goes on", submission(before=(
        "import subprocess\nsubprocess.Popen(['sleep', '60'], start_new_session=True)"))),
    odd("another folder", submission(before="import os\nos.chdir('/')")),
    odd("a deleted folder", submission(
        before="import os, shutil\nshutil.rmtree(os.getcwd(), True)")),
    odd("cleared globals", submission(after="globals().clear()")),
    odd("%reset at the end", submission(after="%reset -f")),
    odd("shadowing files", submission(before="open('numpy.py', 'w').write('1/0')\nimport numpy")),
    odd("an array for a list", submission(double="import numpy as np\ndef double(numbers):\n"
        "    return 2 * np.array(numbers)")),
    odd("a tuple for a list", submission(double="def double(numbers):\n"
        "    return tuple(2 * n for n in numbers)"), own_test=0),
    odd("a Counter for a dict", submission(count_words="from collections import Counter\n"
        "def count_words(text):\n    return Counter(text.split())")),
    odd("float32 for float64", submission(row_sums="def row_sums(matrix):\n"
        "    return torch.as_tensor(matrix).sum(1).double()")),
    odd("a callable object", submission(double="class Doubler:\n    def __call__(self, numbers):\n"
        "        return [2 * n for n in numbers]\ndouble = Doubler()")),
    odd("printing while called", submission(double=doubling("print(numbers * 1000)", RIGHT))),
    odd("saved by Colab", changed(odd_changes.saved_by_colab)),
    odd("saved by VS Code", changed(odd_changes.saved_by_vs_code)),
    odd("saved by classic Jupyter", changed(odd_changes.saved_by_classic_jupyter)),
    odd("answers moved to the top, in another order", changed(odd_changes.moved_answers)),
    odd("line ends of Windows", changed(odd_changes.windows_line_ends)),
    odd("a check cell's id twice", changed(odd_changes.copied_id)),
]  # fmt: skip

BROKEN_CODE = [
    odd("an endless loop", submission(double=doubling("while True: pass")),
        double=0, own_test=0),
    odd("a loop that catches everything", submission(double=doubling(
        "while True:", "    try:", "        sum(range(10_000))", "    except BaseException: pass")),
        "ended the process", double=0, own_test=0),
    odd("an endless cell", submission(before="while True: pass")),
    odd("os._exit in a cell", submission(before="import os\nos._exit(0)"), "ended the process"),
    odd("os._exit in an answer's cell", submission(double="import os\nos._exit(0)"),
        "the cell double ended", double=0, own_test=0),
    odd("os._exit in a call", submission(double=doubling(
        "if len(numbers) > 2: os._exit(0)", RIGHT)), double=0),
    odd("sys.exit in a call", submission(double=doubling("sys.exit(0)")), double=0, own_test=0),
    odd("a crash of the interpreter", submission(double=doubling(
        "import ctypes", "ctypes.string_at(0)")), "ended", double=0, own_test=0),
    odd("endless recursion", submission(double=doubling("return double(numbers)")),
        double=0, own_test=0),
    odd("a slow call", submission(double=doubling(
        "import time", "time.sleep(len(numbers) > 3 and 60)", RIGHT)), double=0),
    odd("a coroutine", submission(double="async def double(numbers):\n    return numbers"),
        double=0, own_test=0),
    odd("a generator", submission(double="def double(numbers):\n    yield 2"),
        double=0, own_test=0),
    odd("no answer", submission(double=""), double=0, own_test=0),
    odd("half a thought", submission(double="def double(numbers:"), double=0, own_test=0),
]  # fmt: skip

HOSTILE_VALUES = [
    odd(name, submission(double=doubling(*lines)), double=0, own_test=0)
    for name, lines in {
        "a huge list": ["return [0] * 10_000_000"],
        "a huge array": ["import numpy", "return numpy.zeros(100_000_000)"],
        "a huge text": ["return 'x' * 100_000_000"],
        "a huge number": ["return 10 ** 100_000"],
        "a large number": ["return 2 ** 5000"],
        "deep nesting": ["x = []", "for _ in range(10_000): x = [x]", "return x"],
        "a list of itself": ["x = []", "x.append(x)", "return x"],
        "an object that runs code when unpickled": [
            "class Evil:", "    def __reduce__(self): return os.system, ('true',)",
            "return Evil()"],
        "an int that equals everything": [
            "class Yes(int):", "    def __eq__(self, other): return True",
            "    __hash__ = int.__hash__", "return [Yes(7)] * (len(numbers) + 1)"],
        "a list that lies about its length": [
            "class Liar(list):", "    def __len__(self): return 2", "return Liar([5] * 9)"],
        "an array of objects": ["import numpy", "return numpy.array([object()])"],
        "an array that lies": [
            "import numpy", "class Liar(numpy.ndarray):",
            "    def __eq__(self, other): return True", "return numpy.ones(9).view(Liar)"],
        "nan": ["return [float('nan')] * (len(numbers) + 1)"],
        "an error with a hostile message": [
            "class E(Exception):", "    def __str__(self): raise RuntimeError", "raise E"],
        "an error that is a BaseException": ["raise KeyboardInterrupt"],
        "an error of a million characters": ["raise ValueError('<script>' * 200_000)"],
        "memory without end": ["x = []", "while True: x.append(bytearray(b'1' * 2**26))"],
        "keys that collide": ["return {k * (2**61 - 1): 1 for k in range(1, 30_000)}"],
    }.items()
]  # fmt: skip

ALL = [
    *HONEST_BUT_ODD, *BROKEN_FILES, *BROKEN_CODE, *HOSTILE_VALUES, *FORGERIES, *ATTACKS,
]  # fmt: skip
assert len(EXERCISES) == 3
assert json.loads(as_bytes(submission()))
