"""Exercise: the learning rate of a step: a straight warm-up, then half a cosine wave."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import PYTHON_NUMBER


def learning_rate(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Return the rate of ``step``, counted from 0; ``floor`` is a share of the peak."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    start = max(warm_up - 1, 0)
    progress = (step - start) / (steps - 1 - start)
    return peak * (floor + (1 - floor) * (1 + math.cos(math.pi * progress)) / 2)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield both ends of each part, then steps drawn anywhere."""
    yield Case("the first step", 0, 101, 10, 2.0, 0.1)
    yield Case("the end of the warm-up", 9, 101, 10, 2.0, 0.1)
    yield Case("halfway down", 55, 102, 10, 2.0, 0.1)
    yield Case("the last step", 99, 100, 10, 2.0, 0.1)
    yield Case("after the warm-up", 10, 41, 10, 2.0, 0.1)
    yield Case("no warm-up", 0, 21, 0, 3.0, 0.2)
    yield Case("no warm-up", 5, 21, 0, 3.0, 0.2)
    for _ in range(3):
        steps = int(rng.integers(50, 90))
        step = int(rng.integers(10, steps - 10))
        yield Case("drawn steps", step, steps, 8, 0.5, 0.05)


def from_zero(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Begin at 0."""
    import math

    if step < warm_up:
        return peak * step / warm_up
    progress = (step - warm_up) / (steps - 1 - warm_up)
    return peak * (floor + (1 - floor) * (1 + math.cos(math.pi * progress)) / 2)


def never_at_the_floor(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Count one step too many."""
    import math

    if step < warm_up:
        return peak * (step + 1) / warm_up
    start = max(warm_up - 1, 0)
    progress = (step - start) / (steps - start)
    return peak * (floor + (1 - floor) * (1 + math.cos(math.pi * progress)) / 2)


def warm_up_counted(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Let the cosine begin at step 0."""
    import math

    if step < warm_up:
        return peak * (step + 1) / warm_up
    progress = step / (steps - 1)
    return peak * (floor + (1 - floor) * (1 + math.cos(math.pi * progress)) / 2)


def straight(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Fall in a straight line."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    start = max(warm_up - 1, 0)
    return peak * (1 - (1 - floor) * (step - start) / (steps - 1 - start))


def floor_on_top(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Add the floor to a whole wave."""
    import math

    if step < warm_up:
        return peak * (step + 1) / warm_up
    start = max(warm_up - 1, 0)
    progress = (step - start) / (steps - 1 - start)
    return peak * (floor + (1 + math.cos(math.pi * progress)) / 2)


def absolute_floor(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Take the floor for a rate."""
    import math

    if step < warm_up:
        return peak * (step + 1) / warm_up
    start = max(warm_up - 1, 0)
    progress = (step - start) / (steps - 1 - start)
    return floor + (peak - floor) * (1 + math.cos(math.pi * progress)) / 2


def no_floor(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Fall to 0."""
    import math

    if step < warm_up:
        return peak * (step + 1) / warm_up
    start = max(warm_up - 1, 0)
    progress = (step - start) / (steps - 1 - start)
    return peak * (1 + math.cos(math.pi * progress)) / 2


def wave_from_the_start(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Multiply the warm-up with a wave that begins at step 0."""
    import math

    wave = floor + (1 - floor) * (1 + math.cos(math.pi * step / (steps - 1))) / 2
    return peak * wave * min(1.0, (step + 1) / warm_up if warm_up else 1.0)


def floor_cuts(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Let the wave fall to 0 and cut it at the floor."""
    import math

    if step < warm_up:
        return peak * (step + 1) / warm_up
    start = max(warm_up - 1, 0)
    progress = (step - start) / (steps - 1 - start)
    return peak * max(floor, (1 + math.cos(math.pi * progress)) / 2)


def peak_twice(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Begin the wave one step after the warm-up, at the peak again."""
    import math

    if step < warm_up:
        return peak * (step + 1) / warm_up
    progress = (step - warm_up) / (steps - 1 - warm_up)
    return peak * (floor + (1 - floor) * (1 + math.cos(math.pi * progress)) / 2)


def by_numpy(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Work out all rates and take one."""
    rising = np.arange(1, warm_up + 1) / max(warm_up, 1)
    falling = np.cos(np.linspace(0, np.pi, steps - max(warm_up - 1, 0))) / 2 + 0.5
    rates = np.concatenate([rising, (floor + (1 - floor) * falling)[1 if warm_up else 0 :]])
    return float(peak * rates[step])


def by_half_angle(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Write the wave as a square of a cosine."""
    if step + 1 <= warm_up:
        return (step + 1) * peak / warm_up
    first = warm_up - 1 if warm_up else 0
    done = (step - first) / (steps - first - 1)
    return peak * floor + peak * (1 - floor) * math.cos(math.pi * done / 2) ** 2


def warm_up_from_zero(step: int, steps: int, warm_up: int, peak: float, floor: float) -> float:
    """Begin at 0, and let the wave begin where the warm-up ends."""
    return (
        learning_rate(step, steps, warm_up, peak, floor)
        if step >= warm_up
        else (peak * step / warm_up)
    )


EXERCISE = Exercise(
    name="learning_rate",
    points=3,
    difficulty=3,
    minutes=15,
    reference="course_lib.exercises.ch03_training.learning_rate:learning_rate",
    cases=cases,
    returns=PYTHON_NUMBER,
    alternatives=(by_numpy, by_half_angle),
    not_by=("course_lib.training:Schedule", "course_lib.training.schedule:Schedule"),
    compare=close(relative=1e-6),
    mistakes=(
        Mistake("a first step of nothing", from_zero,
                "The warm-up begins at 0, so the first step does nothing, and the peak comes one "
                "step late. With steps counted from 0, step + 1 of warm_up parts are done."),
        Mistake("never at the floor", never_at_the_floor,
                "The last step is steps − 1, not steps: with your progress the wave ends just "
                "before the floor."),
        Mistake("warm-up counted twice", warm_up_counted,
                "The cosine begins at step 0, so that at the end of the warm-up it has fallen "
                "already and the rate jumps. Its progress is 0 at step warm_up − 1."),
        Mistake("a straight line", straight,
                "This falls evenly. The cosine falls slowly, then fast, then slowly: "
                "(1 + cos(π · progress)) / 2."),
        Mistake("the floor on top", floor_on_top,
                "floor + a whole wave begins above the peak. The wave has only the height "
                "1 − floor."),
        Mistake("the floor as a rate", absolute_floor,
                "The floor is a *share* of the peak: 0.1 means a tenth of it."),
        Mistake("down to nothing", no_floor,
                "The floor is missing: the last step should have the rate floor · peak."),
        Mistake("the wave from the start", wave_from_the_start,
                "The wave begins with the warm-up, so the peak is never reached. It begins where "
                "the warm-up ends: progress 0 at step warm_up − 1."),
        Mistake("the floor cuts", floor_cuts,
                "Your wave falls to 0 and the floor cuts it off, so the rate stands still at the "
                "end. The wave itself should end at the floor: floor + (1 − floor) · wave."),
        Mistake("the peak twice", peak_twice,
                "Step warm_up − 1 has the peak, and step warm_up once more. The wave starts at "
                "step warm_up − 1, so that the next step is below the peak already."),
        Mistake("a warm-up from 0", warm_up_from_zero,
                "Step 0 of your warm-up has the rate 0, so that it learns nothing, and its last "
                "step is not yet at the peak: with steps counted from 0, (step + 1) / warm_up."),
    ),
    hints=(
        "Which part of the warm-up is done in step 0? And which step is the first at the peak?",
        "Let progress go from 0 at step warm_up − 1 to 1 at the last step. Which is the last one, "
        "counted from 0?",
        "progress = (step − start) / (steps − 1 − start) with start = max(warm_up − 1, 0); then "
        "peak * (floor + (1 − floor) * (1 + math.cos(math.pi * progress)) / 2).",
    ),
)  # fmt: skip
