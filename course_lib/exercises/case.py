"""A case: one input to try, the aspect that it tries, and what the judge alone may know of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, init=False)
class Case:
    """One input to try, and the aspect of the task that it tries.

    ``arguments`` and ``keywords`` are what the learner's function is given, and what a card shows.
    ``settings`` are for the probe: how to build, feed or look at things. ``truth`` stays with the
    judge: the labels of judged items, the bar to pass; it never enters the process in which a
    stranger's answer runs.

    >>> case = Case("ties", "abab", limit=2).setting(look="order").judged_by(least=0.5)
    >>> case.aspect, case.arguments, case.keywords, case.settings, case.truth
    ('ties', ('abab',), {'limit': 2}, {'look': 'order'}, {'least': 0.5})
    """

    aspect: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    settings: dict[str, Any] = field(default_factory=dict)
    truth: dict[str, Any] = field(default_factory=dict)
    raises: str | None = None

    def __init__(self, aspect: str, *arguments: Any, **keywords: Any) -> None:
        self._set(aspect=aspect, arguments=arguments, keywords=keywords)
        self._set(settings={}, truth={}, raises=None)

    def setting(self, **settings: Any) -> Case:
        """Return the same case with settings for its probe."""
        return self._but(settings={**self.settings, **settings})

    def judged_by(self, **truth: Any) -> Case:
        """Return the same case with what only the judge may know."""
        return self._but(truth={**self.truth, **truth})

    def also(self, aspect: str, **truth: Any) -> Case:
        """Return a case of another aspect on the same input, which is asked only once.

        >>> first = Case("beats guessing", [1, 2])
        >>> first.also("beats counting").asks_the_same_as(first)
        True
        """
        return self._but(aspect=aspect, truth={**self.truth, **truth})

    def raising(self, error: type[Exception]) -> Case:
        """Return the same case, on which the right answer is to raise ``error``.

        >>> Case("negative size", -1).raising(ValueError).raises
        'ValueError'
        """
        return self._but(raises=error.__name__)

    def asks_the_same_as(self, other: Case) -> bool:
        """Return whether both are the very same question, not merely an equal one."""
        mine, theirs = (
            (one.arguments, one.keywords, one.settings, one.raises) for one in (self, other)
        )
        return all(first is second for first, second in zip(mine, theirs, strict=True))

    def _but(self, **changes: Any) -> Case:
        case = Case(self.aspect)
        case._set(**{name.name: getattr(self, name.name) for name in dataclasses.fields(self)})
        case._set(**changes)
        return case

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)
