"""A score with its doubt: the estimate, and the range in which the true value probably lies."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

from course_lib.errors import InputError


@dataclass(frozen=True)
class Interval:
    """An estimate between two bounds, which hold the true value in ``level`` of all repetitions.

    >>> print(Interval(0.9, 0.85, 0.94))
    0.900 [0.850, 0.940]
    """

    estimate: float
    low: float
    high: float
    level: float = 0.95

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.estimate:.3f} [{self.low:.3f}, {self.high:.3f}]"


def wilson(right: int, count: int, level: float = 0.95) -> Interval:
    """Return the interval of a share, such as accuracy, from ``right`` of ``count`` examples.

    Unlike estimate ± 1.96 · √(p(1 − p)/n) it stays within 0 and 1, and is not empty where all are
    right. From: Wilson, *Probable inference, the law of succession, and statistical inference*,
    1927. Raises ``InputError`` for no examples or more right than there are.

    >>> print(wilson(90, 100)), print(wilson(20, 20))
    0.900 [0.826, 0.945]
    1.000 [0.839, 1.000]
    (None, None)
    """
    if not (count > 0 and 0 <= right <= count):
        raise InputError("the examples", expected="0 ≤ right ≤ count > 0", got=(right, count))
    z = normal_quantile(level)
    share, shrink = right / count, z * z / count
    centre = (share + shrink / 2) / (1 + shrink)
    half = z / (1 + shrink) * (share * (1 - share) / count + shrink / (4 * count)) ** 0.5
    # at the ends a rounding error must not put the share outside its own interval
    return Interval(share, min(max(centre - half, 0.0), share), max(centre + half, share), level)


def normal_quantile(level: float) -> float:
    """Return how many standard errors a two-sided interval of that level reaches: 1.96 for 0.95.

    >>> round(normal_quantile(0.95), 2)
    1.96
    """
    if not 0 < level < 1:
        raise InputError("the level", expected="between 0 and 1, such as 0.95", got=level)
    return NormalDist().inv_cdf((1 + level) / 2)
