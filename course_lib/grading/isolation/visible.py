"""What a stranger's process may see: a list made from what a worker needs, and of nothing else.

The interpreter and its standard library, the packages of its environment, shared libraries,
programs, fonts. The course's own files lie outside that list; where a part of the list holds them
(a course below ``/usr``, a copy in ``site-packages``), they are taken out of it.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from glob import glob
from pathlib import Path

LINKED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
"""Places that are links into ``/usr`` on most systems, and folders on others."""
LIBRARIES = (
    "/usr/lib/*-linux-gnu*", "/lib/*-linux-gnu*", "/usr/lib64", "/lib64", "/usr/lib/locale",
    "/usr/lib/gcc", "/usr/lib/*.so*", "/lib/*.so*", "/usr/local/lib/*.so*",
)  # fmt: skip
PROGRAMS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/include")
SHARED = ("/usr/share/fonts", "/usr/share/fontconfig", "/usr/share/zoneinfo", "/usr/share/locale")
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")
PACKAGES = ("site-packages", "dist-packages")
OWN = ("course_lib", "words_and_pixels*", "__editable__*words_and_pixels*")
"""Names under which an installation of the course lies among the packages."""


def needed() -> list[Path]:
    """Return what a worker needs to see: each a folder or a file that exists here."""
    places = [*PROGRAMS, *SHARED, *SETTINGS, *(found for name in LIBRARIES for found in glob(name))]
    paths = [Path(place) for place in places if not _through_a_link(place)] + list(_python())
    return [path for path in dict.fromkeys(paths) if path.exists()]


def hidden() -> list[Path]:
    """Return what must not be seen wherever it lies: the course's files, and other packages."""
    found = {package_root() / "course_lib", *_course_folders()}
    for folder in _package_folders():
        found |= {Path(path) for name in OWN for path in glob(str(folder / name))}
    standard = Path(sysconfig.get_path("stdlib"))
    others = {standard / name for name in PACKAGES}
    found |= {path for path in others if str(path) not in sys.path}
    return sorted(path for path in found if path.exists())


def package_root() -> Path:
    """Return the folder that holds the real ``course_lib``."""
    return Path(__file__).resolve().parents[3]


def without(paths: Iterable[Path], secrets: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return what may be read of ``paths`` without the secrets, and which folders are only listed.

    A folder that holds a secret gives way to its other members, down to the secret itself.

    >>> without([Path("/usr/bin")], [Path("/etc/passwd")])
    ([PosixPath('/usr/bin')], [])
    """
    readable: list[Path] = []
    listed: list[Path] = []
    secrets = list(secrets)
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if any(path.is_relative_to(secret) and not _needed_inside(path, secret)
               for secret in secrets):  # fmt: skip
            continue
        if any(secret.is_relative_to(path) for secret in secrets):
            listed.append(path)
            waiting += path.iterdir()
        else:
            readable.append(path)
    return sorted(readable), sorted(listed)


def _needed_inside(path: Path, secret: Path) -> bool:
    """Return whether a needed path lies in a secret folder: a clone's own virtual environment."""
    environment = Path(sys.prefix)
    return environment.is_relative_to(secret) and path.is_relative_to(environment)


def _python() -> Iterator[Path]:
    yield from _links(sys.executable)
    library = sysconfig.get_config_var("INSTSONAME")
    for folder in {sysconfig.get_config_var("LIBDIR"), f"{sys.base_prefix}/lib"}:
        if folder and library:
            yield Path(folder, library)
    yield Path(sysconfig.get_path("stdlib"))
    yield Path(sysconfig.get_path("include"))
    yield from (Path(sys.prefix, name) for name in ("pyvenv.cfg", "bin", "share/fonts"))
    yield from _package_folders()


def _links(program: str) -> Iterator[Path]:
    """Give each place outside the environment that a link leads to, the program itself last."""
    while os.path.islink(program):
        program = os.path.normpath(os.path.join(os.path.dirname(program), os.readlink(program)))
        if not Path(program).is_relative_to(sys.prefix):
            yield Path(program)


def _package_folders() -> list[Path]:
    """Return the folders of this environment in which packages lie."""
    on_path = [Path(place) for place in sys.path if place.endswith(PACKAGES)]
    own = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")]
    return list(dict.fromkeys(path for path in (*own, *on_path) if path.is_dir()))


def _course_folders() -> list[Path]:
    """Return the clone, and the course that is being graded from the working folder."""
    here = Path.cwd().resolve()
    candidates = (package_root(), here, *here.parents)
    return [folder for folder in candidates if (folder / "nbgrader_config.py").is_file()]


def _through_a_link(place: str) -> bool:
    """Return whether a place is reached by a link into ``/usr``, where it is listed already."""
    return os.path.islink("/" + place.split("/")[1])
