import base64
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from course_lib.errors import InputError
from course_lib.plotting.description import alternative_text, describe


class Images(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.fixture(scope="module")
def figure():
    sheet = Figure(figsize=(2, 1), dpi=50)
    sheet.subplots().plot([1, 2])
    return sheet


def shown_by_ipython(figure, with_pyplots_backend):
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.pylabtools import select_figure_formats

    shell = InteractiveShell()
    if with_pyplots_backend:
        select_figure_formats(shell, {"png"})
    return shell.display_formatter.format(figure)


@pytest.mark.parametrize("with_pyplots_backend", [False, True])
def test_ipython_shows_an_image_that_speaks(figure, with_pyplots_backend):
    describe(figure, "A line rises.")
    data, metadata = shown_by_ipython(figure, with_pyplots_backend)
    ((tag, attributes),) = Images(data["text/html"]).found
    assert (tag, attributes["alt"]) == ("img", "A line rises.")
    assert metadata["image/png"]["alt"] == data["text/plain"] == "A line rises."
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")


def test_without_a_description_nothing_is_shown(figure):
    assert "text/html" not in shown_by_ipython(Figure(), with_pyplots_backend=False)[0]
    assert alternative_text(Figure()) == ""


def test_the_picture_is_twice_as_sharp_as_its_place_on_the_page(figure):
    describe(figure, "A line rises.")
    data, metadata = figure._repr_mimebundle_()
    header = base64.b64decode(data["image/png"])[16:24]
    assert (metadata["image/png"]["width"], metadata["image/png"]["height"]) == (100, 50)
    assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == (200, 100)


@settings(max_examples=20, deadline=None)
@given(st.text(st.sampled_from("\"'<>&;a我😀"), min_size=1))
def test_any_text_arrives_as_it_was_given(figure, text):
    describe(figure, text)
    ((_, attributes),) = Images(figure._repr_mimebundle_()[0]["text/html"]).found
    assert attributes["alt"] == text


def test_an_empty_text_is_refused(figure):
    with pytest.raises(InputError, match="the alternative text"):
        describe(figure, "  ")


def test_a_figure_from_pyplot_can_be_described():
    import matplotlib.pyplot as plt

    sheet, _ = plt.subplots()
    try:
        assert "<img" in describe(sheet, "Empty axes.")._repr_mimebundle_()[0]["text/html"]
    finally:
        plt.close(sheet)
