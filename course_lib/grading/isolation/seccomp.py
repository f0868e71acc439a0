"""A filter for system calls, written as the small program that the kernel runs before each call.

What no exercise needs and what has opened sandboxes before is refused with ``EPERM``: tracing,
mounting, new namespaces, kernel keys, io_uring, every family of sockets but local ones. ``narrow``
also refuses new processes, sockets, shared memory and whatever reaches other processes, where no
namespace holds them.

Source: seccomp(2); linux/seccomp.h, linux/filter.h, asm/unistd.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS, AF_UNIX = 1, 38, 1
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST, SECOND = 0, 4, 16, 24  # offsets in struct seccomp_data, low words
NEW_NAMESPACE, THREAD = 0x7E020080, 0x00010000
OTHER_ABI = 0x40000000  # x32 numbers: the same calls under other names

FORBIDDEN = (
    "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd mount umount2 unshare setns "
    "pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr bpf "
    "perf_event_open keyctl add_key request_key userfaultfd io_uring_setup io_uring_enter "
    "io_uring_register open_by_handle_at name_to_handle_at init_module finit_module delete_module "
    "kexec_load kexec_file_load reboot swapon swapoff syslog quotactl acct sethostname "
    "setdomainname settimeofday clock_settime adjtimex personality fanotify_init lookup_dcookie "
    "modify_ldt iopl ioperm"
)
ALONE = (
    " fork vfork pidfd_open pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo tkill socket "
    "shmget shmat shmctl msgget msgctl semget semctl mq_open setpriority ioprio_set "
    "sched_setscheduler sched_setparam sched_setattr process_madvise migrate_pages move_pages "
    "process_mrelease"
)
SET_OWNER = {"fcntl": (8, 15), "ioctl": (0x8901, 0x8902)}  # whom the kernel signals about a file
CALLS = {
    "x86_64": (
        0xC000003E,
        "ptrace 101 process_vm_readv 310 process_vm_writev 311 kcmp 312 pidfd_getfd 438 mount 165 "
        "umount2 166 unshare 272 setns 308 pivot_root 155 chroot 161 move_mount 429 open_tree 428 "
        "fsopen 430 fsconfig 431 fsmount 432 fspick 433 mount_setattr 442 bpf 321 "
        "perf_event_open 298 keyctl 250 add_key 248 request_key 249 userfaultfd 323 "
        "io_uring_setup 425 io_uring_enter 426 io_uring_register 427 open_by_handle_at 304 "
        "name_to_handle_at 303 init_module 175 finit_module 313 delete_module 176 kexec_load 246 "
        "kexec_file_load 320 reboot 169 swapon 167 swapoff 168 syslog 103 quotactl 179 acct 163 "
        "sethostname 170 setdomainname 171 settimeofday 164 clock_settime 227 adjtimex 159 "
        "personality 135 fanotify_init 300 lookup_dcookie 212 modify_ldt 154 iopl 172 ioperm 173 "
        "fork 57 vfork 58 pidfd_open 434 pidfd_send_signal 424 rt_sigqueueinfo 129 "
        "rt_tgsigqueueinfo 297 clone 56 clone3 435 socket 41 kill 62 tkill 200 tgkill 234 "
        "shmget 29 shmat 30 shmctl 31 msgget 68 msgctl 71 semget 64 semctl 66 mq_open 240 "
        "setpriority 141 ioprio_set 251 sched_setscheduler 144 sched_setparam 142 "
        "sched_setattr 314 process_madvise 440 migrate_pages 256 move_pages 279 "
        "process_mrelease 448 prlimit64 302 fcntl 72 ioctl 16",
    ),
    "aarch64": (
        0xC00000B7,
        "ptrace 117 process_vm_readv 270 process_vm_writev 271 kcmp 272 pidfd_getfd 438 mount 40 "
        "umount2 39 unshare 97 setns 268 pivot_root 41 chroot 51 move_mount 429 open_tree 428 "
        "fsopen 430 fsconfig 431 fsmount 432 fspick 433 mount_setattr 442 bpf 280 "
        "perf_event_open 241 keyctl 219 add_key 217 request_key 218 userfaultfd 282 "
        "io_uring_setup 425 io_uring_enter 426 io_uring_register 427 open_by_handle_at 265 "
        "name_to_handle_at 264 init_module 105 finit_module 273 delete_module 106 kexec_load 104 "
        "kexec_file_load 294 reboot 142 swapon 224 swapoff 225 syslog 116 quotactl 60 acct 89 "
        "sethostname 161 setdomainname 162 settimeofday 170 clock_settime 112 adjtimex 171 "
        "personality 92 fanotify_init 262 lookup_dcookie 18 pidfd_open 434 pidfd_send_signal 424 "
        "rt_sigqueueinfo 138 rt_tgsigqueueinfo 240 clone 220 clone3 435 socket 198 kill 129 "
        "tkill 130 tgkill 131 shmget 194 shmat 196 shmctl 195 msgget 186 msgctl 187 semget 190 "
        "semctl 191 mq_open 180 setpriority 140 ioprio_set 30 sched_setscheduler 119 "
        "sched_setparam 118 sched_setattr 274 process_madvise 440 migrate_pages 238 "
        "move_pages 239 process_mrelease 448 prlimit64 261 fcntl 25 ioctl 29",
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install(narrow: bool = False) -> None:
    """Filter the calls of this process and of all that it starts, from now on and for good.

    Raises ``OSError`` where the kernel or the machine's architecture does not offer it.
    """
    program = compiled(platform.machine(), os.getpid() if narrow else None)
    loaded = _Program(len(program) // 8, program)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(loaded), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter for system calls")


def compiled(machine: str, alone: int | None = None) -> bytes:
    """Return the filter for a machine; with ``alone``, the process that may only signal itself."""
    if machine not in CALLS:
        raise OSError(ENOSYS, f"no filter is known for {machine}")
    architecture, text = CALLS[machine]
    words = text.split()
    numbers = {name: int(number) for name, number in zip(words[::2], words[1::2], strict=True)}
    rows = [_row(LOAD, ARCHITECTURE), _row(EQUAL, architecture, 1, 0), _row(RETURN, KILL)]
    rows += [_row(LOAD, NUMBER), _row(AT_LEAST, OTHER_ABI, 0, 1), _row(RETURN, REFUSE | EPERM)]
    for name in (FORBIDDEN + ALONE if alone else FORBIDDEN).split():
        if name in numbers:
            rows += _when(numbers[name], [_row(RETURN, REFUSE | EPERM)])
    # glibc falls back from clone3, whose arguments a filter cannot see, to clone
    rows += _when(numbers["clone3"], [_row(RETURN, REFUSE | ENOSYS)])
    rows += _when(numbers["socket"], _unless(EQUAL, AF_UNIX))
    rows += _when(numbers["clone"], _clone(alone is not None))
    if alone:
        for name in ("kill", "tgkill"):
            rows += _when(numbers[name], _unless(EQUAL, alone))
        rows += _when(numbers["prlimit64"], _unless(EQUAL, 0))
        for name, commands in SET_OWNER.items():
            rows += _when(numbers[name], _if_second(commands))
    return b"".join([*rows, _row(RETURN, ALLOW)])


def _clone(threads_only: bool) -> list[bytes]:
    if threads_only:
        return _unless(ANY_BIT, THREAD)
    refuse = [_row(RETURN, REFUSE | EPERM), _row(RETURN, ALLOW)]
    return [_row(LOAD, FIRST), _row(ANY_BIT, NEW_NAMESPACE, 0, 1), *refuse]


def _unless(test: int, value: int) -> list[bytes]:
    """Refuse the call unless its first argument passes the test."""
    refuse = [_row(RETURN, REFUSE | EPERM), _row(RETURN, ALLOW)]
    return [_row(LOAD, FIRST), _row(test, value, 1, 0), *refuse]


def _if_second(values: tuple[int, ...]) -> list[bytes]:
    """Refuse the call when its second argument is one of the values."""
    rows = [_row(LOAD, SECOND)]
    for place, value in enumerate(values):
        rows.append(_row(EQUAL, value, len(values) - place, 0))
    return [*rows, _row(RETURN, ALLOW), _row(RETURN, REFUSE | EPERM)]


def _when(number: int, rows: list[bytes]) -> list[bytes]:
    """Do ``rows``, which end in a return, when the call's number is in the accumulator."""
    return [_row(EQUAL, number, 0, len(rows)), *rows]


def _row(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, when_true, when_false, value)
