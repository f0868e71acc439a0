"""The shell of a stranger's cells does what a kernel's does for a notebook."""

import pytest

from course_lib.grading.isolation.limits import Limits
from course_lib.grading.isolation.sandbox import probe
from course_lib.grading.isolation.server import ForkServer
from tests.grading.sample_course import ANSWERS, code, submission

pytestmark = pytest.mark.sandbox
TOPS = [
    "%matplotlib inline", "%matplotlib notebook", "%matplotlib", "%pylab inline", "%clear",
    "%tensorflow_version 2.x", "%conda install x", "%connect_info", "%shell ls", "%notebook",
    "%load_ext autoreload\n%autoreload 2", "%config InlineBackend.figure_format = 'retina'",
    "get_ipython().kernel", "get_ipython().magic('matplotlib inline')", "%%time",
    "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()",
]  # fmt: skip


@pytest.fixture(scope="module")
def server():
    """A fork server with the ordinary limits: a first figure takes longer than a second."""
    fork_server = ForkServer((), ("numpy", "torch", "matplotlib.pyplot"), probe(), Limits())
    yield fork_server
    fork_server.close()


PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4])"


@pytest.mark.parametrize("top", TOPS)
def test_a_magic_above_an_answer_or_the_set_up_costs_nothing(grade, top):
    above_answer = submission(double=f"{top}\n{ANSWERS['double']}")
    above_set_up = submission()
    above_set_up["cells"][1]["source"] = f"{top}\n{above_set_up['cells'][1]['source']}"
    assert [grade(above_answer).points, grade(above_set_up).points] == [8, 8]


def test_a_magic_that_cannot_work_is_noted(grade):
    result = grade(submission(before="%tensorflow_version 2.x"))
    assert "%tensorflow_version was passed over" in "".join(result.outputs.values())


def test_what_a_magic_runs_still_fails_in_its_own_words(grade):
    result = grade(submission(before="%time 1 / 0"))
    assert any("ZeroDivisionError" in error for error in result.errors.values())


@pytest.mark.parametrize("last", ["plt.show()", "", "plt.gcf()"])
def test_a_figure_is_drawn_and_kept(grade, last):
    result = grade(submission(before=f"{PLOT}\n{last}"))
    images = [image for images in result.images.values() for image in images]
    assert images
    assert all(image.startswith(b"\x89PNG") for image in images)


def test_figures_are_bounded_in_number_and_size(grade):
    many = f"{PLOT}\nfor _ in range(12):\n    plt.figure(figsize=(1, 1))\n    plt.plot([1])"
    forged = (
        "from IPython.display import publish_display_data as show\n"
        "for n in range(9): show({'image/png': b'\\x89PNG\\r\\n\\x1a\\n' + b'x' * 3_000_000})\n"
        "show({'image/png': b'<svg>'})"
    )
    document = submission(before=many)
    document["cells"].insert(3, code(forged, "forged"))
    result = grade(document)
    assert result.points == 8
    assert [len(images) for images in result.images.values()] == [8]


def test_what_is_displayed_without_an_image_is_printed(grade):
    shown = "from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))"
    result = grade(submission(before=shown))
    assert "IPython.core.display.HTML object" in "".join(result.outputs.values())
