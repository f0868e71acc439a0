"""A job: one notebook that was handed in, as data that any machine with the course can grade."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.grading.isolation import MEBIBYTE, Files, Limits
from course_lib.grading.judging import GradingTask

ALLOW = "COURSE_ALLOW_UNSANDBOXED"
REQUIRE = "COURSE_REQUIRE_SANDBOX"
BESIDE_BYTES = 64 * MEBIBYTE


@dataclass(frozen=True)
class Job:
    """One notebook to grade: what was handed in, where, its source and what lies beside that."""

    submission: Path
    source: Path
    seed: int = field(repr=False)
    beside: tuple[Path, ...] = ()

    def read(self) -> Reading:
        """Return all that the result depends on, as it lies on the disk now."""
        return Reading(
            handed_in(self.submission),
            self.source.read_bytes(),
            self.seed,
            allow_unsandboxed=bool(os.environ.get(ALLOW)),
            require_sandbox=bool(os.environ.get(REQUIRE)),
            files=contents(self.source.parent, self.beside),
        )


@dataclass(frozen=True)
class Reading(GradingTask):
    """A job's data: what is graded, shown and recorded is this, whatever the files become."""

    def mark(self) -> str:
        """Return a digest of all that the result depends on: same mark, same scores."""
        beside = (part for name, text in self.files for part in (name.encode(), text))
        settings = f"{self.seed} {Limits()} {self.allow_unsandboxed} {library_digest()}"
        known = sha256(settings.encode())
        for part in (self.submission, self.source, *beside):
            known.update(sha256(part).digest())
        return known.hexdigest()


@cache
def library_digest() -> str:
    """Return a digest of what decides scores in the course's code: exercises and all they use."""
    package = Path(__file__).resolve().parents[2]
    known = sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package)
        if name.parts[0] not in NO_PART_IN_SCORES:
            known.update(sha256(str(name).encode() + path.read_bytes()).digest())
    return known.hexdigest()


NO_PART_IN_SCORES = frozenset({"cli", "collecting", "plotting", "release", "reporting"})


def handed_in(path: Path) -> bytes:
    """Return what a learner handed in; what is no plain file counts as an empty one.

    A link may lead anywhere, and a pipe would keep its reader waiting for ever.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return b""
    with os.fdopen(descriptor, "rb") as file:
        return file.read(Limits().submission_bytes + 1)


def contents(folder: Path, paths: tuple[Path, ...]) -> Files:
    """Return files as data, named from ``folder``; raises ``CourseError`` where they are large."""
    sizes = sum(path.stat().st_size for path in paths)
    if sizes > BESIDE_BYTES:
        raise CourseError(
            f"the files beside the notebooks in {folder}", expected=f"≤ {BESIDE_BYTES >> 20} MiB",
            got=f"{sizes >> 20} MiB", remedy="let the notebook read them from the course's data",
        )  # fmt: skip
    return tuple((str(path.relative_to(folder)), path.read_bytes()) for path in paths)
