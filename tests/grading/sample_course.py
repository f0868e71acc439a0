"""A course of one notebook and three exercises, for the tests of the grader."""

import json
from collections import Counter

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close, exactly


def double(numbers):
    return [2 * number for number in numbers]


def count_words(text):
    return dict(Counter(text.split()))


def row_sums(matrix):
    return np.asarray(matrix).sum(axis=1)


def double_cases(rng):
    yield Case("nothing", [])
    yield Case("by hand", [1, 2])
    yield Case("negative", [-int(number) for number in rng.integers(1, 9, size=3)])
    yield Case("many", rng.integers(-1000, 1000, size=6).tolist())


def count_cases(rng):
    yield Case("empty text", "")
    yield Case("repeats", "a b a")
    yield Case("many words", " ".join(rng.choice(["red", "green", "blue"], size=8)))


def row_cases(rng):
    yield Case("by hand", np.array([[1.0, 2.0], [3.0, 4.0]]))
    yield Case("not square", rng.normal(size=(2, 5)))


def _exercise(name, points, cases, compare, *mistakes):
    return Exercise(
        name=name, points=points, difficulty=1, minutes=2,
        reference=f"course_lib.text.sample_{name}:{name}",
        cases=cases, compare=compare, mistakes=mistakes, hints=("Look.", "Again.", "Here."),
    )  # fmt: skip


EXERCISES = {
    "double": _exercise(
        "double", 2, double_cases, exactly,
        Mistake("square", lambda numbers: [n * n for n in numbers], "2² is 4, but 3² is not 6."),
        Mistake("unchanged", lambda numbers: numbers, "The numbers come back as they are."),
    ),
    "count_words": _exercise("count_words", 3, count_cases, exactly),
    "row_sums": _exercise("row_sums", 2, row_cases, close()),
}  # fmt: skip

REFERENCES = {"double": double, "count_words": count_words, "row_sums": row_sums}

ANSWERS = {
    "double": "def double(numbers):\n    return [2 * number for number in numbers]",
    "count_words": (
        "def count_words(text):\n    counts = {}\n    for word in text.split():\n"
        "        counts[word] = counts.get(word, 0) + 1\n    return counts"
    ),
    "row_sums": "def row_sums(matrix):\n    return torch.as_tensor(matrix).sum(1)",
}

ASSERTION = "assert double([1]) == [2]\nassert len(double([1, 2])) == 2"


def nbgrader_marks(grade_id, *, grade=False, solution=False, locked=False, points=None):
    marks = {
        "grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3,
        "solution": solution, "task": False,
    }  # fmt: skip
    return {"nbgrader": marks | ({"points": points} if points is not None else {})}


def code(source, identity, **metadata):
    return {
        "cell_type": "code", "id": identity, "metadata": metadata, "source": source,
        "outputs": [], "execution_count": None,
    }  # fmt: skip


def text(source, identity, **metadata):
    return {"cell_type": "markdown", "id": identity, "metadata": metadata, "source": source}


def notebook(answers=ANSWERS, essay="Because.", marked=True):
    """Return the notebook with these answers: the source, or what an honest learner hands in."""
    setup = (
        'import torch\nfrom course_lib.notebook import start\n\nsession = start("ch01")\nsecond = 2'
    )
    cells = [text("# A course", "title"), code(setup, "set-up")]
    for name, answer in answers.items():
        if marked:
            answer = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
        points = EXERCISES[name].points
        check = f'session.check("{name}", {name})'
        locked = nbgrader_marks(f"check_{name}", grade=True, locked=True, points=points)
        cells += [
            text(f"★☆☆☆☆ · 2 minutes\n\nWrite `{name}`.", f"text-{name}"),
            code(answer, f"answer-{name}", **nbgrader_marks(name, solution=True)),
            code(check, f"check-{name}", tags=["raises-exception"], **locked),
        ]
    own = nbgrader_marks("own_test", grade=True, locked=True, points=1)
    words = nbgrader_marks("essay", grade=True, solution=True, points=2)
    cells += [
        code("raise RuntimeError('pictures are not drawn under grading')", "look", tags=["look"]),
        code(ASSERTION, "own-test", **own),
        text(essay, "essay", **words),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def submission(*, before="", after="", essay="Because.", **answers):
    """Return an honest submission with some answers replaced and cells put in around them."""
    document = notebook({**ANSWERS, **answers}, essay, marked=False)
    if before:
        document["cells"].insert(2, code(before, "before"))
    if after:
        document["cells"].append(code(after, "after"))
    return document


def as_bytes(document):
    return document if isinstance(document, bytes) else json.dumps(document).encode()
