import dataclasses

from course_lib.exercises import judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.card import as_html, as_text


def card(exercise, answer, form):
    return form(judge(exercise, lambda case: outcome(answer, exercise, case)))


def test_the_failing_card_reads_as_it_should(exercise):
    text = card(exercise, lambda numbers: sum(numbers) ** 2, as_text)
    assert text.splitlines() == [
        "✗ sum_of_squares: 2 of 4 aspects, 1 of 2 points",
        "  right      empty, one number",
        "  not yet    negative numbers, many numbers",
        "  For example, negative numbers:",
        "      numbers   [-1.0, -2.0]",
        "      expected  5",
        "      got       9",
        "  This looks like *square of the sum*: Square first, then add.",
        '  More help: session.hint("sum_of_squares")',
    ]


def test_the_passing_card_is_honest_about_the_graded_check(exercise):
    text = card(exercise, exercise.reference_object(), as_text)
    assert text.startswith("✓ sum_of_squares: 4 of 4 aspects, 2 of 2 points")
    assert "the graded check uses other inputs" in text


def test_an_error_is_shown_in_its_own_words(exercise):
    text = card(exercise, lambda numbers: numbers["a"], as_text)
    assert "TypeError: list indices must be integers" in text


def test_an_error_without_words_ends_with_its_name(exercise):
    def unwritten(numbers):
        raise NotImplementedError

    assert "      got       NotImplementedError\n" in card(exercise, unwritten, as_text)


def test_what_differs_is_said_where_it_is_not_plain_to_see(exercise):
    text = card(exercise, lambda numbers: [sum(numbers) ** 2], as_text)
    assert "that is   got a list where a number was expected" in text


def test_one_point_is_no_points(exercise):
    one = dataclasses.replace(exercise, points=1)
    assert card(one, one.reference_object(), as_text).startswith(
        "✓ sum_of_squares: 4 of 4 aspects, 1 of 1 point\n"
    )


def test_html_stresses_the_mistakes_name(exercise):
    page = card(exercise, lambda numbers: sum(numbers) ** 2, as_html)
    assert "This looks like <em>square of the sum</em>: Square first" in page


def test_html_escapes_what_the_learner_returned(exercise):
    page = card(exercise, lambda numbers: "<script>alert(1)</script>", as_html)
    assert "<script>" not in page
    assert 'role="alert"' in page
