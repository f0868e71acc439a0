"""What came of one call: a plain value, or the error that ended it, and what was seen beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    ``value`` is plain; ``error`` reads ``"TypeError: …"`` and ``line`` is the learner's own line
    that raised it. ``form`` says of what type the value was before it became plain (see
    ``form.form_of``), ``changed`` names the arguments that the call changed, ``printed`` says
    whether something was printed, and ``seconds`` how long the call took.
    """

    value: Any = None
    error: str | None = None
    timed_out: bool = False
    form: Any = None
    changed: tuple[str, ...] = ()
    printed: bool = False
    line: str = ""
    seconds: float = 0.0

    @property
    def error_kind(self) -> str | None:
        """The name of the error's class."""
        return self.error.partition(":")[0] if self.error else None
