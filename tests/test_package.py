import ast
import subprocess
import sys
from pathlib import Path

import course_lib

ROOT = Path(course_lib.__file__).parents[1]
HEAVY = {"torch", "numpy", "scipy", "nltk", "gensim", "sklearn", "matplotlib", "cv2", "IPython"}


def _loaded_by(statement):
    code = f"{statement}; import sys; print(*sorted({{n.partition('.')[0] for n in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_library_loads_nothing_heavy():
    assert not HEAVY & _loaded_by("import course_lib")


def test_importing_every_room_loads_nothing_heavy():
    rooms = [path.parent.name for path in sorted((ROOT / "course_lib").glob("*/__init__.py"))]
    assert {"text", "gpu", "exercises", "grading"} <= set(rooms)
    statement = "; ".join(f"import course_lib.{room}" for room in rooms)
    assert not HEAVY & _loaded_by(statement)


def test_every_name_that_a_room_offers_can_be_had():
    import importlib

    offered = 0
    for stub in sorted((ROOT / "course_lib").rglob("__init__.pyi")):
        room = importlib.import_module(".".join(stub.relative_to(ROOT).parent.parts))
        for node in ast.parse(stub.read_text("utf-8")).body:
            assert isinstance(node, ast.ImportFrom)
            for alias in node.names:
                assert getattr(room, alias.name) is not None
                offered += 1
    assert offered > 30
