"""Two small programs that try a sandbox from inside, before a stranger's code is run in it.

Each imports what a submission's process imports, must fail to read the course's own files, and must
fail at what a stranger's process may not do.
"""

from __future__ import annotations

import os

from course_lib.grading.isolation.visible import hidden, package_root

SECRETS = "COURSE_SECRETS"
"""Files that must not be readable, by which a trial sees that the course is out of reach."""
CHECKS = """
import importlib.util, os, sys
def refused():
    import IPython, numpy
    import course_lib.grading.isolation.worker
    if importlib.util.find_spec("torch") is None:
        return "torch cannot be found inside"
    for path in os.environ["COURSE_SECRETS"].split(os.pathsep):
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError:
            continue
        return f"the course's own {path} can be read inside"
def end(words):
    print(words or "", file=sys.stderr, flush=True)
    os._exit(1 if words else 0)
"""
OF_ITS_OWN = f"""{CHECKS}
from course_lib.grading.isolation import namespaces, seccomp
from course_lib.grading.isolation.limits import Limits
namespaces.enter_new_world()
if os.fork() == 0:
    namespaces.furnish(os.environ["COURSE_PRIVATE"], Limits())
    namespaces.renounce()
    namespaces.set_limits(Limits())
    seccomp.install()
    end(refused())
os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
SHUT_IN = f"""{CHECKS}
import json, socket
from course_lib.grading.isolation import landlock, namespaces, seccomp
namespaces.gain_no_rights()
landlock.restrict(*json.loads(os.environ["COURSE_READABLE"]), [])
seccomp.install(narrow=True)
tries = (os.listdir, "/etc"), (os.kill, os.getppid(), 0), (socket.socket,), (os.fork,)
for attempt, *what in tries:
    try:
        attempt(*what)
    except PermissionError:
        continue
    end(f"{{attempt.__name__}} is not refused")
end(refused())
"""


def secrets_beside() -> str:
    """Return the files for a trial: a reference, and what the course at hand keeps to itself."""
    found = [package_root() / "course_lib" / "exercises" / "registry.py"]
    folders = [folder for folder in hidden() if (folder / "nbgrader_config.py").is_file()]
    for folder in folders:
        found += [folder / "nbgrader_config.py", *sorted((folder / ".course").glob("*"))]
    return os.pathsep.join(map(str, found))
