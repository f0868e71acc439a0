"""What Linux offers to shut a process in, called directly: namespaces, private folders, rights.

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

from course_lib.grading.isolation.limits import Limits

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
EVERYTHING = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
MS_NOSUID, MS_NODEV = 2, 4
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
CAPABILITY_VERSION_3 = 0x20080522
MOST_CAPABILITIES = 64
SHARED_MEMORY = "/dev/shm"
MOST_TASKS = 1024
"""Of one user in one world; root is exempt by the kernel, so that ``watch`` counts as well."""


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


def furnish(folder: str, limits: Limits) -> None:
    """Give the new world an empty ``folder`` of its own, and hide what is known of others."""
    _mount_tmpfs("/proc", 2**16)
    _mount_tmpfs(folder, limits.folder_bytes)
    if os.path.isdir(SHARED_MEMORY):
        _mount_tmpfs(SHARED_MEMORY, limits.file_bytes)


def renounce() -> None:
    """Give up every right of the new world's owner: to mount, to trace, to change identity."""
    libc = _libc()
    for capability in range(MOST_CAPABILITIES):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _checked(libc.capset(header, (ctypes.c_uint32 * 6)()))
    gain_no_rights()


def gain_no_rights() -> None:
    """Make sure that no program that this process starts has more rights than it has."""
    _checked(_libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def set_limits(limits: Limits) -> None:
    """Bound this process and its children: memory, processor time, files, processes."""
    seconds = int(limits.submission_seconds) + 10
    bounds = {
        resource.RLIMIT_AS: limits.address_bytes,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: MOST_TASKS,
    }
    if sys.platform == "linux":
        bounds[resource.RLIMIT_DATA] = limits.memory_bytes
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends."""
    if sys.platform == "linux":
        _libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _mount_tmpfs(path: str, size: int) -> None:
    options = f"size={size},mode=1777,nr_inodes=65536".encode()
    flags = MS_NOSUID | MS_NODEV
    _checked(_libc().mount(b"tmpfs", path.encode(), b"tmpfs", flags, options))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
