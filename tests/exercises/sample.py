"""A small exercise for the tests of the engine: the sum of a list's squares."""

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import NUMBER


def sum_of_squares(numbers):
    """Return the sum of the squares."""
    return sum(number * number for number in numbers)


def by_loop(numbers):
    total = 0
    for number in numbers:
        total += number**2
    return total


def by_products(numbers):
    return float(sum(a * b for a, b in zip(numbers, numbers, strict=True)))


def cases(rng):
    yield Case("empty", [])
    yield Case("one number", [3.0])
    yield Case("negative numbers", [-1.0, -2.0])
    yield Case("many numbers", rng.normal(size=5).round(2).tolist())


EXERCISE = Exercise(
    name="sum_of_squares",
    points=2,
    difficulty=1,
    minutes=2,
    reference="course_lib.exercises.sample:sum_of_squares",
    cases=cases,
    compare=close(),
    returns=NUMBER,
    alternatives=(by_loop, by_products),
    mistakes=(
        Mistake("square of the sum", lambda numbers: sum(numbers) ** 2, "Square first, then add."),
        Mistake("plain sum", sum, "The numbers are added as they are."),
        Mistake("first only", lambda numbers: numbers[0] ** 2, "Only the first number counts."),
    ),
    hints=("What is 2 squared?", "Look at the loop.", "Add number * number for each number."),
)
