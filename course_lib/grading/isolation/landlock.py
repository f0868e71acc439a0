"""Landlock: what a process may open, decided by the process itself and for good.

Any user may call it, also where a container forbids namespaces. Version 4 of its interface, the
least that is accepted here, also forbids TCP.

Source: landlock(7); linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
ASK_VERSION, BENEATH_PATH = 1, 1
LEAST_VERSION = 4
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL = 1, 2, 4, 8, 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
FILES_ONLY = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
NETWORK = 3  # bind and connect
SCOPES = 3  # abstract sockets and signals stay inside
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def version() -> int:
    """Return the version of the kernel's interface; 0 where there is none."""
    return max(_call(CREATE_RULESET, None, 0, ASK_VERSION), 0)


def restrict(readable: Iterable[str], listed: Iterable[str], writable: Iterable[str]) -> None:
    """Let this process and all that it starts read and write below these folders, and no other.

    Of the ``listed`` folders only the names are told. Raises ``OSError`` where the kernel does not
    offer enough of it.
    """
    known = version()
    if known < LEAST_VERSION:
        raise OSError(f"Landlock {LEAST_VERSION} is needed, this kernel has {known or 'none'}")
    everything = (1 << (16 if known >= 5 else 15)) - 1
    ruleset = struct.pack("=QQQ", everything, NETWORK, SCOPES)[: 24 if known >= 6 else 16]
    descriptor = _checked(_call(CREATE_RULESET, ruleset, len(ruleset), 0))
    try:
        for path in readable:
            _allow(descriptor, path, READ)
        for path in listed:
            _allow(descriptor, path, READ_DIR)
        for path in (*writable, *DEVICES):
            _allow(descriptor, path, everything & ~IOCTL & ~EXECUTE)
        _checked(_call(RESTRICT_SELF, descriptor, 0))
    finally:
        os.close(descriptor)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights &= ~0 if os.path.isdir(path) else FILES_ONLY
        rule = struct.pack("=Qi", rights, parent)
        _checked(_call(ADD_RULE, ruleset, BENEATH_PATH, rule, 0))
    finally:
        os.close(parent)


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    passed = [
        ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments
    ]
    return int(libc.syscall(ctypes.c_long(number), *passed))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock refused")
    return result
