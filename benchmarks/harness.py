"""Measuring two ways of doing one thing, fairly: side by side, in one run.

A machine's speed drifts from minute to minute, so only the ratio of two times counts, and only when
they were taken in turn. Each side's least time is the one that the rest of the machine disturbed
least. Both sides run once before any clock starts, and must give the same: a wrong answer is fast.

A subject is a file of this folder with ``rows()``, which yields what ``compare`` returns, and
perhaps ``PACKAGES``, the distributions whose versions belong beside its numbers:

    def rows():
        yield compare("sum of 10⁶ numbers", ours=array.sum, peer=lambda: sum(numbers),
                      work=1.0, unit="M/s", target=10.0)

``course bench SUBJECT`` runs it.
"""

from __future__ import annotations

import gc
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks._results import ROUNDS, Row, write_section
from course_lib.errors import CourseError, InputError

FOLDER = Path(__file__).parent


def compare(
    name: str,
    *,
    ours: Callable[[], Any],
    peer: Callable[[], Any] | None = None,
    work: float,
    unit: str,
    peer_work: float | None = None,
    target: float | None = None,
    limit: float | None = None,
    rounds: int = ROUNDS,
    same: Callable[[Any, Any], bool] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Row:
    """Time both sides in turn, ``rounds`` times, and return their speeds by the least of each.

    ``work`` is what one call of ``ours`` does, in the unit before "/s"; ``peer_work`` is the peer's
    where that differs. Each call must end when its work has ended (a GPU's work: synchronise).
    ``same`` says whether the two results are equal; without it they are compared by value. Raises
    ``CourseError`` where they are not, before any time is taken.
    """
    result = ours()
    if peer is not None and not (same or equal)(result, peer()):
        remedy = "a benchmark compares two ways to the same result"
        raise CourseError(f"the benchmark {name!r}", got="two different results", remedy=remedy)
    del result
    mine, theirs = _least_seconds(ours, peer, rounds, clock)
    speed = work / mine
    other = None if theirs is None else (peer_work or work) / theirs
    ratio = None if other is None else speed / other
    return Row(name, speed, other, ratio, limit, target, unit, rounds)


def run(subject: str | None = None, *, folder: Path = FOLDER) -> list[Row]:
    """Run one subject, or all, and return the rows; RESULTS.md is written after each subject.

    Raises ``InputError`` for an unknown subject, and for a named one whose peers are not installed;
    where all are run, such a subject is passed over and its rows in RESULTS.md stay.
    """
    known = subjects(folder)
    if subject is not None and subject not in known:
        raise InputError("the subject", expected=f"one of {', '.join(known)}", got=subject)
    found: list[Row] = []
    for name in known if subject is None else [subject]:
        try:
            module = _load(folder / f"{name}.py")
            rows = list(_shown(module))
        except ModuleNotFoundError as error:
            _pass_over(name, error, named=subject is not None)
            continue
        write_section(folder / "RESULTS.md", name, rows, getattr(module, "PACKAGES", ()))
        found += rows
    return found


def subjects(folder: Path = FOLDER) -> list[str]:
    """Return what can be measured: each file of the folder with neither "_" before it nor ours."""
    names = sorted(path.stem for path in folder.glob("*.py"))
    return [name for name in names if not name.startswith("_") and name != "harness"]


def equal(one: Any, other: Any) -> bool:
    """Return whether two results are equal, arrays and what holds them included."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(equal(*pair) for pair in pairs)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    verdict = one == other
    if hasattr(verdict, "all"):
        return getattr(one, "shape", ()) == getattr(other, "shape", ()) and bool(verdict.all())
    return bool(verdict)


def _least_seconds(
    ours: Callable[[], Any], peer: Callable[[], Any] | None, rounds: int, clock: Callable[[], float]
) -> tuple[float, float | None]:
    if rounds < 1:
        raise InputError("rounds", expected="at least one", got=rounds)
    sides = [ours] if peer is None else [ours, peer]
    times: dict[Callable[[], Any], list[float]] = {side: [] for side in sides}
    for number in range(rounds):
        for side in sides if number % 2 == 0 else reversed(sides):
            times[side].append(_seconds(side, clock))
    return min(times[ours]), None if peer is None else min(times[peer])


def _seconds(call: Callable[[], Any], clock: Callable[[], float]) -> float:
    gc.collect()
    gc.disable()
    try:
        start = clock()
        call()
        return clock() - start
    finally:
        gc.enable()


def _load(path: Path) -> ModuleType:
    name = f"benchmarks.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError("the subject", expected="a Python file", got=path.name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # so that its functions can be sent to other processes
    spec.loader.exec_module(module)
    return module


def _shown(module: ModuleType) -> Iterator[Row]:
    for row in module.rows():
        versus = "" if row.ratio is None else f", {row.ratio:.3g} × its peer"
        print(f"{row.name}: {row.ours:.3g} {row.unit}{versus}", file=sys.stderr)
        yield row


def _pass_over(name: str, error: ModuleNotFoundError, named: bool) -> None:
    needed = f"{name} needs {error.name}, which is not installed"
    if named:
        remedy = 'run: pip install -e ".[peers]"'
        raise InputError("the benchmark", got=needed, remedy=remedy) from error
    print(f"passed over: {needed}", file=sys.stderr)
