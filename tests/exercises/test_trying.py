import numpy as np
import pytest
import torch

from course_lib.exercises import Case
from course_lib.exercises.probes import call
from course_lib.exercises.trying import tried


def test_the_value_comes_with_its_form_and_time():
    found = tried(sorted, call, Case("any", [2, 1]))
    assert found.value == [1, 2]
    assert found.form["kind"] == "list"
    assert found.seconds >= 0
    assert (found.changed, found.printed, found.error) == ((), False, None)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        (lambda items: items.append(1), [1]),
        (lambda items: items.__setitem__(0, 5.0), np.zeros(2)),
        (lambda items: items.add_(1), torch.zeros(2)),
        (lambda items: items.update(a=1), {}),
        (lambda items: items[0].append(2), [[1]]),
    ],
)
def test_a_changed_argument_is_named_and_the_case_stays_as_it_was(change, value):
    case = Case("any", value)
    before = str(value)
    assert tried(change, call, case).changed == ("items",)
    assert str(case.arguments[0]) == before


def test_a_generator_may_move_on():
    found = tried(lambda rng: rng.random(), call, Case("any", np.random.default_rng(0)))
    assert found.changed == ()


def test_a_keyword_that_was_changed_is_named():
    def changing(*, items):
        items.clear()

    assert tried(changing, call, Case("any", items=[1])).changed == ("items",)


def test_what_a_probe_calls_is_watched_for_its_form():
    found = tried(lambda x: torch.tensor(x), lambda f, case: float(f(2.0)), Case("any"))
    assert found.form["kind"] == "tensor"
    assert found.value == 2.0


def test_printing_is_noted_and_still_shown(capsys):
    found = tried(lambda x: print(x), call, Case("any", 7))
    assert found.printed
    assert capsys.readouterr().out == "7\n"


def test_an_error_says_the_learners_own_line():
    def looks_up(table):
        return int(table["missing"])

    found = tried(looks_up, call, Case("any", {}))
    assert found.error == "KeyError: 'missing'"
    assert found.line == 'return int(table["missing"])'


def test_leaving_the_process_is_an_error_like_any_other():
    def leave():
        raise SystemExit(3)

    assert tried(leave, call, Case("any")).error == "SystemExit: 3"


def test_an_error_whose_message_cannot_be_read_keeps_its_name():
    class OddError(Exception):
        def __str__(self):
            raise ValueError

    def fails():
        raise OddError

    assert tried(fails, call, Case("any")).error == "OddError: (its message cannot be read)"
