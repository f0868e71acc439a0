"""A Dask cluster for tests: its processes, and certificates that openssl makes for it."""

import contextlib
import os
import shutil
import subprocess
import sys

NO_PAGES = {f"DASK_DISTRIBUTED__{part}__HTTP__ROUTES": "[]" for part in ("SCHEDULER", "WORKER")}
FILES = ("ca", "cert", "key"), ("ca.pem", "certificate.pem", "key.pem")


def why_not():
    """Return why no certificates can be made here; nothing where they can."""
    return "" if shutil.which("openssl") else "openssl is not installed"


def make_certificates(folder):
    """Make an authority, and one certificate that it signed, for every end of a cluster."""
    folder.mkdir()
    new = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    _run(folder, *new, "-subj", "/CN=class", "-keyout", "ca.key", "-out", "ca.pem")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:FALSE")
    names = ("-keyout", "key.pem", "-out", "certificate.pem")
    _run(folder, *new, "-subj", "/CN=grader", *signed, *names)
    return folder


@contextlib.contextmanager
def scheduler(root, certificates=None, **variables):
    """Run a scheduler and give its address."""
    address = "tls://127.0.0.1:0" if certificates else "tcp://127.0.0.1:0"
    words = ("scheduler", "--host", address, "--no-dashboard", *_options(certificates))
    process = dask(root, *words, **variables)
    try:
        yield _listening(process)
    finally:
        ended(process)


@contextlib.contextmanager
def workers(root, address, number, certificates=None, **variables):
    """Run so many workers of a scheduler and give their processes."""
    words = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(root))
    with contextlib.ExitStack() as stack:
        started = []
        for _ in range(number):
            options = (*words, *_options(certificates))
            started.append(dask(root, "worker", address, *options, **variables))
            stack.callback(ended, started[-1])
        yield started


def dask(root, program, *words, **variables):
    """Start one of Dask's programs without pages for browsers, unless ``variables`` say so."""
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{program}", *words],
        cwd=root, env={**os.environ, **NO_PAGES, **variables}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def ended(process):
    """End a process, whatever it is at."""
    process.kill()
    process.stderr.close()
    process.wait()


def _options(certificates):
    if certificates is None:
        return ()
    return [
        word
        for name, file in zip(*FILES, strict=True)
        for word in (f"--tls-{name}{'-file' if name == 'ca' else ''}", str(certificates / file))
    ]


def _listening(process):
    for line in process.stderr:
        if "Scheduler at:" in line:
            return line.split()[-1]
    raise AssertionError("the scheduler did not start")


def _run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
