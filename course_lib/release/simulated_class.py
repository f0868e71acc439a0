"""A simulated class: twelve learners, made from the solutions, the stubs and the known mistakes.

Each knows the score that it must get, so that a grader which is fooled, or unfair, is found out.
"""

from __future__ import annotations

import copy
import inspect
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.exercise import Exercise, Mistake
from course_lib.grading.judging import SourceNotebook, joined, read_source
from course_lib.release.generate import released

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Learner:
    """One simulated learner: a name, what they do, and how it changes a solved notebook.

    ``change`` gets the solved notebook and the names of its exercises, and returns the bytes to
    hand in and the share of each exercise's points that this must earn.
    """

    name: str
    story: str
    change: Callable[[Material], tuple[bytes, dict[str, float]]]


@dataclass(frozen=True)
class Material:
    """One source notebook, solved and blank, as a learner could hand it in."""

    source: SourceNotebook
    solved: Notebook
    blank: Notebook
    seed: int

    @property
    def names(self) -> list[str]:
        """The notebook's exercises."""
        return [exercise.name for exercise in self.source.exercises]

    def full(self) -> dict[str, float]:
        """The shares of somebody who gets everything right."""
        return dict.fromkeys(self.names, 1.0)


def material(path: Path, seed: int) -> Material:
    """Return what the simulated learners of one source notebook work with."""
    source, blank = read_source(path), json.loads(released(path))
    solved = copy.deepcopy(blank)
    answers = {cell.grade_id: cell.source for cell in source.cells if cell.role == "solution"}
    for cell in solved["cells"]:
        grade_id = _grade_id(cell)
        if grade_id in answers:
            cell["source"] = answers[grade_id]
    return Material(source, solved, blank, seed)


def hand_in(root: Path, chapter: str, paths: list[Path]) -> dict[str, float]:
    """Write every learner's submission below ``root`` and return the score that each must get.

    All hand in the first notebook, and a few the others: one notebook shows what a learner does.
    """
    from course_lib.grading.classroom import secret_seed

    expected = dict.fromkeys((learner.name for learner in CLASS), 0.0)
    for path in paths:
        made = material(path, secret_seed(root))
        points = {exercise.name: exercise.points for exercise in made.source.exercises}
        for learner in CLASS:
            if path != paths[0] and learner.name not in IN_EVERY_NOTEBOOK:
                continue
            content, shares = learner.change(made)
            target = root / "submitted" / learner.name / chapter / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            expected[learner.name] += sum(points[name] * share for name, share in shares.items())
    return expected


def _solved(made: Material) -> tuple[bytes, dict[str, float]]:
    return _bytes(made.solved), made.full()


def _blank(made: Material) -> tuple[bytes, dict[str, float]]:
    return _bytes(made.blank), {}


