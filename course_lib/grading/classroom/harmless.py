"""A learner's words as the instructor's browser may show them: text, formulas, links, no more.

The words of an answer are Markdown that nbgrader renders twice: in the formgrader and in the
feedback page. Markup is shown as it was typed; a link may lead to a web page or an address, an
image only to a picture that was pasted into the answer; a formula cannot link. What nobody could
read is cut.
"""

from __future__ import annotations

import html
import re

MOST_CHARACTERS = 60_000
MOST_FORMULAS = 400
"""How many formulas an answer may open; each unfinished one makes a renderer search to the end."""
CUT = "\n\n*(The rest of this answer was too long to be shown.)*"
TAG = re.compile(r"<(?=[a-zA-Z/!?])")
"""Where HTML, or a link in angle brackets, begins."""
FORMULA = re.compile(r"\\\[|\\\(|\$\$?|\\begin\b")
INLINE = re.compile(r"\]\(\s*([^\s)]*)")
MOST_LABEL = 2000
REFERENCE = re.compile(r"^(\s{0,3}\[[^\]\n]{1,500}\]:\s*)(\S+)", re.M)
COMMAND = re.compile(r"\\(href|url|unicode|class|cssId|style|require|includegraphics)\b")
LINKS, IMAGES = ("http:", "https:", "mailto:"), ("attachment:",)
NOWHERE = "#link-removed"


def harmless(text: str) -> str:
    r"""Return a learner's Markdown with nothing in it that could act in a browser.

    >>> harmless("See [this](javascript:x) and <script>")
    'See [this](#link-removed) and &lt;script>'
    >>> harmless("![mine](attachment:a.png) ![spy](https://example.org/x.png)")
    '![mine](attachment:a.png) ![spy](#link-removed)'
    """
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS] + CUT
    if len(FORMULA.findall(text)) > MOST_FORMULAS:
        text = FORMULA.sub(lambda found: "\\" + found[0].replace("\\", "\\\\"), text)
    text = TAG.sub("&lt;", text)
    text = COMMAND.sub(lambda found: f"\\text{{{found[1]}}}", text)
    text = INLINE.sub(_inline, text)
    return REFERENCE.sub(lambda found: found[1] + _safe(found[2], LINKS), text)


def _inline(found: re.Match[str]) -> str:
    schemes = IMAGES if _is_image(found.string, found.start()) else LINKS
    return f"]({_safe(found[1], schemes)}"


def _is_image(text: str, end: int) -> bool:
    """Return whether the label that ends at a bracket began with ``![``; labels may be nested."""
    depth = 0
    for place in range(end, max(end - MOST_LABEL, -1), -1):
        depth += {"]": 1, "[": -1}.get(text[place], 0)
        if depth == 0:
            return place > 0 and text[place - 1] == "!"
    return True  # no beginning in sight: the stricter rule


def _safe(target: str, schemes: tuple[str, ...]) -> str:
    """Return where a link leads, or nowhere; entities and escapes hide no scheme."""
    plain = re.sub(r"[\s\\\x00-\x20]", "", html.unescape(html.unescape(target))).lower()
    scheme = re.match(r"[^/?#]*?:", plain.strip("<>"))
    if scheme and scheme[0] not in schemes:
        return NOWHERE
    return NOWHERE if not scheme and schemes is IMAGES else target
