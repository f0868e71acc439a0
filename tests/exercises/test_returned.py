import numpy as np
import pytest
import torch

from course_lib.exercises import returned
from course_lib.exercises.form import form_of
from course_lib.exercises.returned import each, either


@pytest.mark.parametrize(
    ("rule", "right", "wrong"),
    [
        (returned.ARRAY, np.zeros(2), [0.0, 0.0]),
        (returned.BOOLEAN_ARRAY, np.zeros(2, bool), np.zeros(2)),
        (returned.TENSOR, torch.zeros(2), np.zeros(2)),
        (returned.BOOLEAN_TENSOR, torch.zeros(2, dtype=torch.bool), torch.zeros(2)),
        (returned.INTEGER_TENSOR, torch.zeros(2, dtype=torch.long), torch.zeros(2)),
        (returned.LOSS, torch.ones(1, requires_grad=True).sum(), torch.tensor(1.0)),
        (returned.NUMBER, torch.tensor(1.0), [1.0]),
        (returned.PYTHON_NUMBER, np.float64(1.0), torch.tensor(1.0)),
        (returned.INTEGER, 3, 3.0),
        (returned.BOOLEAN, np.bool_(True), 1),
        (returned.TEXT, "a", b"a"),
        (returned.LIST, [1], (1,)),
        (returned.SEQUENCE, (1,), {1}),
        (returned.SEQUENCE_OR_ARRAY, np.zeros(1), {1}),
        (returned.DICT, {1: 2}, [(1, 2)]),
        (returned.SET, frozenset({1}), [1]),
        (returned.FUNCTION, len, 3),
        (each(returned.TENSOR), [torch.zeros(1)], [torch.zeros(1), 0.0]),
        (each(returned.NUMBER, returned.DICT), {"a": 1}, {"a": "1"}),
        (either(returned.LIST, returned.ARRAY), [1], "1"),
    ],
    ids=lambda value: getattr(value, "words", None),
)
def test_a_rule_accepts_what_it_names_and_says_how_to_mend_the_rest(rule, right, wrong):
    assert rule.fault(form_of(right)) is None
    fault = rule.fault(form_of(wrong))
    assert "came back; asked for is" in fault
    assert rule.words in fault


def test_forms_of_strange_containers_are_bounded():
    deep = [[[[[[1]]]]]]
    assert str(form_of(deep)).count("list") == 4
    assert len(form_of(list(range(100)))["items"]) == 8
