"""Nobody but the one who grades can talk to the processes that grade: none listens anywhere."""

import contextlib
import os
import re
import socket
import sys
from pathlib import Path

import psutil
import pytest

from tests.grading.test_crashes import begun, make_class, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
LISTENS = "0A"
ACCEPTS = 0x10000
"""``__SO_ACCEPTCON``: a socket of the machine itself that waits for whoever comes."""


def listening(process):
    """Return the sockets on which a process, as it sees the network, can be reached."""
    held = set()
    for entry in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            held.update(re.findall(r"socket:\[(\d+)\]", os.readlink(entry)))
    return {(kind, number) for kind, number in _open_to_others(process) if number in held}


def _open_to_others(process):
    for kind in ("tcp", "tcp6", "udp", "udp6", "unix"):
        for line in Path(f"/proc/{process}/net/{kind}").read_text().splitlines()[1:]:
            words = line.split()
            if kind == "unix":
                if int(words[3], 16) & ACCEPTS:
                    yield kind, words[6]
            elif kind.startswith("udp") or words[3] == LISTENS:
                yield kind, words[9]


@pytest.mark.parametrize(
    ("family", "kind"),
    [(socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM),
     (socket.AF_UNIX, socket.SOCK_STREAM)],
)  # fmt: skip
def test_a_socket_that_can_be_reached_is_seen(family, kind, tmp_path):
    with socket.socket(family, kind) as open_to_all:
        open_to_all.bind(str(tmp_path / "s") if family == socket.AF_UNIX else ("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            open_to_all.listen()
        assert listening(os.getpid())
    one, other = socket.socketpair()
    with one, other:
        assert not listening(os.getpid())


@pytest.mark.slow
@pytest.mark.sandbox
def test_no_process_of_a_grading_listens_on_any_socket(tmp_path):
    root, seen, found = make_class(tmp_path / "class", 15), set(), set()
    with begun(root, "grade", "--workers", "2") as grading:

        def look():
            with contextlib.suppress(psutil.NoSuchProcess):
                tree = psutil.Process(grading.pid)
                for one in (tree, *tree.children(recursive=True)):
                    with contextlib.suppress(OSError):
                        found.update(listening(one.pid))
                        seen.add(one.pid)
            return False

        wait_until(look, grading)
        said, _ = grading.communicate(timeout=100)
    assert grading.returncode == 0, said
    assert found == set()
    assert len(seen) >= 5, "the command, two processes, a fork server of each"
