"""A model card: what was measured, on what, how sure it is, and what the model is not for.

After Mitchell and others, *Model cards for model reporting*, 2019, https://arxiv.org/abs/1810.03993.
A number enters the card with its interval and the examples it comes from, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course_lib.errors import InputError
from course_lib.evaluation.intervals import Interval
from course_lib.whole_file import write_whole


@dataclass(frozen=True)
class Measurement:
    """One score: what it counts, its interval, where it was measured, and on how many examples."""

    metric: str
    value: Interval
    data: str
    examples: int


@dataclass(frozen=True)
class Comparison:
    """The difference to another model on the same examples, and how probable it is by luck."""

    baseline: str
    metric: str
    difference: Interval
    p_value: float


@dataclass(frozen=True)
class ModelCard:
    """What somebody who was not there must know before they use the model.

    ``data`` names each set and says where it is from and how it was split. Raises ``InputError``
    for a card without a measurement or without limits: every model has some.
    """

    name: str
    purpose: str
    data: Mapping[str, str]
    measurements: tuple[Measurement, ...]
    limits: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for subject in ("measurements", "limits", "data"):
            if not getattr(self, subject):
                raise InputError(
                    f"the card's {subject}",
                    expected="at least one",
                    got="none",
                    remedy="say what was measured, on what, and where it fails",
                )

    def to_markdown(self) -> str:
        """Return the card as Markdown."""
        sections = [
            f"# {self.name}\n\n{self.purpose}",
            "## Data\n\n" + _points(f"**{name}**: {text}" for name, text in self.data.items()),
            "## Measured\n\n" + _table(_MEASURED, [_measured(one) for one in self.measurements]),
        ]
        if self.comparisons:
            rows = [_compared(one) for one in self.comparisons]
            sections.append("## Compared, on the same examples\n\n" + _table(_COMPARED, rows))
        sections.append("## Limits\n\n" + _points(self.limits))
        if self.settings:
            rows = [[f"`{name}`", f"`{value}`"] for name, value in self.settings.items()]
            sections.append("## Settings\n\n" + _table(["setting", "value"], rows))
        return "\n\n".join(sections) + "\n"

    def write(self, path: str | Path) -> Path:
        """Write the card to a file, whole or not at all, and return its path."""
        return write_whole(path, self.to_markdown())


_MEASURED = ["score", "value", "interval", "measured on", "examples"]
_COMPARED = ["score", "against", "difference", "interval", "p"]


def _measured(one: Measurement) -> list[str]:
    return [
        one.metric,
        f"{one.value.estimate:.3f}",
        _range(one.value),
        one.data,
        f"{one.examples:,}",
    ]


def _compared(one: Comparison) -> list[str]:
    p = "< 0.001" if one.p_value < 0.001 else f"{one.p_value:.3f}"
    by = f"{one.difference.estimate:+.3f}"
    return [one.metric, one.baseline, by, _range(one.difference), p]


def _range(interval: Interval) -> str:
    return f"{interval.low:.3f} to {interval.high:.3f} ({interval.level:.0%})"


def _points(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
