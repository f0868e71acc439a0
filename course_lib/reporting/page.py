"""One HTML page about a class: no script, no network, readable on a phone and aloud."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from statistics import mean, median

from course_lib.reporting.fingerprints import COMMON, LEAST, THRESHOLD
from course_lib.reporting.gather import SLOW_SECONDS, ChapterFigures, ClassReport, ExerciseFigures

BINS = 10
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--faint:#e3e6ea;--full:#00795c;
--part:#c98a00;--none:#b34700}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--paper:#15181c;--faint:#333a42;
--full:#3cb795;--part:#e0ac3f;--none:#e8864a}}
body{font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);
max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.25rem;border-top:2px solid var(--faint);padding-top:1rem}
h3{font-size:1rem;margin-bottom:.25rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;min-width:50%}
th,td{text-align:left;padding:.2rem .75rem .2rem 0;vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
tr+tr{border-top:1px solid var(--faint)}
.bars{display:flex;align-items:flex-end;height:7rem;gap:2px;border-bottom:1px solid var(--ink)}
.bars div{flex:1;display:flex;flex-direction:column;justify-content:flex-end;height:100%;
text-align:center;font-size:.75rem}
.bars i{display:block;background:var(--full)}
.scale{display:flex;justify-content:space-between;font-size:.75rem}
.shares{display:flex;height:.8rem;min-width:8rem;background:var(--faint)}
.shares i{display:block;height:100%}.full{background:var(--full)}.part{background:var(--part)}
.none{background:var(--none)}
.key i{display:inline-block;width:.8rem;height:.8rem;margin:0 .3rem 0 .8rem}
summary{cursor:pointer;font-weight:600;padding:.3rem 0}
nav a{margin-right:1rem;color:inherit}
"""


def page(report: ClassReport, made: datetime | None = None) -> str:
    """Return the whole report as one self-contained page."""
    moment = (made or datetime.now(UTC)).strftime("%d %B %Y, %H:%M UTC")
    links = "".join(f'<a href="#{_id(one.name)}">{_text(one.name)}</a>' for one in report.chapters)
    body = "".join(_chapter(chapter) for chapter in report.chapters)
    title = f"{report.course}: {len(report.students)} learners"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head><body>"
        f"<h1>{_text(title)}</h1>"
        f"<p>Made on {moment}. For the instructor alone: it names people.</p>"
        f'<nav aria-label="Chapters">{links}</nav>{body}</body></html>\n'
    )


def _chapter(chapter: ChapterFigures) -> str:
    results = chapter.results.values()
    waiting = sum(result.waits for result in results)
    boxes = ", ".join(f"{name}: {count}" for name, count in chapter.sandboxes.most_common())
    parts = [
        f'<section id="{_id(chapter.name)}"><h2>{_text(chapter.name)}</h2>',
        f"<p>{_numbers(chapter)} {waiting} wait for a person. "
        f"Notebooks by sandbox: {_text(boxes) or 'none'}.</p>",
        _insecure(chapter.insecure),
        _distribution(chapter),
        _exercises(chapter.exercises),
        _misconceptions(chapter.exercises),
        _list("Not graded through our own failure", [(name, "course grade says why")
              for name in chapter.ungraded], ("learner", "what to do"), opened=True),
        _list("What went wrong", chapter.failed, ("learner", "what")),
        _list(f"Slow: {SLOW_SECONDS:g} seconds and more",
              [(name, f"{seconds:.1f}") for name, seconds in chapter.slow], ("learner", "seconds")),
        _alike(chapter),
    ]  # fmt: skip
    return "".join(parts) + "</section>"


def _insecure(notebooks: int) -> str:
    if not notebooks:
        return ""
    return (f"<p><strong>{notebooks} notebooks were graded by a cluster without TLS</strong>: "
            "whoever could reach it could change their scores.</p>")  # fmt: skip


def _numbers(chapter: ChapterFigures) -> str:
    points = [result.points for result in chapter.results.values()]
    if not points:
        return "Nobody has a score yet."
    most = max(result.max_points for result in chapter.results.values())
    return (f"{len(points)} learners, {most:g} points: mean {mean(points):.3g}, "
            f"median {median(points):.3g}.")  # fmt: skip


