"""The catalogue of odd, broken and hostile submissions, each with the points that it must get.

Every entry starts from an honest submission; what it does not lose is named nowhere. A *spy*
answers rightly only where its spying failed, so that full points prove the wall.
"""

import json
from dataclasses import dataclass, field

from tests.grading.sample_course import EXERCISES, as_bytes, code, submission

FULL = {"check_double": 2.0, "check_count_words": 3.0, "check_row_sums": 2.0, "own_test": 1.0}
NOTHING = dict.fromkeys(FULL, 0.0)
NO_DOUBLE = {"check_double": 0.0, "own_test": 0.0}
WRONG = "def double(numbers):\n    return numbers + ['wrong']"


@dataclass(frozen=True)
class Odd:
    name: str
    handed_in: bytes
    gets: dict = field(default_factory=dict)
    note: str = ""

    @property
    def points(self):
        return FULL | self.gets


def odd(name, document, note="", **gets):
    renamed = {
        key if key == "own_test" else f"check_{key}": float(got) for key, got in gets.items()
    }
    return Odd(name, as_bytes(document), renamed, note)


def doubling(*lines):
    """Return an answer to the exercise double whose body is these lines."""
    return "import os, sys\ndef double(numbers):\n" + "\n".join(f"    {line}" for line in lines)


RIGHT = "return [2 * number for number in numbers]"


def spy(name, *lines):
    """Try something that must fail: an answer that is right when every line raised an error."""
    tries = []
    for line in lines:
        tries += ["try:", f"    {line}", "    spied.append(1)", "except Exception:", "    pass"]
    before = "import os, sys, socket, ctypes, subprocess\nspied = []\n" + "\n".join(tries)
    return odd(
        name, submission(before=before, double=doubling("return spied or [2 * n for n in numbers]"))
    )


def changed(change, **answers):
    document = submission(**answers)
    change(document)
    return document


def cell_of(document, grade_id):
    marks = ((cell, cell["metadata"].get("nbgrader", {})) for cell in document["cells"])
    return next(cell for cell, mark in marks if mark.get("grade_id") == grade_id)


def _import_in_the_set_up(document):
    document["cells"][1]["source"] += "\nimport collections"
    cell_of(document, "count_words")["source"] = (
        "def count_words(text):\n    return collections.Counter(text.split())"
    )


def _forge_points(document):
    for cell in document["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if "points" in marks:
            marks["points"] = 1000
            cell["metadata"]["tags"] = ["skip-execution"]
            data = {"data": {"text/plain": "1000"}, "metadata": {}, "execution_count": 1}
            cell["outputs"] = [{"output_type": "execute_result", **data}]


def _strip(document):
    for cell in document["cells"]:
        cell["metadata"] = {"id": "colab", "colab": {"base_uri": "x"}}
        cell.pop("id", None)


def _delete_checks(document):
    document["cells"] = [cell for cell in document["cells"] if "check" not in cell["source"]]


def _edit_checks(document):
    for cell in document["cells"]:
        if "session.check" in cell["source"]:
            cell["source"] = "import os; os._exit(0)"


def _copy_answer(document):
    right = cell_of(document, "double")
    document["cells"].insert(2, {**right, "source": WRONG, "id": "copy"})


def _copy_to_try(document):
    place = document["cells"].index(cell_of(document, "double"))
    tried = {**document["cells"][place], "source": "print(double([1]))", "id": "copy"}
    document["cells"].insert(place + 1, tried)


def _copy_with_part(document):
    right = cell_of(document, "double")
    part = {**right, "source": "def twice(number):\n    return 2 * number", "id": "copy"}
    document["cells"].insert(document["cells"].index(right), part)
    right["source"] = "def double(numbers):\n    return [twice(number) for number in numbers]"


def _own_cell(document):
    stub = cell_of(document, "double")
    own = code(stub["source"], "own")
    stub["source"] = "def double(numbers):\n    raise NotImplementedError"
    document["cells"].insert(document["cells"].index(stub) + 1, own)


def _schema(version):
    def change(document):
        for cell in document["cells"]:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"]["schema_version"] = version

    return change


def _same_ids(document):
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["metadata"]["nbgrader"]["grade_id"] = "double"
            cell["source"] = ""


def _odd_metadata(document):
    document["metadata"] = {"kernelspec": {"name": "bash", "language": "bash"}, "widgets": [1]}
    document["cells"] += [None, 7, {"cell_type": "code"}, {"source": ["a", 3]}, {"metadata": []}]
    document["cells"][0]["metadata"] = {"nbgrader": "mine"}


def _reverse_answers(document):
    document["cells"][1:] = document["cells"][:0:-1]
    document["cells"].insert(1, code("import torch", "first"))


def _version_3(document):
    cells = [{**cell, "input": cell["source"], "language": "python"} for cell in document["cells"]]
    for cell in cells:
        del cell["source"]
    document.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells}])
    del document["cells"]


