"""``course regrade``: grade a mended exercise again for everybody, and say what changed."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from course_lib.cli.grade import (
    Allow,
    Certificates,
    GradebookUrl,
    Insecure,
    Require,
    Scheduler,
    Workers,
    chosen,
    graders,
    progress_bar,
)
from course_lib.cli.printing import Json, print_json, print_table


def regrade(
    exercise: Annotated[str, typer.Option(help="The exercise, or a test cell's grade_id.")],
    workers: Workers = 2,
    scheduler: Scheduler = None,
    certificates: Certificates = None,
    insecure_cluster: Insecure = False,
    gradebook: GradebookUrl = None,
    require_sandbox: Require = False,
    allow_unsandboxed: Allow = False,
    as_json: Json = False,
) -> None:
    """Grade everybody's notebook with this exercise again; scores given by a person stay."""
    from course_lib.grading.classroom import GRADEBOOK, course_root
    from course_lib.grading.classroom import regrade as graded_again

    chosen(require_sandbox, allow_unsandboxed)
    if gradebook:
        os.environ[GRADEBOOK] = gradebook
    with (
        graders(workers, scheduler, certificates, insecure_cluster),
        progress_bar(quiet=as_json) as shown,
    ):
        changes = graded_again(course_root(), exercise, shown(exercise))
    changed = [change for change in changes if change.before != change.after]
    if as_json:
        print_json([vars(change) for change in changes])
    else:
        rows = [(one.student, one.before, one.after, one.error or "") for one in changed]
        print_table(f"{exercise}: what changed", ("learner", "before", "after", ""), rows)
        print(f"{len(changes)} learners graded again, {len(changed)} scores changed")
    if any(change.error for change in changes):
        raise typer.Exit(1)
