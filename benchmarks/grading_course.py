"""A course of one notebook with four exercises on tensors, and a class: for the grader's benchmark.

It has a library of its own beside it, so that what is measured is a whole course and not this one's
chapters, which change.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close

REPOSITORY = Path(__file__).resolve().parents[1]
CHAPTER, NOTEBOOK = "ch97_measured", "tensors"
STOCK = """
c = get_config()
c.CourseDirectory.course_id = "measured"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
"""


def softmax(scores):
    """Return the softmax along the last axis."""
    weights = np.exp(np.asarray(scores) - np.max(scores, -1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def normalise(x):
    """Return each row with mean 0 and variance 1."""
    x = np.asarray(x)
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


def attend(q, k, v):
    """Return the attention of each query over all keys."""
    return softmax(np.asarray(q) @ np.asarray(k).T / np.sqrt(q.shape[-1])) @ np.asarray(v)


def surprise(scores, targets):
    """Return the mean cross-entropy in nats."""
    rows = np.arange(len(targets))
    return float(-np.log(softmax(scores)[rows, np.asarray(targets)]).mean())


def matrices(*shapes):
    """Return cases with random matrices of these shapes."""

    def cases(rng):
        yield Case("small", *(rng.normal(size=shape).astype("float32") for shape in shapes))
        larger = (tuple(8 * size for size in shape) for shape in shapes)
        yield Case("larger", *(rng.normal(size=shape).astype("float32") for shape in larger))

    return cases


def labelled(rng):
    """Give cases of scores and targets."""
    for aspect, rows in (("small", 2), ("larger", 64)):
        yield Case(aspect, rng.normal(size=(rows, 5)).astype("float32"), rng.integers(0, 5, rows))


def exercise(name, cases, wrong):
    """Return an exercise of two points with one known mistake."""
    return Exercise(
        name=name, points=2, reference=f"course_lib.text.measured_{name}:{name}", cases=cases,
        mistakes=(Mistake("slip", wrong, "One step is missing."),), hints=("a", "b", "c"),
        difficulty=2, minutes=5, compare=close(relative=1e-3),
    )  # fmt: skip


EXERCISES = {
    "bench_softmax": exercise("bench_softmax", matrices((2, 3)), lambda x: np.exp(x)),
    "bench_normalise": exercise(
        "bench_normalise", matrices((2, 4)), lambda x: x - x.mean(-1, keepdims=True)
    ),
    "bench_attend": exercise(
        "bench_attend", matrices((2, 4), (3, 4), (3, 2)), lambda q, k, v: q @ k.T @ v
    ),
    "bench_surprise": exercise("bench_surprise", labelled, lambda scores, targets: 0.0),
}
ANSWERS = {
    "bench_softmax": (
        "def bench_softmax(scores):\n    return torch.softmax(torch.as_tensor(scores), -1)"
    ),
    "bench_normalise": (
        "def bench_normalise(x):\n    x = torch.as_tensor(x)\n"
        "    return torch.nn.functional.layer_norm(x, x.shape[-1:])"
    ),
    "bench_attend": (
        "def bench_attend(q, k, v):\n    q, k, v = map(torch.as_tensor, (q, k, v))\n"
        "    return torch.softmax(q @ k.T / q.shape[-1] ** 0.5, -1) @ v"
    ),
    "bench_surprise": (
        "def bench_surprise(scores, targets):\n    logits = torch.as_tensor(scores)\n"
        "    targets = torch.as_tensor(targets)\n"
        "    return torch.nn.functional.cross_entropy(logits, targets).item()"
    ),
}
STUB = "def {}(*arguments):\n    raise NotImplementedError"


def make_course(root: Path, learners: int, stock: bool) -> None:
    """Lay out the course and a class below ``root``; ``stock``: with nbgrader's own settings."""
    library = root / "course_lib"
    shutil.copytree(
        REPOSITORY / "course_lib", library, ignore=shutil.ignore_patterns("__pycache__")
    )
    chapter = library / "exercises" / CHAPTER
    chapter.mkdir()
    (chapter / "__init__.py").write_text(f"EXERCISES = {tuple(EXERCISES)!r}\n")
    shutil.copy(__file__, chapter / "measured.py")
    measured = f"from course_lib.exercises.{CHAPTER}.measured import"
    for name in EXERCISES:
        found = f"{measured} EXERCISES\nEXERCISE = EXERCISES[{name!r}]\n"
        (chapter / f"{name}.py").write_text(found)
        reference = f"{measured} {name.removeprefix('bench_')} as {name}\n"
        (library / "text" / f"measured_{name}.py").write_text(reference)
    settings = STOCK if stock else (REPOSITORY / "nbgrader_config.py").read_text("utf-8")
    (root / "nbgrader_config.py").write_text(settings)
    _write(root / "solutions" / CHAPTER / f"{NOTEBOOK}.ipynb", notebook(solved=True))
    for number in range(learners):
        place = root / "submitted" / f"learner{number:03}" / CHAPTER / f"{NOTEBOOK}.ipynb"
        _write(place, notebook(unwritten=number % 5))
    (root / "course.py").write_text(
        "from course_lib.cli import main\nif __name__ == '__main__':\n    main()\n"
    )


def expected(number: int) -> float:
    """Return the points of a learner: two for each exercise that they wrote."""
    return 2.0 * (len(EXERCISES) - (number % 5 > 0))


def notebook(solved: bool = False, unwritten: int = 0) -> dict[str, Any]:
    """Return the source, or a submission that lacks the exercise of the number ``unwritten``."""
    setup = (
        f'import torch\nfrom course_lib.notebook import start\n\nsession = start("{CHAPTER[:4]}")'
    )
    cells = [_cell("# Tensors", "title", kind="markdown"), _cell(setup, "set-up")]
    for place, (name, answer) in enumerate(ANSWERS.items(), 1):
        text = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION" if solved else answer
        text = STUB.format(name) if place == unwritten else text
        cells += [
            _cell(text, f"answer-{name}", _marks(name, solution=True)),
            _cell(f'session.check("{name}", {name})', f"check-{name}",
                  _marks(f"check_{name}", points=2) | {"tags": ["raises-exception"]}),
        ]  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def _marks(grade_id: str, solution: bool = False, points: int | None = None) -> dict[str, Any]:
    marks = {
        "grade": points is not None, "grade_id": grade_id, "locked": not solution,
        "schema_version": 3, "solution": solution, "task": False,
    }  # fmt: skip
    return {"nbgrader": marks | ({} if points is None else {"points": points})}


def _cell(
    source: str, identity: str, metadata: dict[str, Any] | None = None, kind: str = "code"
) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": identity, "metadata": metadata or {}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), "utf-8")
