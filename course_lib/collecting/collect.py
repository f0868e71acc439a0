"""Collecting a class's work: plan what goes where, refuse with a reason, then write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from course_lib.collecting.archive import Bounds, Found, Refused, read
from course_lib.collecting.naming import Named, recognise
from course_lib.errors import InputError
from course_lib.whole_file import write_whole

SUBMITTED = "submitted"
TIMESTAMP = "timestamp.txt"
Place = tuple[str, str, str]
"""A learner, a chapter and a notebook."""


@dataclass
class Collected:
    """What became of every file: written to its place, there already, or refused with a reason."""

    written: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def students(self) -> list[str]:
        """The learners whose work is here."""
        paths = (*self.written, *self.unchanged)
        return sorted({path.parent.parent.name for path in paths})


@dataclass(frozen=True)
class _Taken:
    file: Found
    named: Named
    chapter: str

    @property
    def place(self) -> Place:
        return self.named.student, self.chapter, self.named.notebook

    @property
    def age(self) -> tuple[int, float]:
        return self.named.attempt, self.file.changed or 0.0


def collect(
    source: Path,
    root: Path,
    notebooks: dict[str, list[str]],
    pattern: str | None = None,
    force: bool = False,
    only_plan: bool = False,
    bounds: Bounds | None = None,
) -> Collected:
    """Bring what a class handed in below ``root``, as nbgrader looks for it.

    ``notebooks`` are the names of each chapter's notebooks. Of several attempts the newest is
    taken. A file that is there already, and differs, is replaced only with ``force``. Raises
    ``InputError`` for a source that can't be read, and where no notebook is asked for.
    """
    if not any(notebooks.values()):
        raise InputError("the chapters", expected="source notebooks to look for", got="none")
    collected, taken = Collected(), list[_Taken]()
    for file in read(source, bounds):
        if isinstance(file, Refused):
            collected.refused.append(file)
            continue
        told = _told(file, notebooks, pattern)
        if isinstance(told, Refused):
            collected.refused.append(told)
        elif told:
            taken.append(told)
    for one in _newest_of_each(_of_one_person_each(taken, collected.refused), collected.refused):
        try:
            _put(root, one, force, only_plan, collected)
        except (
            OSError,
            ValueError,
            OverflowError,
        ) as error:  # a name that is too long, a full disk: one learner's, not all
            words = f"it cannot be written: {getattr(error, 'strerror', error)}"
            collected.refused.append(Refused(one.file.name, words))
    return collected


def _told(
    file: Found, notebooks: dict[str, list[str]], pattern: str | None
) -> _Taken | Refused | None:
    """Return whose a file is and of which chapter; nothing for what a platform adds by itself."""
    if PurePosixPath(file.name).suffix != ".ipynb":
        words = "it is no notebook"
        return None if file.name.endswith(("timestamp.txt", ".html")) else Refused(file.name, words)
    if not _is_utf8(file.name):
        return Refused(file.name, "its name is not UTF-8: rename it, or its folder")
    asked = list(dict.fromkeys(name for names in notebooks.values() for name in names))
    named = recognise(file.name, asked, pattern)
    if named is None:
        return Refused(file.name, "its name does not say whose it is, or which notebook")
    chapters = [chapter for chapter, names in notebooks.items() if named.notebook in names]
    said = [chapter for chapter in chapters if chapter in PurePosixPath(file.name).parts]
    if len(chapters) > 1 and len(said) != 1:
        return Refused(file.name, f"{' and '.join(chapters)} have such a notebook: say --chapter")
    return _Taken(file, named, (said or chapters)[0])


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _of_one_person_each(taken: list[_Taken], refused: list[Refused]) -> Iterator[_Taken]:
    """Pass over whoever shares a name with another: their work must not be mixed."""
    numbers: dict[tuple[str, str], set[str]] = {}
    for one in taken:
        numbers.setdefault((one.named.student, one.chapter), set()).add(one.named.number)
    for one in taken:
        if len(numbers[one.named.student, one.chapter]) == 1:
            yield one
        else:
            words = f"several learners are called {one.named.student}: put each into a folder"
            refused.append(Refused(one.file.name, words))


def _newest_of_each(taken: Iterable[_Taken], refused: list[Refused]) -> list[_Taken]:
    newest: dict[Place, _Taken] = {}
    for one in taken:
        other = newest.get(one.place)
        if other is None:
            newest[one.place] = one
            continue
        older, newer = sorted((other, one), key=lambda each: each.age)
        newest[one.place] = newer
        refused.append(Refused(older.file.name, f"handed in again as {newer.file.name}"))
    return list(newest.values())


def _put(root: Path, one: _Taken, force: bool, only_plan: bool, collected: Collected) -> None:
    student, chapter, notebook = one.place
    path = root / SUBMITTED / student / chapter / f"{notebook}.ipynb"
    if path.is_symlink() or not path.resolve().is_relative_to((root / SUBMITTED).resolve()):
        collected.refused.append(Refused(one.file.name, f"{path} is a link"))
    elif path.exists() and path.read_bytes() == one.file.content:
        collected.unchanged.append(path)
    elif path.exists() and not force:
        words = f"another file is in {path.relative_to(root)}: --force replaces it"
        collected.refused.append(Refused(one.file.name, words))
    else:
        if not only_plan:
            write_whole(path, one.file.content)
            if one.file.changed is not None:
                moment = datetime.fromtimestamp(one.file.changed, UTC)
                text = moment.isoformat(sep=" ", timespec="seconds").replace("+00:00", " UTC")
                write_whole(path.with_name(TIMESTAMP), f"{text}\n")
        collected.written.append(path)
