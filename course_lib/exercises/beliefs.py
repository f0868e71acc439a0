"""Beliefs that any function may show: what can be said of a wrong answer without its exercise.

State kept between calls, a result handed over instead of the function, something printed instead of
returned, a form that the next cell cannot use: these are seen in how the calls went. What values
look like (right up to the sign, transposed, …) is told by ``value_patterns``.
"""

from __future__ import annotations

from course_lib.exercises.by_hand import NotByHandError
from course_lib.exercises.difference import changed_arguments, form_fault
from course_lib.exercises.recognition import Judged
from course_lib.exercises.value_patterns import pattern
from course_lib.exercises.verdict import Belief

ERRORS = {
    "NotImplementedError": "Nothing is written here yet: replace the line that raises this.",
    "NameError": "A name does not exist: is it misspelt, or in a cell that was not run?",
    "UnboundLocalError": "A variable is read before it gets a value: on which path is it not set?",
    "IndexError": "An index runs past the end: which one is the last in the smallest case?",
    "KeyError": "A key is looked up that the dict does not have. dict.get(key, 0) gives 0 instead.",
    "RecursionError": "The function calls itself without end: which input should stop it?",
    "ZeroDivisionError": "Something is divided by zero. Which input is empty here?",
}
STATE = Belief(
    "state kept between calls",
    "Asked again, the function gave another answer to the same input. Something outlives the call: "
    "a mutable default (items=[]), a list outside, a cache, a global counter. Make it anew in each "
    "call.",
)
RESULT = Belief(
    "the result passed",
    "What was handed over is a value, not the function. Hand over its name alone, without the "
    "brackets that call it.",
)
PRINTED = Belief(
    "printed, not returned",
    "The function printed something and returned None. print only shows a value; return hands it "
    "on.",
)
NOTHING = Belief("nothing returned", "The function returned None. Does every path end in return?")
SLOW_SHARE = 0.02
"""Of the limit, what an earlier call took to be called slow rather than endless."""


def believed(judged: Judged) -> Belief | None:
    """Return what the answer looks like, or ``None`` where nothing general can be said.

    >>> from course_lib.exercises import Outcome, find
    >>> from course_lib.exercises.judgement import judge
    >>> judge(find("softmax"), lambda case: Outcome(None, printed=True)).named
    'printed, not returned'
    """
    first = judged.got[judged.wrong[0]]
    if first.timed_out:
        return _out_of_time(judged)
    if first.error:
        return _of_error(first.error, first.error_kind or "", first.line)
    if judged.moved:
        return STATE
    expected = judged.expected[judged.wrong[0]].value
    if first.value is None and expected is not None:
        return PRINTED if first.printed else NOTHING
    return _beside(judged) or pattern(judged)


def _out_of_time(judged: Judged) -> Belief:
    limit = next(got.seconds for got in judged.got if got.timed_out)
    before = [got.seconds for got in judged.got if not got.timed_out]
    words = f"The call was stopped after {limit:.0f} s. " if limit >= 0.5 else ""
    longest = max(before, default=0.0)
    if longest > SLOW_SHARE * limit:
        return Belief(
            "slow",
            f"{words}Smaller inputs took up to {longest:.1f} s, so it is slow rather than endless: "
            "what is done again for each item, and could be done once, or on whole arrays?",
        )
    return Belief("endless", f"{words}It did not come back in time. Which loop never ends?")


def _of_error(error: str, kind: str, line: str) -> Belief | None:
    if kind == NotByHandError.__name__:
        return Belief("not by hand", error.partition(": ")[2])
    if error.endswith("object is not callable") and not line:
        return RESULT
    return Belief("", ERRORS[kind]) if kind in ERRORS else None


def _beside(judged: Judged) -> Belief | None:
    """Return the belief where every value is right, and only what is beside it is not."""
    wrong = [judged.got[place] for place in judged.wrong]
    forms = [form_fault(judged.exercise, got) for got in wrong]
    changes = [changed_arguments(judged.exercise, got) for got in wrong]
    shown = judged.differences[judged.wrong[0]]
    if forms[0] and shown == forms[0]:
        fault = forms[0][:1].upper() + forms[0][1:]
        return Belief("another type", f"{fault}. The cells below use it as such.")
    if changes[0] and shown == changes[0]:
        changed = changes[0][:1].upper() + changes[0][1:]
        return Belief("a changed argument", f"{changed}, which belong to whoever called it: work "
                      "on a copy.")  # fmt: skip
    return None