def _distribution(chapter: ChapterFigures) -> str:
    shares = [r.points / r.max_points for r in chapter.results.values() if r.max_points]
    if not shares:
        return ""
    counts = [0] * BINS
    for share in shares:
        counts[max(0, min(int(share * BINS + 1e-9), BINS - 1))] += 1
    tallest = max(counts)
    bars = "".join(
        f'<div>{count or ""}<i style="height:{80 * count / tallest:.0f}%"></i></div>'
        for count in counts
    )
    words = "; ".join(f"{10 * n} to {10 * n + 10} %: {count}" for n, count in enumerate(counts))
    scale = "<span>0 %</span><span>50 %</span><span>100 %</span>"
    return (
        f'<h3>Learners by share of the points</h3><div class="bars" role="img" '
        f'aria-label="{words}">{bars}</div><div class="scale">{scale}</div>'
    )


def _exercises(exercises: Sequence[ExerciseFigures]) -> str:
    if not exercises:
        return ""
    rows = []
    for figures in exercises:
        points = list(figures.points.values())
        full = sum(got >= figures.max_points for got in points)
        none = sum(got == 0 for got in points)
        counts = {"full": full, "part": len(points) - full - none, "none": none}
        bar = "".join(f'<i class="{name}" style="width:{100 * count / len(points):.1f}%"></i>'
                      for name, count in counts.items())  # fmt: skip
        words = ", ".join(f"{count} {name}" for name, count in counts.items())
        rows.append(
            f'<tr><th scope="row">{_text(figures.name)}</th><td class="number">{mean(points):.3g}'
            f' of {figures.max_points:g}</td><td><div class="shares" role="img" '
            f'aria-label="{words}">{bar}</div>{words}</td></tr>'
        )
    key = ('<p class="key">Points:<i class="full"></i>full<i class="part"></i>a part'
           '<i class="none"></i>none</p>')  # fmt: skip
    heads = '<tr><th>exercise</th><th class="number">mean</th><th>learners</th></tr>'
    return f'<h3>Exercises</h3>{key}<div class="scroll"><table>{heads}{"".join(rows)}</table></div>'


def _misconceptions(exercises: Iterable[ExerciseFigures]) -> str:
    """Say how many showed which belief: the known ones, then other symptoms, each by count."""
    rows = []
    for figures in exercises:
        of = len(figures.points)
        for name, count in figures.mistakes.most_common():
            rows.append((count, of, figures.name, name, figures.diagnoses[name]))
        for words, count in figures.symptoms.most_common(3):
            rows.append((count, of, figures.name, "", words))
    rows.sort(key=lambda row: (not row[3], -row[0], row[2]))
    cells = "".join(
        f'<tr><td class="number">{count} of {of}</td><td>{_text(exercise)}</td>'
        f"<td>{f'<strong>{_text(name)}</strong>. ' if name else ''}{_text(words)}</td></tr>"
        for count, of, exercise, name, words in rows
    )
    heads = '<th class="number">learners</th><th>exercise</th><th>what they seem to believe</th>'
    table = f'<div class="scroll"><table><tr>{heads}</tr>{cells}</table></div>'
    return f"<h3>Misconceptions found</h3>{table if rows else '<p>None.</p>'}"


def _alike(chapter: ChapterFigures) -> str:
    rows = [(f"{pair.one} and {pair.other}", f"{100 * pair.similarity:.0f} %, {pair.shared} marks")
            for pair in chapter.alike]  # fmt: skip
    words = (
        f"Listed from {100 * THRESHOLD:.0f} % of shared token fingerprints, at least {LEAST} of "
        f"them. What the stub gives, or more than {100 * COMMON:.0f} % of the class wrote, is left "
        "out; names and numbers make no difference. It is a reason to look, and no proof."
    )
    return _list("Nearly the same work", rows, ("learners", "alike"), words=words)


def _list(
    title: str, rows: Sequence[tuple[str, str]], heads: tuple[str, str], words: str = "",
    opened: bool = False,
) -> str:  # fmt: skip
    if not rows:
        return f"<p>{_text(title)}: none. {_text(words)}</p>" if words else ""
    cells = "".join(f"<tr><td>{_text(one)}</td><td>{_text(other)}</td></tr>" for one, other in rows)
    head = "".join(f"<th>{_text(head)}</th>" for head in heads)
    note = f"<p>{_text(words)}</p>" if words else ""
    table = f'<div class="scroll"><table><tr>{head}</tr>{cells}</table></div>'
    return (
        f"<details{' open' if opened else ''}><summary>{_text(title)}: {len(rows)}</summary>"
        f"{note}{table}</details>"
    )


def _text(value: str) -> str:
    return html.escape(value)


def _id(name: str) -> str:
    return "chapter-" + "".join(sign if sign.isalnum() else "-" for sign in name)
