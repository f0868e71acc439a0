"""A map of vectors: the two directions in which they differ most, with a name at each point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from course_lib.errors import InputError, ShapeError
from course_lib.plotting.canvas import (
    canvas,
    draw_legend,
    label_axes,
    legend_label,
    mark,
    numbers,
)
from course_lib.plotting.description import describe
from course_lib.plotting.fonts import drawable
from course_lib.plotting.labels import place_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = "os^Dv*PX"


def embedding_map(
    vectors: Any,
    labels: Sequence[str],
    *,
    title: str,
    groups: Sequence[str] | None = None,
    axis_label: str = "component {} ({:.0%} of the variance)",
    alt: str = "",
) -> Figure:
    """Draw ``vectors`` (item, dimension) on their first two principal components, named.

    ``groups`` names the kind of each item; each kind has its colour and its mark.
    ``axis_label`` gets a component's number and its share of the variance. Labels that find
    no free place are left out, the later ones first. Raises ``ShapeError`` where the numbers of
    vectors, labels and groups differ.

    >>> figure = embedding_map([[1.0, 0.0], [0.9, 0.2], [-1.0, 0.1]], ["king", "queen", "apple"],
    ...                        title="Royalty lies apart from fruit")
    """
    values = numbers(vectors, "the vectors", dimensions=2)
    kinds = list(groups) if groups is not None else [""] * len(values)
    for subject, names in (("the labels", labels), ("the groups", kinds)):
        if len(names) != len(values):
            raise ShapeError(subject, expected=len(values), got=len(names))
    places, shares = principal_components(values)
    with canvas(title, height=5.6) as (figure, axes):
        order = list(dict.fromkeys(kinds))
        for index, kind in enumerate(order):
            _draw_kind(axes, places[[kind == other for other in kinds]], index, kind)
        axes.grid(visible=True)
        axes.margins(0.1)
        axes.set_aspect("equal", adjustable="datalim")  # distances mean the same both ways
        label_axes(axes, *(axis_label.format(n, share) for n, share in enumerate(shares, start=1)))
        if groups is not None:
            draw_legend(axes)
        place_labels(figure, axes, places, [drawable(label) for label in labels])
    return describe(figure, alt or _in_words(title, labels, kinds, order))


def principal_components(
    vectors: Float[np.ndarray, "item dimension"], count: int = 2
) -> tuple[Float[np.ndarray, "item {count}"], Float[np.ndarray, " {count}"]]:
    """Return the vectors on their first ``count`` principal components, and each one's share.

    The share is that of the variance. By the singular value decomposition of the centred vectors
    (Pearson, 1901); the sign of a component, which is free, is such that its largest entry is
    positive. Raises ``InputError`` for more components than items or dimensions.

    >>> places, shares = principal_components(np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]))
    >>> places[:, 0].round(6), shares.round(6)
    (array([-5.,  0.,  5.]), array([1., 0.]))
    """
    if not 1 <= count <= min(vectors.shape):
        expected = f"from 1 to {min(vectors.shape)}, the smaller of items and dimensions"
        raise InputError("the number of components", expected=expected, got=count)
    centred = vectors - vectors.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    largest = np.abs(directions).argmax(axis=1)
    signs = np.where(directions[np.arange(len(directions)), largest] < 0, -1.0, 1.0)
    variances = sizes**2
    shares = variances / variances.sum() if variances.any() else np.zeros_like(variances)
    return centred @ (directions * signs[:, None])[:count].T, shares[:count]


def _draw_kind(axes: Axes, places: np.ndarray, index: int, kind: str) -> None:
    axes.scatter(
        places[:, 0],
        places[:, 1],
        s=28,
        color=mark(index)[0],
        marker=MARKERS[index % len(MARKERS)],
        label=legend_label(kind),
        zorder=2,
    )


def _in_words(title: str, labels: Sequence[str], kinds: list[str], order: list[str]) -> str:
    by_kind = {
        kind: ", ".join(label for label, other in zip(labels, kinds, strict=True) if other == kind)
        for kind in order
    }
    return (
        f"{title}. "
        + "; ".join(f"{kind}: {names}".lstrip(": ") for kind, names in by_kind.items())
        + "."
    )