def _half(made: Material) -> tuple[bytes, dict[str, float]]:
    kept = made.names[: len(made.names) // 2]
    document = copy.deepcopy(made.blank)
    for cell, answer in zip(document["cells"], made.solved["cells"], strict=True):
        if _grade_id(cell) in kept:
            cell["source"] = answer["source"]
    return _bytes(document), dict.fromkeys(kept, 1.0)


def _mistaken(made: Material) -> tuple[bytes, dict[str, float]]:
    """Answer with a known mistake wherever one can be written down by itself."""
    document, shares = copy.deepcopy(made.solved), made.full()
    for exercise in made.source.exercises:
        for mistake in exercise.mistakes:
            text = standalone(exercise, mistake)
            if text is not None:
                _answer(document, exercise.name)["source"] = text
                shares[exercise.name] = _share(exercise, mistake.implementation, made.seed)
                break
    return _bytes(document), shares


def _with_answer(text: str) -> Callable[[Material], tuple[bytes, dict[str, float]]]:
    """Replace the first function that is asked for by one of the same name, made from ``text``."""

    def change(made: Material) -> tuple[bytes, dict[str, float]]:
        document, shares = copy.deepcopy(made.solved), made.full()
        name, variable = _first_function(made)
        _answer(document, name)["source"] = text.format(name=variable)
        return _bytes(document), {**shares, name: 0.0}

    return change


def _without_checks(made: Material) -> tuple[bytes, dict[str, float]]:
    document = copy.deepcopy(made.solved)
    document["cells"] = [cell for cell in document["cells"] if "session.check" not in _text(cell)]
    return _bytes(document), made.full()


def _forged(made: Material) -> tuple[bytes, dict[str, float]]:
    document = copy.deepcopy(made.blank)
    for cell in document["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if "points" in marks:
            marks["points"] = 1000
            number = {"data": {"text/plain": "1000"}, "metadata": {}, "execution_count": 1}
            cell["outputs"] = [{"output_type": "execute_result", **number}]
            cell["metadata"]["tags"] = ["skip-execution"]
    return _bytes(document), {}


def _stripped(made: Material) -> tuple[bytes, dict[str, float]]:
    document = copy.deepcopy(made.solved)
    for cell in document["cells"]:
        cell["metadata"] = {"id": "colab"}
        cell.pop("id", None)
    return _bytes(document), made.full()


def _truncated(made: Material) -> tuple[bytes, dict[str, float]]:
    content = _bytes(made.solved)
    return content[: len(content) * 2 // 3], {}


def _doubled(made: Material) -> tuple[bytes, dict[str, float]]:
    """Keep the first try of every exercise above the right one, as many do."""
    document, cells = copy.deepcopy(made.solved), []
    for cell, stub in zip(document["cells"], made.blank["cells"], strict=True):
        if _grade_id(cell) in made.names:
            cells.append(stub)
        cells.append(cell)
    document["cells"] = cells
    return _bytes(document), made.full()


def _spying(made: Material) -> tuple[bytes, dict[str, float]]:
    """Open the very file that holds the answers, where it lies on this machine."""
    text = f"import json\n\n{{name}} = json.load(open({str(made.source.path)!r}))\n"
    return _with_answer(text)(made)


LOOP = "def {name}(*arguments, **options):\n    while True:\n        pass\n"
EXIT = "import os\n\ndef {name}(*arguments, **options):\n    os._exit(0)\n"

CLASS = (
    Learner("ada", "everything right", _solved),
    Learner("ben", "nothing written", _blank),
    Learner("chen", "the first half", _half),
    Learner("dora", "the mistakes that people make", _mistaken),
    Learner("emil", "an endless loop", _with_answer(LOOP)),
    Learner("fatima", "os._exit in a function", _with_answer(EXIT)),
    Learner("goran", "check cells deleted", _without_checks),
    Learner("hana", "forged points and outputs", _forged),
    Learner("igor", "metadata stripped, as Colab does", _stripped),
    Learner("jun", "a truncated file", _truncated),
    Learner("kofi", "first tries left above the answers", _doubled),
    Learner("lena", "reads the solutions by path", _spying),
)

IN_EVERY_NOTEBOOK = ("ada", "ben", "dora", "igor")
"""Those who hand in every notebook: right, blank, mistaken, and stripped of its metadata."""


def standalone(exercise: Exercise, mistake: Mistake) -> str | None:
    """Return a mistake as a cell of its own, or ``None`` where it leans on the course."""
    thing = mistake.implementation
    thing = inspect.unwrap(thing) if callable(thing) else thing
    if not inspect.isfunction(thing) or thing.__name__ == "<lambda>" or thing.__closure__:
        return None
    text = "from __future__ import annotations\n\n"  # names in annotations may be the course's
    text += textwrap.dedent(inspect.getsource(thing))
    text += f"\n{exercise.name} = {thing.__name__}\n"
    namespace: dict[str, Any] = {}
    try:
        code = compile(text, "<mistake>", "exec", dont_inherit=True)
        exec(code, namespace)  # our own mistake, to see that it stands by itself
        answer = namespace[exercise.name]
        verdict = judge(exercise, lambda case: outcome(answer, exercise, case))
    except Exception:
        return None
    return text if verdict.mistake is mistake else None


def _share(exercise: Exercise, thing: Any, seed: int) -> float:
    from course_lib.exercises.asking import GRADED_ROUNDS

    verdict = judge(exercise, lambda case: outcome(thing, exercise, case), seed, GRADED_ROUNDS)
    return verdict.points / exercise.points


def _first_function(made: Material) -> tuple[str, str]:
    for cell in made.source.cells:
        if cell.role == "check" and find(cell.exercise or "").kind == "write":
            return cell.exercise or "", cell.expression or ""
    raise LookupError("no exercise asks for a function")


def _answer(document: Notebook, name: str) -> Notebook:
    cell: Notebook = next(cell for cell in document["cells"] if _grade_id(cell) == name)
    return cell


def _grade_id(cell: Notebook) -> str | None:
    grade_id: str | None = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return grade_id


def _text(cell: Notebook) -> str:
    return joined(cell["source"])


def _bytes(document: Notebook) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
