"""Scores into nbgrader's gradebook, from the trusted process; a person's own are never touched."""

from __future__ import annotations

from typing import Any

from course_lib.grading.judging import NotebookResult

NO_RESPONSE = "No response."
Key = tuple[str, str, str]
"""A learner, a chapter and a notebook."""


def save_scores(gradebook: Any, key: Key, result: NotebookResult, answers: dict[str, str]) -> None:
    """Write each automatic score; ``answers`` holds the text of each solution cell by grade_id.

    An answer in words that was left as it was handed out gets 0, as nbgrader itself does, unless
    the learner wrote texts of their own elsewhere: then a person looks for the answer there.
    """
    student, chapter, notebook = key
    submitted = gradebook.find_submission_notebook(notebook, chapter, student)
    stubs = {cell.name: cell.source for cell in submitted.notebook.source_cells}
    silent = {name for name, text in answers.items() if stubs.get(name) == text}
    for grade in submitted.grades:
        score = result.scores[grade.name]
        nothing = grade.name in silent and not result.has_own_texts
        points = 0.0 if score.points is None and nothing else score.points
        grade.auto_score = points
        doubtful = points is None or grade.manual_score is not None
        grade.needs_manual_grade = doubtful or result.level.startswith("weak")
    for comment in submitted.comments:
        is_silent = comment.name in silent and not result.has_own_texts
        comment.auto_comment = NO_RESPONSE if is_silent else None
    gradebook.db.commit()


def mark_ungraded(gradebook: Any, key: Key) -> None:
    """Leave every score of a notebook to a person: it was our own machinery that failed."""
    student, chapter, notebook = key
    for grade in gradebook.find_submission_notebook(notebook, chapter, student).grades:
        grade.auto_score = None
        grade.needs_manual_grade = True
    gradebook.db.commit()
