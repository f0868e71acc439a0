"""What can be said of a wrong answer that matches no known mistake: slips of any function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from course_lib.exercises.judgement import Outcome

ERRORS = {
    "NotImplementedError": "Nothing is written here yet: replace the line that raises this.",
    "NameError": "A name does not exist: is it misspelt, or in a cell that was not run?",
    "IndexError": "An index runs past the end: which one is the last in the smallest case?",
    "KeyError": "A key is looked up that the dict does not have. dict.get(key, 0) gives 0 instead.",
    "RecursionError": "The function calls itself without end: which input should stop it?",
    "ZeroDivisionError": "Something is divided by zero. Which input is empty here?",
}


def symptom(got: Outcome, expected: Any) -> str | None:
    """Say what the wrong outcome looks like, or ``None`` where nothing general can be said.

    >>> from course_lib.exercises.judgement import Outcome
    >>> symptom(Outcome(None), [1, 2])
    'The function returned None. Does every path end in return? print only shows a value.'
    """
    if got.timed_out:
        return "The call did not come back in time. Which loop never ends?"
    if got.error:
        return ERRORS.get(got.error_kind or "")
    if got.value is None and expected is not None:
        return (
            "The function returned None. Does every path end in return? print only shows a value."
        )
    return _array_symptom(got.value, expected)


def _array_symptom(got: Any, expected: Any) -> str | None:
    if not (isinstance(got, np.ndarray) and isinstance(expected, np.ndarray)):
        return None
    if got.shape != expected.shape and got.shape == expected.T.shape:
        return "The axes are the other way round: rows came where columns were expected."
    if got.dtype.kind == "f" and np.isnan(got).any() and not np.isnan(expected).any():
        return (
            "There are nan values in it: look for 0/0, inf − inf or the log of a negative number."
        )
    return None
