"""The commands of ``course``, gathered."""

from __future__ import annotations

import typer

from course_lib.cli import (
    bench,
    check,
    collect,
    data,
    demo,
    doctor,
    edit,
    grade,
    listing,
    regrade,
    release,
    report,
    train,
)

application = typer.Typer(
    help="Words & Pixels: a course from raw text and images to deployed models.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
application.command("doctor")(doctor.doctor)
application.command("data")(data.data)
application.command("list")(listing.list_exercises)
application.command("release")(release.release)
application.command("edit")(edit.edit)
application.command("check")(check.check)
application.command("collect")(collect.collect)
application.command("grade")(grade.grade)
application.command("regrade")(regrade.regrade)
application.command("report")(report.report)
application.command("demo")(demo.demo)
application.command("train")(train.train)
application.command("bench")(bench.bench)
