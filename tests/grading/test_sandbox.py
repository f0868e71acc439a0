import subprocess
import sys

import pytest

from course_lib.grading.isolation import sandbox, seccomp
from course_lib.grading.isolation.sandbox import Level, SandboxError, chosen_level
from course_lib.grading.isolation.tagging import DTYPES


@pytest.fixture
def fresh(monkeypatch):
    sandbox.probe.cache_clear()
    yield monkeypatch
    sandbox.probe.cache_clear()


def test_the_level_says_why_it_is_not_the_strongest():
    assert str(Level("weak", "bubblewrap is missing")) == "weak (bubblewrap is missing)"
    assert str(Level("strong")) == "strong"


def test_without_bubblewrap_the_level_is_medium_or_weak_and_says_how_to_mend_it(fresh):
    fresh.setattr(sandbox.shutil, "which", lambda name: None)
    level = sandbox.probe()
    assert level.name in ("medium", "weak")
    assert "apt-get install bubblewrap" in level.reason


def test_weak_is_refused_unless_it_is_allowed(fresh):
    fresh.setattr(sandbox, "why_not_strong", lambda: "no")
    fresh.setattr(sandbox, "why_not_medium", lambda: "neither")
    with pytest.raises(SandboxError, match="no; neither"):
        chosen_level()
    assert chosen_level(allow_unsandboxed=True) == Level("weak", "no; neither")


def test_any_but_the_strongest_is_refused_where_that_is_required(fresh):
    fresh.setattr(sandbox, "why_not_strong", lambda: "no")
    fresh.setattr(sandbox, "why_not_medium", lambda: "")
    assert chosen_level() == Level("medium", "no")
    with pytest.raises(SandboxError, match="expected a strong sandbox, got medium"):
        chosen_level(require_strong=True)


def test_a_sandbox_that_forbids_namespaces_is_found_by_trying(fresh):
    fresh.setattr(sandbox.shutil, "which", lambda name: "/usr/bin/bwrap")
    fresh.setattr(sandbox, "bubblewrap_command", lambda *about: ["false"])
    assert "namespaces are forbidden here, or do not shut in" in sandbox.why_not_strong()


def test_another_system_has_none(fresh):
    fresh.setattr(sys, "platform", "darwin")
    assert sandbox.probe().name == "weak"


@pytest.mark.parametrize("machine", sorted(seccomp.CALLS))
@pytest.mark.parametrize("alone", [None, 17])
def test_a_filter_is_a_list_of_rows_whose_jumps_stay_inside(machine, alone):
    program = seccomp.compiled(machine, alone)
    rows = [program[place : place + 8] for place in range(0, len(program), 8)]
    assert len(rows) < 4096
    for place, row in enumerate(rows):
        code, when_true, when_false, _ = seccomp.struct.unpack("HBBI", row)
        if code in (seccomp.EQUAL, seccomp.AT_LEAST, seccomp.ANY_BIT):
            assert place + 1 + max(when_true, when_false) < len(rows)
    assert rows[-1] == seccomp.struct.pack("HBBI", seccomp.RETURN, 0, 0, seccomp.ALLOW)


def test_an_unknown_machine_has_no_filter():
    with pytest.raises(OSError, match="no filter"):
        seccomp.compiled("pdp11")


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is the kernel's")
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import socket; socket.socket()", "PermissionError"),
        ("import os; os.fork()", "PermissionError"),
        ("import os; os.kill(os.getppid(), 0)", "PermissionError"),
        ("import fcntl, os; fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())", "PermissionError"),
        ("import resource as r, os; r.prlimit(os.getppid(), r.RLIMIT_CPU)", "PermissionError"),
        ("import os; os.kill(os.getpid(), 0); print('fine')", ""),
        ("import asyncio; asyncio.run(asyncio.sleep(0)); print('fine')", ""),
        ("import threading as t; x = t.Thread(target=print); x.start(); x.join()", ""),
    ],
)
def test_the_narrow_filter_refuses_what_reaches_others(code, said):
    first = (
        "from course_lib.grading.isolation import namespaces as n, seccomp as s\nn.gain_no_rights()"
    )
    whole = f"{first}; s.install(narrow=True)\n{code}"
    tried = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True)
    assert said in tried.stderr
    assert bool(tried.returncode) == bool(said)


def test_arrays_on_the_wire_are_numbers_only():
    assert not {"object", "str", "void"} & DTYPES
