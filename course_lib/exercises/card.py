"""The card that a check shows: what is right, what is not yet, the smallest failing case."""

from __future__ import annotations

import html
import inspect

from course_lib.exercises.judgement import Verdict
from course_lib.exercises.showing import shown

HONESTY = "All visible checks passed; the graded check uses other inputs."
STYLE = (
    "border-left:0.4em solid {colour};padding:0.4em 0.8em;margin:0.3em 0;overflow-x:auto;"
    "font-family:system-ui,sans-serif;line-height:1.45"
)
CELL = "text-align:left;vertical-align:top"
SECRET = ("predict", "order")
"""Kinds whose right answer a card must not show."""
IN_WORDS = ("vectorise", "challenge")
"""Kinds whose values are long or counted, so that the difference alone says more."""
PASSED, NOT_YET = "#00795c", "#b34700"


def headline(verdict: Verdict) -> str:
    """Return the card's first line, for example ``✗ softmax: 3 of 4 aspects, 1.5 of 2 points``."""
    right = sum(right for _, right in verdict.aspects)
    mark = "✓" if verdict.passed else "✗"
    aspects = f"{right} of {_count(len(verdict.aspects), 'aspect')}"
    points = f"{verdict.points:.3g} of {_count(verdict.max_points, 'point')}"
    return f"{mark} {verdict.exercise.name}: {aspects}, {points}"


def as_text(verdict: Verdict, help_line: bool = True) -> str:
    """Return the card as plain text."""
    lines = [headline(verdict), *(f"  {label:<10} {names}" for label, names in _aspects(verdict))]
    if verdict.passed:
        return "\n".join([*lines, f"  {HONESTY}"])
    lines += [f"  For example, {verdict.failure.case.aspect}:"] if verdict.failure else []
    width = max((len(name) for name, _ in _example(verdict)), default=0)
    lines += [_indented(name, value, width) for name, value in _example(verdict)]
    lines += [f"  {sentence}" for sentence in _diagnosis(verdict)]
    if help_line:
        lines.append(f'  More help: session.hint("{verdict.exercise.name}")')
    return "\n".join(lines)


def as_html(verdict: Verdict, help_line: bool = True) -> str:
    """Return the card as HTML that reads well aloud, in both colour schemes and on a phone."""
    colour = PASSED if verdict.passed else NOT_YET
    role = "status" if verdict.passed else "alert"
    parts = [f"<strong>{html.escape(headline(verdict))}</strong>"]
    for label, names in _aspects(verdict):
        parts.append(f"<div>{label}: {html.escape(names)}</div>")
    if verdict.passed:
        parts.append(f"<div>{HONESTY}</div>")
    else:
        parts += _failure_html(verdict)
        if help_line:
            call = f'session.hint("{verdict.exercise.name}")'
            parts.append(f"<div>More help: <code>{html.escape(call)}</code></div>")
    return f'<div role="{role}" style="{STYLE.format(colour=colour)}">{"".join(parts)}</div>'


def _count(number: float | int, noun: str) -> str:
    return f"{number:.3g} {noun}" if number == 1 else f"{number:.3g} {noun}s"


def _failure_html(verdict: Verdict) -> list[str]:
    parts = []
    if verdict.failure:
        rows = "".join(
            f'<tr><th scope="row" style="{CELL}">{html.escape(name)}</th>'
            f'<td style="{CELL}"><pre style="margin:0">{html.escape(value)}</pre></td></tr>'
            for name, value in _example(verdict)
        )
        caption = f"For example, {html.escape(verdict.failure.case.aspect)}:"
        parts.append(f'<div>{caption}</div><table style="margin:0.2em 0">{rows}</table>')
    sentences = [html.escape(sentence) for sentence in _diagnosis(verdict)]
    if verdict.mistake:
        name = html.escape(verdict.mistake.name)
        sentences = [sentence.replace(f"*{name}*", f"<em>{name}</em>", 1) for sentence in sentences]
    return parts + [f"<div>{sentence}</div>" for sentence in sentences]


def _aspects(verdict: Verdict) -> list[tuple[str, str]]:
    right = ", ".join(name for name, passed in verdict.aspects if passed)
    wrong = ", ".join(name for name, passed in verdict.aspects if not passed)
    return [(label, names) for label, names in (("right", right), ("not yet", wrong)) if names]


def _diagnosis(verdict: Verdict) -> list[str]:
    if verdict.mistake:
        return [f"This looks like *{verdict.mistake.name}*: {verdict.mistake.diagnosis}"]
    return [verdict.diagnosis] if verdict.diagnosis else []


def _example(verdict: Verdict) -> list[tuple[str, str]]:
    failure = verdict.failure
    if failure is None:
        return []
    names = _argument_names(verdict)
    rows = [
        (names[index] if index < len(names) else f"argument {index + 1}", shown(value))
        for index, value in enumerate(failure.case.arguments)
    ]
    rows += [(name, shown(value)) for name, value in failure.case.keywords.items()]
    kind, got = verdict.exercise.kind, failure.got
    answer = (got.error or "").removesuffix(": ") or shown(got.value)
    if kind not in (*SECRET, *IN_WORDS):
        rows.append(("expected", failure.case.raises or shown(failure.expected)))
    if got.error or kind not in IN_WORDS:
        rows.append(("got", answer))
    says_more = failure.difference != f"got {answer}, expected {shown(failure.expected)}"
    if says_more and not got.error and kind not in SECRET:
        rows.append(("that is", failure.difference))
    return rows


def _argument_names(verdict: Verdict) -> list[str]:
    try:
        return list(inspect.signature(verdict.exercise.reference_object()).parameters)
    except (TypeError, ValueError):
        return []


def _indented(name: str, value: str, width: int) -> str:
    first, *rest = value.splitlines() or [""]
    return "\n".join(
        [f"      {name:<{width}}  {first}", *(" " * (8 + width) + line for line in rest)]
    )
