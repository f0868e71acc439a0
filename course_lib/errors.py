"""The exceptions of the course: each says what was expected, what came and what to do.

>>> raise ShapeError("the mask", expected="(batch, time)", got=(3,), remedy="add the batch axis")
Traceback (most recent call last):
    ...
course_lib.errors.ShapeError: the mask: expected (batch, time), got (3,); add the batch axis
"""


class CourseError(Exception):
    """What every error that the course raises on purpose has in common.

    ``subject`` names the thing that is wrong, ``expected`` and ``got`` say what is wrong with it,
    ``remedy`` tells the reader what to do; each of the last three may be left out.
    """

    def __init__(
        self, subject: str, *, expected: object = None, got: object = None, remedy: str = ""
    ) -> None:
        self.subject, self.expected, self.got, self.remedy = subject, expected, got, remedy
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        parts = []
        if self.expected is not None:
            parts.append(f"expected {self.expected}")
        if self.got is not None:
            parts.append(f"got {self.got}")
        sentence = ", ".join(parts)
        sentence = f"{self.subject}: {sentence}" if sentence else self.subject
        return f"{sentence}; {self.remedy}" if self.remedy else sentence


class ShapeError(CourseError, ValueError):
    """An array whose shape does not fit the others, or the task."""


class InputError(CourseError, ValueError):
    """An argument that no call can make sense of: a negative size, an unknown name."""


class DataError(CourseError):
    """A data set that is missing, half there, or not the one that its checksum promises."""


class UnknownExerciseError(CourseError, KeyError):
    """A name that no exercise of the course bears."""

    __str__ = Exception.__str__
