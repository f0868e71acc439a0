from course_lib.exercises import judge
from course_lib.exercises.card import as_html, as_text
from course_lib.exercises.judgement import outcome


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
        "      expected  5.0",
        "      got       9.0",
        "      that is   got 9, expected 5",
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


def test_html_escapes_what_the_learner_returned(exercise):
    page = card(exercise, lambda numbers: "<script>alert(1)</script>", as_html)
    assert "<script>" not in page
    assert 'role="alert"' in page
