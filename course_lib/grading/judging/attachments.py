"""Pictures that a learner pasted into a text: small images are kept, and nothing else."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from course_lib.grading.isolation import MEBIBYTE

BEGINNINGS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
"""The kinds of image that are kept, and how each file begins."""
MOST, BYTES, NAME = 8, 2 * MEBIBYTE, 100


def attachments(value: Any) -> dict[str, dict[str, str]]:
    """Return the images of a cell's attachments, as nbformat keeps them; nothing of anything else.

    >>> attachments({"a.svg": {"image/svg+xml": "<svg onload=…>"}}), attachments([1])
    ({}, {})
    """
    if not isinstance(value, dict):
        return {}
    kept: dict[str, dict[str, str]] = {}
    for name, kinds in list(value.items())[:MOST]:
        if isinstance(name, str) and len(name) <= NAME and isinstance(kinds, dict):
            images = {kind: text for kind in BEGINNINGS if (text := _image(kind, kinds.get(kind)))}
            if images:
                kept[name] = images
    return kept


def _image(kind: str, text: Any) -> str | None:
    """Return an image as text again, made anew from its bytes; ``None`` where it is none."""
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    if not isinstance(text, str) or len(text) > 2 * BYTES:
        return None
    try:
        content = base64.b64decode(text)
    except (binascii.Error, ValueError):
        return None
    if len(content) > BYTES or not content.startswith(BEGINNINGS[kind]):
        return None
    return base64.b64encode(content).decode()
