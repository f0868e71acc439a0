import subprocess
import sys

from course_lib import evaluation
from course_lib.evaluation import metrics


def test_every_name_of_the_room_is_there():
    for room in (evaluation, metrics):
        for name in room.__all__:
            assert getattr(room, name) is not None


def test_the_rooms_open_without_heavy_imports():
    code = (
        "import sys; from course_lib.evaluation import metrics; metrics.f1([0, 1], [0, 1]);"
        "print(sorted({'torch', 'sklearn', 'nltk', 'scipy.stats'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
