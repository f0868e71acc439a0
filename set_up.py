"""Make .venv and install the course into it, once: `python3 set_up.py lab grading`.

Uses nothing but Python itself, so that it runs on a bare machine; quick when all is there.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
SUPPORTED = ((3, 11), (3, 13))


def main(extras: list[str]) -> None:
    """Bring .venv up to date with the wanted extras."""
    wanted = hashlib.sha256(
        b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    ).hexdigest()
    installed = read_stamp()
    if installed.get("files") == wanted and set(extras) <= set(installed.get("extras", ())):
        return
    check_python()
    check_extras(extras)
    if not PYTHON.exists():
        make_environment()
    extras = sorted({*extras, *installed.get("extras", ())} & set(known_extras()))
    named = ", ".join(extras)
    print(f"Installing the course with {named} into {VENV.name} (minutes, once) ...", flush=True)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--upgrade", "pip")
    requirement = f"{ROOT}[{','.join(extras)}]"
    constraints = ROOT / "constraints.txt"
    pip = (PYTHON, "-m", "pip", "install", "--quiet")
    run(*pip, "--constraint", constraints, "--editable", requirement)
    STAMP.write_text(json.dumps({"files": wanted, "extras": extras}))


def read_stamp() -> dict:
    """Return what the last complete installation wrote, or nothing."""
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def check_python() -> None:
    """Stop with the command that helps where this Python is too old or too new."""
    least, most = SUPPORTED
    if not least <= sys.version_info[:2] <= most:
        have = f"{sys.version_info[0]}.{sys.version_info[1]}"
        sys.exit(
            f"The course needs Python {least[0]}.{least[1]} to {most[0]}.{most[1]}, and this is "
            f"{have}. Name another one: make PYTHON=python3.12 ..."
        )


def known_extras() -> list[str]:
    """Return the extras that the course has."""
    import tomllib  # came with Python 3.11: an older one is refused before

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return list(project["optional-dependencies"])


def check_extras(extras: list[str]) -> None:
    """Stop with the list of extras where one is wanted that the course does not have."""
    known = known_extras()
    unknown = [name for name in extras if name not in known]
    if unknown:
        sys.exit(
            f"The course has no extra {', '.join(map(repr, unknown))}. "
            f"Name some of these, with spaces between them: {' '.join(known)}"
        )


def make_environment() -> None:
    """Create the virtual environment; say which Debian package is missing when that fails."""
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            f"{made.stdout}{made.stderr}\nPython could not make a virtual environment. "
            "On Debian and Ubuntu: sudo apt-get install python3-venv"
        )


def run(*command: object) -> None:
    """Run a command and stop with its own words when it fails."""
    if subprocess.run([str(part) for part in command]).returncode:
        sys.exit("The installation stopped. Mend what is said above, then run the same again.")


if __name__ == "__main__":
    main(sys.argv[1:] or ["lab"])
