"""Give a figure its alternative text, and let it show itself in every notebook.

A ``Figure`` that pyplot did not make has no picture of its own in a notebook, and what pyplot's own
integration shows has no alternative text: JupyterLab drops it from ``image/png``. A described
figure therefore brings an HTML image with the text, a plain PNG for tools that do not read HTML,
and, where there are no pictures, the text itself.
"""

from __future__ import annotations

import base64
import html
import io
from functools import partial
from typing import TYPE_CHECKING, Any

from course_lib.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHARPNESS = 2  # pixels of the picture for one on the page, in each direction
ATTRIBUTE = "_alternative_text"


def describe(figure: Figure, text: str) -> Figure:
    """Give ``figure`` the alternative text ``text``, and return it.

    Works for every figure, also for one from pyplot. Raises ``InputError`` for an empty text.

    >>> from matplotlib.figure import Figure
    >>> alternative_text(describe(Figure(), "Loss falls from 5.1 to 2.3 in 1000 steps."))
    'Loss falls from 5.1 to 2.3 in 1000 steps.'
    """
    if not text.strip():
        raise InputError("the alternative text", expected="a sentence or two", got=repr(text))
    # IPython asks the object, not its class, how it wants to be shown.
    vars(figure).update({ATTRIBUTE: text, "_repr_mimebundle_": partial(_bundle, figure)})
    return figure


def alternative_text(figure: Figure) -> str:
    """Return the text given by ``describe``, or an empty one."""
    return str(vars(figure).get(ATTRIBUTE, ""))


def _bundle(
    figure: Figure, include: object = None, exclude: object = None
) -> tuple[dict[str, str], dict[str, Any]]:
    text = alternative_text(figure)
    width, height = (round(inches * figure.dpi) for inches in figure.get_size_inches())
    picture = base64.b64encode(_png(figure)).decode("ascii")
    image = (
        f'<img alt="{html.escape(text)}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto" src="data:image/png;base64,{picture}">'
    )
    data = {"text/html": image, "image/png": picture, "text/plain": text}
    return data, {"image/png": {"alt": text, "width": width, "height": height}}


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=SHARPNESS * figure.dpi)
    return buffer.getvalue()
