"""Wikipedia's markup taken off its text, so that sentences keep their case and punctuation.

>>> plain_text("'''Bees''' make [[honey|the sweetest]] food.<ref>Virgil</ref> {{cite|x={{y}}}}")
'Bees make the sweetest food.'
"""

from __future__ import annotations

import html
import re

_INVISIBLE = re.compile(
    r"<!--.*?-->"
    r"|<ref[^<>]*/>"
    r"|<(?P<tag>ref|math|gallery|timeline|code|pre|source|syntaxhighlight|score|imagemap)\b[^<>]*>"
    r".*?</(?P=tag)\s*>",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BRACES = re.compile(r"\{\{|\}\}|\{\||\|\}")
_BRACKETS = re.compile(r"\[\[|\]\]")
_ADDRESS = re.compile(r"\[(?:https?:|ftp:)?//[^\s\]]+\s*([^\]]*)\]")
_BARE_ADDRESS = re.compile(r"https?://\S+")
_EMPHASIS = re.compile(r"'{2,5}")
_HEADING = re.compile(r"^(={1,6})\s*(.*?)\s*\1\s*$")
_LIST = re.compile(r"^[*#:;]+\s*")
_MEDIA = re.compile(r"\s*:?\s*(?:file|image|media|category|[a-z]{2,3}(?:-[a-z]+)*)\s*:", re.I)
_EMPTY = re.compile(r"\(\s*[,;:\s]*\)|\[\s*\]|(?<=\()[\s,;:]+|[\s,;]+(?=;)")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?)])")
_END_MATTER = re.compile(
    r"(?:notes and )?references|external links|see also|further reading|notes|bibliography"
    r"|sources|footnotes|citations",
    re.IGNORECASE,
)


def plain_text(markup: str) -> str:
    """Return the paragraphs of an article's markup, one a line, with an empty line between them.

    Tables, templates, footnotes, pictures, formulas and lists go, and so do headings and all that
    stands under *References*, *See also* and the like.

    >>> plain_text("One.\\n* item\\n== So ==\\nTwo [http://x.y said] so.\\n== See also ==\\nNo.")
    'One.\\n\\nTwo said so.'
    """
    text = _INVISIBLE.sub("", markup)
    text = _without_links(_without_braces(text))
    text = _EMPHASIS.sub("", _TAG.sub("", text))
    text = _BARE_ADDRESS.sub("", _ADDRESS.sub(r"\1", text))
    text = html.unescape(html.unescape(text)).replace("\N{NO-BREAK SPACE}", " ")
    return "\n\n".join(_paragraphs(text))


def _paragraphs(text: str) -> list[str]:
    paragraphs = []
    within = True
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            if len(heading[1]) <= 2:
                within = not _END_MATTER.fullmatch(heading[2])
        elif within and line.strip() and not _LIST.match(line) and line[0] not in "|!{}":
            paragraph = _BEFORE_MARK.sub(r"\1", " ".join(_EMPTY.sub("", line).split()))
            if re.search(r"\w", paragraph):
                paragraphs.append(paragraph)
    return paragraphs


def _without_braces(text: str) -> str:
    """Remove templates ``{{…}}`` and tables ``{|…|}``, however deep they are nested."""
    kept: list[str] = []
    open_at: list[int] = []  # where in ``kept`` each open brace began
    position = 0
    for mark in _BRACES.finditer(text):
        kept.append(text[position : mark.start()])
        position = mark.end()
        if mark[0] in ("{{", "{|"):
            open_at.append(len(kept))
        elif open_at:
            del kept[open_at.pop() :]
    kept.append(text[position:])
    if open_at:  # one that never closes takes its own line at most
        rest = "".join(kept[open_at[0] :]).partition("\n")
        kept[open_at[0] :] = rest[1:]
    return "".join(kept)


def _without_links(text: str) -> str:
    """Replace links by their words and remove pictures and categories, however deep."""
    levels: list[list[str]] = [[]]
    position = 0
    for mark in _BRACKETS.finditer(text):
        levels[-1].append(text[position : mark.start()])
        position = mark.end()
        if mark[0] == "[[":
            levels.append([])
        elif len(levels) > 1:
            words = _words_of_link("".join(levels.pop()))
            levels[-1].append(words)
    levels[-1].append(text[position:])
    return "".join("".join(level) for level in levels)


def _words_of_link(link: str) -> str:
    return "" if _MEDIA.match(link) else link.rpartition("|")[2]
