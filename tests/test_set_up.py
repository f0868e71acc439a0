import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """``set_up.py`` of a clone in a folder of its own, with every command noted instead of run."""
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "set_up.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text((ROOT / name).read_text("utf-8"), "utf-8")
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path, "VENV": venv, "STAMP": venv / "installed.json",
        "PYTHON": venv / "bin" / "python", "commands": [],
    }.items():  # fmt: skip
        monkeypatch.setattr(module, name, value, raising=False)
    monkeypatch.setattr(module, "run", lambda *command: module.commands.append(command))
    monkeypatch.setattr(module, "make_environment", venv.mkdir)
    return module


def test_a_bare_clone_gets_an_environment_with_the_wanted_extras(set_up):
    set_up.main(["lab", "grading"])
    assert set_up.commands[-1][-1] == f"{set_up.ROOT}[grading,lab]"
    assert json.loads(set_up.STAMP.read_text())["extras"] == ["grading", "lab"]


def test_nothing_is_installed_twice(set_up):
    set_up.main(["lab", "grading"])
    before = len(set_up.commands)
    set_up.main(["lab"])
    assert len(set_up.commands) == before


def test_a_new_extra_is_added_to_those_that_are_there(set_up):
    set_up.main(["lab"])
    set_up.PYTHON.parent.mkdir()
    set_up.PYTHON.touch()
    set_up.main(["grading"])
    assert set_up.commands[-1][-1] == f"{set_up.ROOT}[grading,lab]"


def test_changed_requirements_are_installed_anew(set_up):
    set_up.main(["lab"])
    set_up.PYTHON.parent.mkdir()
    set_up.PYTHON.touch()
    before = len(set_up.commands)
    (set_up.ROOT / "constraints.txt").write_text("numpy==2.0\n")
    set_up.main(["lab"])
    assert len(set_up.commands) > before


def test_an_installation_that_stopped_half_way_is_done_again(set_up, monkeypatch):
    def stop(*command):
        raise SystemExit("no room on the disk")

    monkeypatch.setattr(set_up, "run", stop)
    with pytest.raises(SystemExit):
        set_up.main(["lab"])
    assert set_up.read_stamp() == {}


@pytest.mark.parametrize("wanted", [["lab", "gradnig"], ["lab,grading"], ["--help"], [""]])
def test_an_unknown_extra_is_refused_with_those_that_there_are(set_up, wanted):
    with pytest.raises(SystemExit, match=f"no extra '{wanted[-1]}'.*: lab grading serve"):
        set_up.main(wanted)
    assert set_up.commands == []
    assert set_up.read_stamp() == {}


def test_an_extra_that_the_course_no_longer_has_is_not_asked_for_again(set_up):
    set_up.main(["lab"])
    set_up.PYTHON.parent.mkdir()
    set_up.PYTHON.touch()
    set_up.STAMP.write_text(json.dumps({"files": "older", "extras": ["lab", "gone"]}))
    set_up.main(["lab"])
    assert set_up.commands[-1][-1] == f"{set_up.ROOT}[lab]"


def test_an_unfit_python_is_refused_by_name(set_up, monkeypatch):
    monkeypatch.setattr(set_up.sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 to 3\.13, and this is 3\.10"):
        set_up.check_python()


def test_a_missing_venv_module_is_called_by_its_debian_package(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "set_up.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    failed = subprocess.CompletedProcess([], 1, "ensurepip is not available", "")
    monkeypatch.setattr(module.subprocess, "run", lambda *a, **k: failed)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        module.make_environment()
