"""``course collect``: from a folder or a platform's download to ``submitted/NAME/CHAPTER``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from course_lib.cli.printing import Json, print_json, print_table


def collect(
    source: Annotated[Path, typer.Argument(help="A folder, a zip, or a notebook.", exists=True)],
    chapter: Annotated[str | None, typer.Option(help="Which chapter it is, if unclear.")] = None,
    pattern: Annotated[
        str | None, typer.Option(help="How loose files are named: '{student}_{notebook}'.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Replace what is there and differs.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Collect what a class handed in: nbgrader's folders, or a zip from Moodle or Canvas."""
    from course_lib.collecting import collect as collected
    from course_lib.grading.classroom import course_root, source_chapters, source_paths

    root = course_root()
    chapters = [chapter] if chapter else source_chapters(root)
    notebooks = {name: [path.stem for path in source_paths(root, name)] for name in chapters}
    found = collected(source, root, notebooks, pattern, force, dry_run)
    if as_json:
        print_json({
            "written": [str(path) for path in found.written],
            "unchanged": [str(path) for path in found.unchanged],
            "refused": [{"name": one.name, "reason": one.reason} for one in found.refused],
        })  # fmt: skip
    else:
        if found.refused:
            rows = [(repr(one.name)[1:-1], one.reason) for one in found.refused]
            print_table("Refused", ("file", "why"), rows)
        verb = "would be written" if dry_run else "written"
        print(f"{len(found.written)} notebooks {verb}, {len(found.unchanged)} were there already, "
              f"{len(found.refused)} files refused; {len(found.students)} learners")  # fmt: skip
    if not found.written and not found.unchanged:
        raise typer.Exit(1)
