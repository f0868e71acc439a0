"""nbgrader's settings for this course: from solutions/, to notebooks/, grades by value."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821

# nbgrader starts alembic by its bare name, which lies beside this Python
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

c.CourseDirectory.course_id = "words_and_pixels"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
if os.environ.get("COURSE_GRADEBOOK"):  # a database in place of gradebook.db
    from course_lib.grading.classroom import database_url

    c.CourseDirectory.db_url = database_url(os.environ["COURSE_GRADEBOOK"])
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.py", ".*"]

c.Autograde.pre_convert_hook = "course_lib.grading.classroom.bridge.refuse_links"
c.Autograde.exporter_class = "course_lib.grading.classroom.bridge.SubmissionExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    "course_lib.grading.classroom.bridge.GradeByValue",
    "nbgrader.preprocessors.AssignLatePenalties",
]
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    "course_lib.grading.classroom.bridge.ReadableOnAPhone",
]
