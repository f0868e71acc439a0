"""What a stranger's process may see is a list, and the course's own files are never on it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_lib.grading.isolation import visible
from course_lib.grading.isolation.visible import hidden, needed, package_root, without

ASK = (
    "from course_lib.grading.isolation.sandbox import why_not_medium, why_not_strong; "
    "print([why_not_strong(), why_not_medium()])"
)


def asked(python, library, folder):
    """Return what keeps a course in that place from being graded, asked in its own process."""
    variables = {**os.environ, "PYTHONPATH": str(library)}
    run = subprocess.run(
        [str(python), "-c", ASK], capture_output=True, text=True, env=variables, cwd=folder
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def clone_in(folder):
    shutil.copytree(package_root() / "course_lib", folder / "course_lib",
                    ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    (folder / ".course").mkdir()
    (folder / ".course" / "seed").write_text("4711")
    return folder


def test_the_list_holds_no_folder_that_holds_everything():
    listed = set(map(str, needed()))
    assert not listed & {"/", "/usr", "/usr/lib", "/usr/local", "/home", "/etc", "/root", "/tmp"}
    assert os.path.realpath(sys.executable) in {os.path.realpath(path) for path in listed}


def test_the_courses_own_files_are_hidden():
    assert package_root() / "course_lib" in hidden()
    assert package_root() in hidden()


def test_a_folder_that_holds_a_secret_gives_way_to_its_other_members(tmp_path):
    for name in ("open/a", "open/deep/b", "open/deep/secret/c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    readable, listed = without([tmp_path / "open"], [tmp_path / "open/deep/secret"])
    assert readable == [tmp_path / "open/a", tmp_path / "open/deep/b"]
    assert listed == [tmp_path / "open", tmp_path / "open/deep"]


def test_of_a_hidden_clone_only_its_virtual_environment_is_seen(tmp_path, monkeypatch):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    monkeypatch.setattr(visible.sys, "prefix", str(tmp_path / ".venv"))
    paths = [tmp_path / ".venv" / "bin", tmp_path / "course_lib"]
    assert without(paths, [tmp_path]) == ([tmp_path / ".venv" / "bin"], [])


@pytest.mark.sandbox
def test_a_clone_below_the_temporary_folder_can_be_graded(tmp_path):
    clone = clone_in(tmp_path / "clone")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", clone / ".venv"], check=True)
    packages = next((clone / ".venv" / "lib").glob("python*/site-packages"))
    others = [place for place in sys.path if place.endswith("site-packages")]
    (packages / "others.pth").write_text("\n".join(others))
    assert str(tmp_path).startswith("/tmp")
    assert asked(clone / ".venv/bin/python", clone, clone) == "['', '']"


@pytest.mark.sandbox
def test_a_copy_among_the_packages_cannot_be_read(tmp_path):
    packages = tmp_path / "site-packages"
    packages.mkdir()
    clone_in(packages)
    assert asked(sys.executable, packages, tmp_path) == "['', '']"


@pytest.mark.sandbox
@pytest.mark.skipif(not os.access("/usr/share/fonts", os.W_OK), reason="only root may write there")
def test_a_course_inside_a_listed_folder_cannot_be_read():
    place = Path("/usr/share/fonts/a-course-of-the-tests")
    place.mkdir()
    try:
        clone_in(place)
        assert asked(sys.executable, place, place) == "['', '']"
    finally:
        shutil.rmtree(place)


@pytest.mark.sandbox
def test_a_list_that_shows_the_course_is_found_out(tmp_path):
    clone = clone_in(tmp_path / "clone")
    blind = clone / "course_lib/grading/isolation/visible.py"
    text = blind.read_text().replace("[*PROGRAMS,", "[str(package_root()), *PROGRAMS,")
    nothing = "def hidden() -> list[Path]:\n    return []\n\n\ndef _():"
    blind.write_text(text.replace("def hidden() -> list[Path]:", nothing))
    assert asked(sys.executable, clone, tmp_path).count("can be read inside") == 2
