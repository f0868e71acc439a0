"""A strip of tokens: each token a coloured box, its number below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course_lib.errors import InputError, ShapeError
from course_lib.plotting.canvas import GREY, WIDTH, heading, new_figure, styled
from course_lib.plotting.description import describe
from course_lib.plotting.fonts import drawable
from course_lib.plotting.measuring import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Light tints of the colours of Okabe & Ito, on which black text stands out.
TINTS = ("#BFDCEC", "#F9E7BF", "#BFE7DC", "#F2DDE9", "#D5EDFA")
VISIBLE = str.maketrans({" ": "␣", "\n": "↵", "\t": "⇥", "\r": "␍"})
FONT, SMALL = 12.0, 8.5  # points
BOX_HEIGHT, LINE_HEIGHT, LINE_WITH_IDS = 22.0, 28.0, 40.0  # points
PADDING, GAP, MARGIN, HEADING = 5.0, 3.0, 6.0, 20.0  # points
MOST = 400  # tokens in one figure


@dataclass(frozen=True)
class _Box:
    text: str
    number: str
    tint: str
    left: float
    line: int
    width: float


def token_strip(
    tokens: Sequence[str | bytes],
    *,
    title: str,
    ids: Sequence[int] | None = None,
    width: float | int = WIDTH,
    alt: str = "",
) -> Figure:
    """Draw ``tokens`` as coloured boxes in reading order, and return the figure.

    Spaces and line breaks are made visible. Bytes that are no whole characters are written in
    hexadecimal. ``ids`` stand below their tokens. After 400 tokens a last box counts the rest.
    Raises ``ShapeError`` where tokens and ids differ in number.

    >>> figure = token_strip(["the", " cat", "我", "们"], ids=[5, 17, 300, 301],
    ...                      title="A word, or a character: each is one token")
    """
    if not tokens:
        raise InputError("the tokens", expected="at least one", got="none")
    if ids is not None and len(ids) != len(tokens):
        raise ShapeError("the ids", expected=len(tokens), got=len(ids))
    with styled():
        boxes = _laid_out([_shown(token) for token in tokens], ids, width * 72 - 2 * MARGIN)
        line_height = LINE_HEIGHT if ids is None else LINE_WITH_IDS
        top = HEADING * (1 + heading(title, width).count("\n")) + MARGIN
        points = top + line_height * (boxes[-1].line + 1)
        figure = new_figure(title, width, points / 72)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-MARGIN, width * 72 - MARGIN), ylim=(points - top, -top))
        axes.set_axis_off()
        for box in boxes:
            _draw_box(axes, box, box.line * line_height)
    said = " | ".join(_shown(token) for token in tokens[:MOST])
    return describe(figure, alt or f"{title}. {said}")


def _shown(token: str | bytes) -> str:
    try:
        text = token.decode("utf-8") if isinstance(token, bytes) else token
    except UnicodeDecodeError as error:
        return error.object.hex(" ").upper()
    return text.translate(VISIBLE) or "∅"


def _laid_out(texts: list[str], ids: Sequence[int] | None, room: float) -> list[_Box]:
    rest = len(texts) - MOST
    shown = texts[:MOST] + [f"+{rest}"] * (rest > 0)
    boxes: list[_Box] = []
    left, line = 0.0, 0
    for index, text in enumerate(shown):
        number = "" if ids is None or index >= MOST else str(ids[index])
        name = _cut(drawable(text).replace(r"\$", "$"), room - 2 * PADDING)
        wide = max(text_width(name, FONT), text_width(number, SMALL)) + 2 * PADDING
        if boxes and left + wide > room:
            left, line = 0.0, line + 1
        boxes.append(_Box(name, number, TINTS[index % len(TINTS)], left, line, wide))
        left += wide + GAP
    return boxes


def _cut(text: str, room: float) -> str:
    if text_width(text, FONT) <= room:
        return text
    kept = int(len(text) * room / text_width(text, FONT))
    while text_width(text[:kept] + "…", FONT) > room:
        kept -= 1
    return text[:kept] + "…"


def _draw_box(axes: Axes, box: _Box, top: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    corner = "round,pad=0,rounding_size=3"
    axes.add_patch(
        FancyBboxPatch(
            (box.left, top),
            box.width,
            BOX_HEIGHT,
            corner,
            facecolor=box.tint,
            edgecolor=GREY,
            linewidth=0.6,
        )
    )
    centre = box.left + box.width / 2
    axes.text(
        centre,
        top + BOX_HEIGHT / 2,
        box.text,
        fontsize=FONT,
        ha="center",
        va="center_baseline",
        parse_math=False,
    )
    axes.text(
        centre,
        top + BOX_HEIGHT + 7,
        box.number,
        fontsize=SMALL,
        ha="center",
        va="center",
        color="#444444",
    )
