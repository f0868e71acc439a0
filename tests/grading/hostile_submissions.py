"""Submissions that want points, secrets or power that are not theirs."""

from tests.grading import odd_changes
from tests.grading.odd import RIGHT, WRONG, changed, doubling, odd, spy
from tests.grading.sample_course import submission

FORGERIES = [
    odd("forged points, tags and outputs", changed(odd_changes.forge_points, double=WRONG),
        double=0, own_test=0),
    odd("all grade ids the same", changed(odd_changes.same_ids)),
    odd("a replaced numpy.testing", submission(before=(
        "import numpy as np\nnp.testing.assert_allclose = np.allclose = lambda *a, **k: True\n"
        "np.isclose = lambda a, b, **k: np.ones_like(a, bool)"), double=WRONG),
        double=0, own_test=0),
    odd("a patched session", submission(before=(
        "type(session).check = lambda *a: None\nsession.use = None"), double=WRONG),
        double=0, own_test=0),
    odd("a patched worker", submission(before=(
        "from course_lib.grading.isolation import worker\n"
        "worker._probe = lambda *a: {'value': True, 'passed': True, 'points': 1000}")),
        double=0, count_words=0, row_sums=0),
    odd("a changed wire", submission(before=(
        "from course_lib.grading.isolation import wire, worker\n"
        "worker.encode = wire.encode = lambda *a: b'WP01' + b'\\xff' * 100")),
        "ended the process"),
    odd("garbage into every descriptor", submission(before=(
        "import os\nfor number in range(3, 64):\n    try: os.write(number, b'x' * 1000)\n"
        "    except OSError: pass")), "ended the process"),
    odd("forged answers ahead of time", submission(before=(
        "import os\n"
        "from course_lib.grading.isolation.wire import encode\nfor number in range(3, 64):\n"
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
