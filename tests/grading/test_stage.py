from pathlib import Path

from course_lib.grading.isolation import stage

CHAPTERS = stage.PACKAGE / "exercises"


def test_the_stage_lacks_the_withheld_modules_and_nothing_else(tmp_path):
    stage.fill(tmp_path, ["course_lib.exercises.comparison", "course_lib.gpu"])
    kept = {path.relative_to(tmp_path / "course_lib") for path in tmp_path.rglob("*.py")}
    assert Path("exercises/comparison.py") not in kept
    assert not any(path.parts[0] == "gpu" for path in kept)
    assert Path("exercises/values.py") in kept
    assert Path("grading/isolation/worker.py") in kept


def test_of_a_chapters_exercises_only_the_probes_are_there(tmp_path):
    stage.fill(tmp_path, [])
    for chapter in (tmp_path / "course_lib" / "exercises").glob("ch[0-9]*"):
        assert {path.name for path in chapter.iterdir()} <= {"__init__.py", "probes.py"}


def test_a_chapters_folder_may_hold_folders(tmp_path, monkeypatch):
    package = tmp_path / "real" / "course_lib"
    chapter = package / "exercises" / "ch01"
    (chapter / "texts").mkdir(parents=True)
    (chapter / "texts" / "answer.txt").write_text("secret")
    (chapter / "probes.py").write_text("")
    monkeypatch.setattr(stage, "PACKAGE", package)
    stage.fill(tmp_path / "stage", [])
    left = [path.name for path in (tmp_path / "stage").rglob("*") if path.is_file()]
    assert left == ["probes.py"]
