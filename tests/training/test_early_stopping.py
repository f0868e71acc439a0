import math

import pytest

from course_lib.errors import InputError
from course_lib.training.early_stopping import EarlyStopping


def test_an_improvement_starts_the_patience_anew():
    stopping = EarlyStopping(patience=2)
    for loss in (3.0, 3.1, 2.9, 3.0):
        stopping.observe(loss)
        assert not stopping.is_over
    stopping.observe(3.0)
    assert stopping.is_over


def test_a_gain_smaller_than_the_least_is_none():
    stopping = EarlyStopping(patience=5, least=0.1)
    assert [stopping.observe(loss) for loss in (3.0, 2.95, 2.85)] == [True, False, True]


def test_nan_is_never_the_best():
    stopping = EarlyStopping(patience=1)
    assert not stopping.observe(math.nan)
    assert stopping.is_over


def test_no_patience_is_refused():
    with pytest.raises(InputError, match="patience ≥ 1"):
        EarlyStopping(patience=0)