def _lists_of_lines(document):
    for cell in document["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def _all_markdown(document):
    for cell in document["cells"]:
        cell["cell_type"] = "markdown"


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
    odd("stripped metadata", changed(_strip)),
    odd("deleted check cells", changed(_delete_checks)),
    odd("edited check cells", changed(_edit_checks)),
    odd("a duplicated answer: the last counts", changed(_copy_answer), "2 times"),
    odd("schema of the future", changed(_schema(99))),
    odd("schema of the past", changed(_schema(0))),
    odd("schema that is no number", changed(_schema("three"))),
    odd("cells out of order", changed(_reverse_answers)),
    odd("odd metadata and cells that are none", changed(_odd_metadata)),
    odd("nbformat 3", changed(_version_3)),
    odd("an import added to the set-up cell", changed(_import_in_the_set_up)),
    odd("a stub left and the answer in a cell of their own", changed(_own_cell)),
    odd("answers in cells of text", changed(_all_markdown)),
    odd("a copied answer to try things in", changed(_copy_to_try)),
    odd("an answer in two cells, one a copy", changed(_copy_with_part)),
    odd("sources as lists of lines", changed(_lists_of_lines)),
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

FORGERIES = [
    odd("forged points, tags and outputs", changed(_forge_points, double=WRONG),
        double=0, own_test=0),
    odd("all grade ids the same", changed(_same_ids)),
    odd("a replaced numpy.testing", submission(before=(
        "import numpy as np\nnp.testing.assert_allclose = np.allclose = lambda *a, **k: True\n"
        "np.isclose = lambda a, b, **k: np.ones_like(a, bool)"), double=WRONG),
        double=0, own_test=0),
    odd("a patched session", submission(before=(
        "type(session).check = lambda *a: None\nsession.use = None"), double=WRONG),
        double=0, own_test=0),
    odd("a patched worker", submission(before=(
        "from course_lib.grading import worker\n"
        "worker._probe = lambda *a: {'value': True, 'passed': True, 'points': 1000}")),
        double=0, count_words=0, row_sums=0),
    odd("a changed wire", submission(before=(
        "from course_lib.grading import wire, worker\n"
        "worker.encode = wire.encode = lambda *a: b'WP01' + b'\\xff' * 100")),
        "ended the process"),
    odd("garbage into every descriptor", submission(before=(
        "import os\nfor number in range(3, 64):\n    try: os.write(number, b'x' * 1000)\n"
        "    except OSError: pass")), "ended the process"),
    odd("forged answers ahead of time", submission(before=(
        "import os\nfrom course_lib.grading.wire import encode\nfor number in range(3, 64):\n"
        "    try: os.write(number, encode({'error': None, 'value': 1000.0}) * 9)\n"
        "    except OSError: pass"), double=WRONG), double=0, count_words=0, row_sums=0),
    odd("a replaced builtin", submission(before=(
        "import builtins\nbuiltins.isinstance = lambda *a: True"), double=WRONG),
        double=0, own_test=0),
    odd("a deaf process", submission(double=doubling(
        "import signal", "signal.signal(signal.SIGALRM, signal.SIG_IGN)",
        "signal.setitimer(signal.ITIMER_REAL, 0)", "while True: pass")),
        "ended the process", double=0, own_test=0),
]  # fmt: skip

ATTACKS = [
    odd("a fork bomb in a cell", submission(before=(
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")),
        "ended the process"),
    odd("a fork bomb in a call", submission(double=doubling(
        "while len(numbers) > 2:", "    try: os.fork()", "    except OSError: pass", RIGHT)),
        double=0),
    odd("signals to everybody", submission(before=(
        "import os, signal\nfor number in (0, -1, os.getppid()):\n"
        "    try: os.kill(number, signal.SIGTERM if number == 0 else signal.SIGKILL)\n"
        "    except OSError: pass"))),
    odd("a full disk", submission(before=(
        "try:\n    for name in range(100):\n"
        "        open(f'{name}.bin', 'wb').write(b'x' * 2**26)\nexcept OSError: pass"))),
    odd("memory in many processes", submission(before=(
        "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n"
        "        x = bytearray(b'1' * 2**30); time.sleep(60); os._exit(0)\ntime.sleep(60)"))),
    spy("the repository, the solutions and the home", *(
        f"1 / len(os.listdir({path!r}))" for path in
        ("__REPOSITORY__/course_lib", "__REPOSITORY__/solutions", "__REPOSITORY__/.git",
         "__HOME__/.ssh", "/home", "/var", "/boot")),
        "open('/etc/passwd')", "open('/etc/hostname')", "open('gradebook.db')",
        "open('__REPOSITORY__/pyproject.toml')"),
    spy("the exercises and their answers",
        "import course_lib.exercises.ch01_preprocessing.merge_pair",
        "assert [n for n in os.listdir('/course/course_lib/exercises/ch01_preprocessing') "
        "if n not in ('__init__.py', 'probes.py')]",
        "import course_lib.text.sample_double"),
    spy("the network", "socket.create_connection(('1.1.1.1', 53), 1)",
        "socket.socket(socket.AF_INET)", "socket.socket(socket.AF_VSOCK)",
        "socket.socket(socket.AF_NETLINK)", "socket.getaddrinfo('example.org', 80)"),
    spy("other processes", "assert [n for n in os.listdir('/proc') if n.isdigit()]",
        "os.kill(os.getppid() or 10**6, 0)"),
    spy("more rights", "assert ctypes.CDLL(None).unshare(0x10000000) == 0",
        "assert ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, 0) == 0",
        "assert ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0", "os.setuid(1)", "os.chroot('/tmp')",
        "assert subprocess.run(['umount', '/proc']).returncode == 0"),
    spy("a note for the next submission", *(
        f"open({path!r}, 'w').write('x')" for path in
        ("/note", "/dev/note", "/course/note", "/usr/note", "/var/tmp/note", "/run/note"))),
]  # fmt: skip

ALL = [
    *HONEST_BUT_ODD, *BROKEN_FILES, *BROKEN_CODE, *HOSTILE_VALUES, *FORGERIES, *ATTACKS,
]  # fmt: skip
assert len(EXERCISES) == 3
assert json.loads(as_bytes(submission()))
