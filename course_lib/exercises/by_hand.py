"""By hand means by hand: while an answer runs, the calls that *are* the answer refuse to serve it.

``not_by`` names them: ``"torch.nn.functional:softmax"``, ``"torch:Tensor.softmax"``. Only the
learner's own code is refused; a library that calls them on its way is served. This guides honest
people. It is no wall: the sources are public, and whoever wants to copy them can.
"""

from __future__ import annotations

import functools
import importlib
import re
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError

BETWEEN = re.compile(f"^{re.escape(__file__)}$|beartype|jaxtyping")
COURSE = str(Path(__file__).resolve().parents[1])


class NotByHandError(CourseError):
    """A learner's own code called what the exercise asks to be written."""


@contextmanager
def refusing(not_by: tuple[str, ...], thing: Any) -> Iterator[None]:
    """Refuse the named calls to the learner's own code, which includes the globals of ``thing``."""
    with ExitStack() as undo:
        guards: dict[int, Any] = {}
        for name in not_by:
            _guard(name, guards, undo)
        names = getattr(thing, "__globals__", {})
        for key, value in list(names.items()) if guards else ():
            if id(value) in guards:
                undo.callback(names.__setitem__, key, value)
                names[key] = guards[id(value)]
        yield


def _guard(name: str, guards: dict[int, Any], undo: ExitStack) -> None:
    module_name, _, path = name.partition(":")
    try:
        owner: Any = importlib.import_module(module_name)
        *owners, attribute = path.split(".")
        owner = functools.reduce(getattr, owners, owner)
        original = getattr(owner, attribute)
    except (ImportError, AttributeError):
        return  # absent here, so nobody can call it
    if isinstance(original, type):
        owner, attribute, call = original, "__init__", original.__init__  # type: ignore[misc]
    else:
        call = original
    guard = _guarded(call, name)
    guards[id(original)] = guards[id(call)] = guard
    if isinstance(original, type):
        del guards[id(original)]  # the class stays itself: only making one is refused
    had = attribute in vars(owner)
    undo.callback(setattr if had else _removed, owner, attribute, vars(owner).get(attribute))
    setattr(owner, attribute, guard)


def _removed(owner: Any, attribute: str, _: Any) -> None:
    delattr(owner, attribute)


def _guarded(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    def guard(*arguments: Any, **keywords: Any) -> Any:
        if is_own(_caller()):
            shown = name.replace(":", ".")
            raise NotByHandError(
                shown, expected="an answer without it", got="a call of it",
                remedy="it is what you write here: use the steps that it stands for",
            )  # fmt: skip
        return original(*arguments, **keywords)

    return guard


def _caller() -> str:
    """Return the file of the code that called a guard, past a type checker's wrappers."""
    frame = sys._getframe()
    while frame.f_back and BETWEEN.search(frame.f_code.co_filename):
        frame = frame.f_back
    return frame.f_code.co_filename


@cache
def is_own(filename: str) -> bool:
    """Return whether code of this file is a learner's own: no package's, and not the course's."""
    paths = sysconfig.get_paths()
    packages = (paths["stdlib"], paths["purelib"], paths["platlib"], "<@beartype", "<frozen")
    return not filename.startswith((COURSE, *packages))
