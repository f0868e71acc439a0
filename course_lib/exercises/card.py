"""The card that a check shows: what is right, what is not yet, the smallest failing case."""

from __future__ import annotations

import html

from course_lib.exercises.example import Row, example
from course_lib.exercises.verdict import Verdict

HONESTY = "All visible checks passed; the graded check uses other inputs."
STYLE = (
    "border-left:0.4em solid {colour};padding:0.4em 0.8em;margin:0.3em 0;overflow-x:auto;"
    "font-family:system-ui,sans-serif;line-height:1.45"
)
ROW = "background:transparent"
CELL = f"text-align:left;vertical-align:top;{ROW};white-space:nowrap"
VALUE = (
    "margin:0;padding:0;background:transparent;color:inherit;overflow-wrap:normal;word-break:normal"
)
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
    rows = example(verdict)
    lines += [f"  For example, {verdict.failure.case.aspect}:"] if verdict.failure else []
    width = max((len(row.name) for row in rows), default=0)
    lines += [_indented(row.name, row.text, width) for row in rows]
    lines += [f"  {sentence.format(name='*' + name + '*')}" for sentence, name in _said(verdict)]
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
            f'<tr style="{ROW}"><th scope="row" style="{CELL}">{html.escape(row.name)}</th>'
            f'<td style="{CELL}">{row.image or _value(row)}</td></tr>'
            for row in example(verdict)
        )
        caption = f"For example, {html.escape(verdict.failure.case.aspect)}:"
        parts.append(f'<div>{caption}</div><table style="margin:0.2em 0">{rows}</table>')
    for sentence, name in _said(verdict):
        shown = html.escape(sentence).format(name=f"<em>{html.escape(name)}</em>")
        parts.append(f"<div>{shown}</div>")
    return parts


def _value(row: Row) -> str:
    space = "pre-wrap" if row.wraps else "pre"
    return f'<pre style="{VALUE};white-space:{space}">{html.escape(row.text)}</pre>'


def _aspects(verdict: Verdict) -> list[tuple[str, str]]:
    right = ", ".join(name for name, passed in verdict.aspects if passed)
    wrong = ", ".join(name for name, passed in verdict.aspects if not passed)
    return [(label, names) for label, names in (("right", right), ("not yet", wrong)) if names]


def _said(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the sentence of the diagnosis, with ``{name}`` where the name stands, and the name."""
    if not verdict.diagnosis:
        return []
    diagnosis = verdict.diagnosis.replace("{", "{{").replace("}", "}}")
    if not verdict.named:
        return [(diagnosis, "")]
    looks = "This is partly like" if verdict.partly else "This looks like"
    return [(f"{looks} {{name}}: {diagnosis}", verdict.named)]


def _indented(name: str, value: str, width: int) -> str:
    first, *rest = value.splitlines() or [""]
    return "\n".join(
        [f"      {name:<{width}}  {first}", *(" " * (8 + width) + line for line in rest)]
    )
