"""What Linux offers to shut a process in, called directly: namespaces, private folders, limits.

Used in the fork server's children alone, each of which becomes the first process of a world of its
own: it sees no other process, no network and no file but what it was given, and when it ends,
everything in that world ends.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

from course_lib.grading.limits import Limits

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
EVERYTHING = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
MS_NOSUID, MS_NODEV = 2, 4
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
NEW_FOLDER = Path("/tmp")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def enter_new_world() -> None:
    """Leave every namespace of this process; the next child is the first process of a new one.

    Raises ``OSError`` where the machine forbids it.
    """
    user, group = os.getuid(), os.getgid()
    _checked(_libc().unshare(EVERYTHING))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def furnish(limits: Limits) -> None:
    """Give the new world an empty folder of its own, and hide what is known of other processes."""
    _mount_tmpfs("/proc", 2**16)
    _mount_tmpfs(str(NEW_FOLDER), limits.folder_bytes)


def set_limits(limits: Limits) -> None:
    """Bound this process and its children: memory, processor time, files, processes."""
    seconds = int(limits.submission_seconds) + 10
    bounds = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: limits.processes,
    }
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends; it can gain no rights any more."""
    if sys.platform == "linux":
        _libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _mount_tmpfs(path: str, size: int) -> None:
    options = f"size={size},mode=1777".encode()
    flags = MS_NOSUID | MS_NODEV
    _checked(_libc().mount(b"tmpfs", path.encode(), b"tmpfs", flags, options))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
