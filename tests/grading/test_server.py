"""The fork server and its workers, from outside: what they answer, and what is left of them."""

import contextlib
import dataclasses
import os
import time

import numpy as np
import pytest

from course_lib.exercises import Case, Exercise, exactly
from course_lib.exercises.probes import call
from course_lib.grading.isolation import sandbox
from course_lib.grading.isolation.dialogue import WorkerDiedError
from course_lib.grading.isolation.server import ServerError
from course_lib.grading.isolation.tagging import WireError
from course_lib.grading.isolation.wire import ARRAY_BYTES

pytestmark = pytest.mark.sandbox
strong_only = pytest.mark.skipif(
    sandbox.probe().name != "strong", reason="only namespaces hold several processes together"
)


@pytest.fixture
def worker(server):
    with server.fork() as made:
        yield made


@pytest.fixture
def ask(worker):
    """Return a function that puts an expression, and a case, through the probe ``call``."""

    def asked(expression, *arguments, most=ARRAY_BYTES):
        worker.note("it", expression, soon())
        exercise = Exercise(
            "it", 1, "course_lib.text.it:it", lambda rng: [], (), (), 1, 1, compare=exactly,
            probe=call,
        )  # fmt: skip
        return worker.probe(exercise, Case("any", *arguments), soon(), most)[0]

    return asked


def soon(seconds=20):
    return time.monotonic() + seconds


def alive():
    """Return the numbers of all processes of this machine that are not zombies."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                state = file.read().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.add(int(name))
    return found


def children(number):
    """Return all processes below one, as the machine sees them."""
    below = {}
    for other in alive():
        try:
            with open(f"/proc/{other}/stat") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        below.setdefault(parent, set()).add(other)
    found, new = set(), {number}
    while new:
        new = set().union(*(below.get(one, set()) for one in new)) - found
        found |= new
    return found


def test_a_cell_gives_its_output_and_its_last_number(worker):
    assert worker.run("print('hello')\n3", soon()) == {
        "error": "", "output": "hello\n3\n", "value": 3, "images": [],
    }  # fmt: skip


def test_a_cell_that_raises_gives_its_error_and_the_next_one_runs(worker):
    assert worker.run("1 / 0", soon())["error"] == "ZeroDivisionError: division by zero"
    assert worker.run("print(2)", soon())["output"] == "2\n"


def test_a_cell_stops_at_its_time_limit_and_keeps_what_it_printed(worker):
    began = time.monotonic()
    reply = worker.run("print('begun')\nwhile True: pass", soon())
    assert reply["error"].startswith("TimeoutError")
    assert reply["output"].startswith("begun")
    assert time.monotonic() - began < 3


def test_what_a_call_prints_goes_nowhere(worker, ask):
    worker.run("def f(x):\n    print('secret', x)\n    return x", soon())
    assert ask("f", 41).value == 41
    assert worker.run("pass", soon())["output"] == ""


def test_arguments_arrive_as_they_are_and_values_come_back_plain(worker, ask):
    worker.run("import numpy as np\ndef f(x): return x.sum(), str(x.dtype)", soon())
    assert ask("f", np.arange(3, dtype="int16")).value == (3, "int16")


def test_an_object_that_is_not_there_is_an_error_and_no_answer(ask):
    assert ask("nowhere", 1).error_kind == "NotImplementedError"


def test_more_bytes_than_allowed_end_the_worker(worker, ask):
    worker.run("import numpy as np\ndef f(): return np.zeros(1000)", soon())
    with pytest.raises(WorkerDiedError):
        ask("f", most=100)


def test_a_case_that_cannot_be_sent_is_our_own_failure(ask):
    with pytest.raises(WireError):
        ask("len", object())


def test_a_dead_process_is_noticed_at_once(worker):
    began = time.monotonic()
    with pytest.raises(WorkerDiedError):
        worker.run("import os; os._exit(1)", soon())
    assert time.monotonic() - began < 1


def test_the_deadline_holds_against_a_process_that_is_deaf(worker):
    began = time.monotonic()
    with pytest.raises(WorkerDiedError):
        worker.run("import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile 1: pass", soon())
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess; subprocess.Popen(['sleep', '99'], start_new_session=True)",
        "import os, time\nfor _ in range(9):\n    if os.fork() == 0: os.setsid(); time.sleep(99)",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()",
    ],
    ids=["a session of its own", "many", "a fork bomb", "a thread"],
)
def test_nothing_of_a_submission_survives_it(server, code):
    before = children(server._process.pid)
    made = server.fork()
    with contextlib.suppress(WorkerDiedError):
        made.run(code, soon())
    made.close()
    assert children(server._process.pid) == before


@strong_only
def test_memory_in_all_processes_together_is_bounded(server, monkeypatch):
    small = dataclasses.replace(server.limits, memory_bytes=2**29, cell_seconds=10.0)
    monkeypatch.setattr(server, "limits", small)
    code = (
        "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n"
        "        x = bytearray(b'1' * 2**27); time.sleep(30)\ntime.sleep(30)"
    )
    began = time.monotonic()
    with server.fork() as made, pytest.raises(WorkerDiedError):
        made.run(code, soon())
    assert time.monotonic() - began < 9


@strong_only
def test_workers_share_no_files(server):
    places = ["/tmp/note", "/dev/shm/note"]
    with server.fork() as first:
        assert not first.run(f"for p in {places}: open(p, 'w').write('x')", soon())["error"]
        with server.fork() as second:
            found = second.run(f"import os\nprint([os.path.exists(p) for p in {places}])", soon())
    assert found["output"] == "[False, False]\n"


def test_a_submission_has_no_rights_of_a_superuser(worker):
    code = """
import ctypes
header, found = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert ctypes.CDLL(None).capget(header, found) == 0
print(list(found))
"""
    assert worker.run(code, soon())["output"] == "[0, 0, 0, 0, 0, 0]\n"


def test_the_environment_holds_nothing_of_the_instructors(server, monkeypatch):
    monkeypatch.setenv("COURSE_SEED", "4711")
    with server.fork() as made:
        output = made.run("import os\nprint(dict(os.environ))", soon())["output"]
    assert "4711" not in output
    assert "COURSE_SEED" not in output


def test_a_server_that_is_gone_is_our_own_failure(server):
    from course_lib.grading.isolation.sandbox import probe
    from course_lib.grading.isolation.server import ForkServer

    other = ForkServer((), (), probe(), server.limits)
    other._process.kill()
    other._process.wait()
    assert not other.alive
    with pytest.raises(ServerError):
        other.fork()
    other.close()


@strong_only
def test_a_wall_that_cannot_be_built_is_our_own_failure_and_nobodys_zero(monkeypatch):
    from course_lib.grading.isolation.limits import Limits
    from course_lib.grading.isolation.sandbox import probe
    from course_lib.grading.isolation.server import ForkServer

    other = ForkServer((), (), probe(), Limits(folder_bytes=-1))
    try:
        with pytest.raises(ServerError, match="could not be shut in"):
            other.fork()
    finally:
        other.close()
