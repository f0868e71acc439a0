"""What holds for all figures alike: nothing is cut, nothing leaks, everything is labelled."""

import pickle
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
import torch

from course_lib.errors import InputError
from course_lib.plotting import (
    alternative_text,
    bars,
    embedding_map,
    frequency_curve,
    heat_map,
    lines,
    token_strip,
    training_curves,
)

LONG = "A long title that says what the reader sees, in English and in Chinese 我们学习自然语言处理"
NAMES = ["cat", "我们", "a rather long name of a thing that nobody would want to read", "$x$ 😀"]


def draw(kind, title=LONG, **more):
    numbers = np.random.default_rng(0)
    x = np.arange(1.0, 41.0)
    drawn = {
        "bars": lambda: bars(
            dict(zip(NAMES, [1e-3, 2.0, 31.5, 4e6], strict=True)),
            title=title, x_label="time (ms)", baseline="cat", **more,
        ),
        "embedding_map": lambda: embedding_map(
            numbers.normal(size=(4, 5)), NAMES, groups=["一", "b", "b", "b"], title=title, **more
        ),
        "frequency_curve": lambda: frequency_curve(
            dict.fromkeys(NAMES, 10_000 // x), title=title, **more
        ),
        "heat_map": lambda: heat_map(
            numbers.normal(size=(4, 4)), rows=NAMES, columns=NAMES, title=title, **more
        ),
        "lines": lambda: lines(
            {name: (x, x + n) for n, name in enumerate(NAMES)},
            title=title, x_label="size (tokens)", y_label="time (s)", log_y=True, **more,
        ),
        "token_strip": lambda: token_strip(NAMES * 5, ids=range(20), title=title, **more),
        "training_curves": lambda: training_curves(
            dict.fromkeys(NAMES, (x * 1e5, 5 / x)), title=title, **more
        ),
    }  # fmt: skip
    return drawn[kind]()


KINDS = (
    "bars",
    "embedding_map",
    "frequency_curve",
    "heat_map",
    "lines",
    "token_strip",
    "training_curves",
)
every_figure = pytest.mark.parametrize("kind", KINDS)


@every_figure
def test_no_text_is_cut_off_at_the_page(kind, any_fonts, cut_off):
    assert cut_off(draw(kind)) == []


@every_figure
def test_it_renders_without_a_warning_in_every_fonts_company(kind, any_fonts):
    data, _ = draw(kind)._repr_mimebundle_()
    assert len(data["image/png"]) > 5000


@every_figure
def test_the_title_states_the_finding_and_axes_are_labelled(kind):
    figure = draw(kind, title="Cats sleep")
    assert figure.get_suptitle() == "Cats sleep"
    (axes, *_) = figure.axes
    assert axes.get_xlabel() or not axes.axison


@every_figure
def test_the_alternative_text_is_there_and_may_be_given(kind):
    assert alternative_text(draw(kind, title="Cats sleep")).startswith("Cats sleep. ")
    assert alternative_text(draw(kind, alt="my own words")) == "my own words"


@every_figure
def test_no_setting_of_matplotlib_is_changed_for_others(kind):
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        before = dict(matplotlib.rcParams)
        draw(kind)
        assert dict(matplotlib.rcParams) == before


@every_figure
def test_an_empty_title_is_refused(kind):
    with pytest.raises(InputError, match="the title"):
        draw(kind, title=" ")


@every_figure
def test_a_dollar_in_the_data_is_a_dollar_and_no_formula(kind, words):
    shown = [text for text in words(draw(kind)) if "x" in text and "😀" in text]
    assert all(r"\$x\$" in text or kind == "token_strip" for text in shown)


@every_figure
def test_it_can_be_pickled_and_keeps_its_text(kind):
    figure = draw(kind)
    again = pickle.loads(pickle.dumps(figure))
    assert alternative_text(again) == alternative_text(figure)
    assert again._repr_mimebundle_()[0]["image/png"]


def test_tensors_that_learn_are_drawn_as_they_are():
    weights = torch.ones(2, 2, requires_grad=True)
    assert heat_map(weights, title="Ones", mask=torch.tensor([[True, False], [False, False]]))


def test_importing_the_room_loads_no_matplotlib_and_drawing_loads_no_pyplot():
    program = """
import importlib, pkgutil, sys
import course_lib.plotting as room
for module in pkgutil.iter_modules(room.__path__):
    importlib.import_module(f"course_lib.plotting.{module.name}")
assert "matplotlib" not in sys.modules, "the import"
room.bars({"a": 1}, title="One", x_label="things")._repr_mimebundle_()
assert "matplotlib.pyplot" not in sys.modules, "the drawing"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
