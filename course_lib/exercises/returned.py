"""What an exercise asks to be returned: a rule about the form, in words, with how to mend it.

Values are compared generously: a list is as good as an array of the same numbers. But what comes
back is also used by the next cell. So an exercise declares which forms are of use there, its text
says so, and the check says it when something else comes.

>>> from course_lib.exercises.form import form_of
>>> ARRAY.fault(form_of([1.0, 2.0]))
'a list came back; asked for is a NumPy array: return np.array(…) of it'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from course_lib.exercises.form import Form, in_words


@dataclass(frozen=True)
class Returned:
    """A rule: what is asked for in words, which forms are accepted, how to mend another one."""

    words: str
    accepts: Callable[[Form], bool]
    remedy: str = ""

    def fault(self, form: Form) -> str | None:
        """Say what is wrong with a form, or ``None``."""
        if self.accepts(form):
            return None
        remedy = f": {self.remedy}" if self.remedy else ""
        return f"{in_words(form)} came back; asked for is {self.words}{remedy}"


def _kind(*kinds: str) -> Callable[[Form], bool]:
    return lambda form: form.get("kind") in kinds


def _single(form: Form) -> bool:
    """Whether a form is one number: Python's, NumPy's, or an array or tensor without axes."""
    return form.get("kind") in ("int", "float", "NumPy number") or form.get("axes") == 0


def _of_dtype(kind: str, *names: str) -> Callable[[Form], bool]:
    return lambda form: form.get("kind") == kind and str(form.get("dtype")).startswith(names)


ANYTHING = Returned("any value", lambda form: True)
ARRAY = Returned("a NumPy array", _kind("array"), "return np.array(…) of it")
BOOLEAN_ARRAY = Returned(
    "a NumPy array of booleans", _of_dtype("array", "bool"), "compare, or return array.astype(bool)"
)
TENSOR = Returned("a tensor", _kind("tensor"), "return a torch.Tensor: torch.as_tensor(…) of it")
FLOAT_TENSOR = Returned(
    "a float32 tensor", _of_dtype("tensor", "float32"), "return a torch.Tensor: tensor.float()"
)
BOOLEAN_TENSOR = Returned(
    "a tensor of booleans", _of_dtype("tensor", "bool"), "compare, or return tensor.bool()"
)
INTEGER_TENSOR = Returned(
    "a tensor of integers", _of_dtype("tensor", "int", "uint"), "return tensor.long()"
)
LONG_TENSOR = Returned(
    "a tensor of 64-bit integers", _of_dtype("tensor", "int64"), "return tensor.long()"
)
LOSS = Returned(
    "a tensor that carries a gradient",
    lambda form: form.get("kind") == "tensor" and bool(form.get("gradient")),
    "compute with tensors to the end: no .item(), float(), .detach(), NumPy or no_grad on the way",
)
NUMBER = Returned("one number", _single, "return the number itself")
PYTHON_NUMBER = Returned(
    "a Python number", _kind("int", "float", "NumPy number"), "return float(…) or .item() of it"
)
INTEGER = Returned("an integer", _kind("int", "NumPy number"), "return int(…) of it")
BOOLEAN = Returned("a boolean", _kind("bool", "NumPy number"), "return True or False, or bool(…)")
TEXT = Returned("text", _kind("str"), "return a str")
LIST = Returned("a list", _kind("list"), "return list(…) of it")
SEQUENCE = Returned("a list or a tuple", _kind("list", "tuple"), "return list(…) of it")
SEQUENCE_OR_ARRAY = Returned(
    "a list, a tuple or an array", _kind("list", "tuple", "array"), "return list(…) of it"
)
DICT = Returned("a dict", _kind("dict"), "return dict(…) of it")
SET = Returned("a set", _kind("set"), "return set(…) of it")
MODULE = Returned("a PyTorch module", _kind("function"), "return the nn.Module itself")
FUNCTION = Returned("a function", _kind("function"), "return the function, without brackets")


def each(rule: Returned, within: Returned = SEQUENCE) -> Returned:
    """Return the rule for a container whose items all obey ``rule``.

    >>> each(NUMBER, LIST).words
    'a list, each item one number'
    """
    return Returned(
        f"{within.words}, each item {rule.words}",
        lambda form: within.accepts(form) and all(map(rule.accepts, form.get("items", ()))),
        f"{within.remedy}; for each item: {rule.remedy}",
    )


def either(*rules: Returned) -> Returned:
    """Return the rule that accepts what any of the rules accepts."""
    return Returned(
        " or ".join(rule.words for rule in rules),
        lambda form: any(rule.accepts(form) for rule in rules),
        rules[0].remedy,
    )
