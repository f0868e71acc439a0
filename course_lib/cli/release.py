"""``course release``: from ``solutions/`` to ``notebooks/``, and only when all is in order."""

from __future__ import annotations

from typing import Annotated

import typer


def release(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters; all if none.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if stale.")] = False,
    trial: Annotated[bool, typer.Option(help="Grade the solved and the blank notebook.")] = True,
) -> None:
    """Make the learners' notebooks; refuse when a source or its trial is not in order."""
    from course_lib.exercises import chapters as all_chapters
    from course_lib.grading.classroom import course_root, source_paths
    from course_lib.release import faults, write_release
    from course_lib.release import trial as tried

    root = course_root()
    for chapter in chapters or all_chapters():
        found, paths = faults(chapter, root), source_paths(root, chapter)
        for path in paths if trial and not found else ():
            print(f"{chapter}: trying {path.name}, solved and blank …", flush=True)
            found += tried(path, root)
        for fault in found:
            print(f"  {fault}")
        if found:
            print(f"{chapter}: not released, {len(found)} faults")
            raise typer.Exit(1)
        stale = write_release(chapter, root, check_only=check)
        for path in stale:
            print(f"  {'stale' if check else 'wrote'} {path.relative_to(root)}")
        if check and stale:
            print(f"{chapter}: run course release {chapter}; a release is never edited by hand")
            raise typer.Exit(1)
        print(f"{chapter}: in order, {len(paths)} notebooks")
