"""A real PostgreSQL for one test: Debian's own programs, as a user without rights."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

USER = "postgres"


def programs():
    """Return the folder of PostgreSQL's programs, or ``None`` where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def why_not():
    """Return why no database can be started here; nothing where it can."""
    if programs() is None:
        return "PostgreSQL is not installed: apt-get install postgresql"
    if os.getuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL does not run as root, and setpriv is not installed"
    return ""


@contextlib.contextmanager
def database():
    """Run a database in a folder of its own, on a socket there, and give its address."""
    with tempfile.TemporaryDirectory(prefix="course-postgres-") as folder:
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, USER)
        data, superuser = f"{folder}/data", f"--username={USER}"
        _run("initdb", "--auth=trust", "--encoding=UTF8", "--no-sync", superuser, "-D", data)
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        _run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def _run(program, *words):
    command = [str(programs() / program), *words]
    if os.getuid() == 0:
        command = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=120)
    assert done.returncode == 0, f"{program}: {done.stdout} {done.stderr}"
