from course_lib.exercises import Case
from course_lib.exercises.probes import call, call_counting_steps, item_of_answer, itself


def test_call_passes_arguments_and_keywords():
    assert call(int, Case("base", "ff", base=16)) == 255


def test_itself_is_the_answer():
    assert itself(42, Case("any")) == 42


def test_one_item_of_an_answer_can_be_right_by_itself():
    def both(x):
        return {"double": 2 * x, "half": x / 2}

    assert item_of_answer(both, Case("half", 3).setting(item="half")) == 1.5


def test_a_loop_takes_more_steps_than_one_call():
    def loop(numbers):
        total = 0
        for number in numbers:
            total += number
        return total

    case = Case("many", list(range(1000)))
    assert call_counting_steps(lambda numbers: sum(numbers), case)["steps"] < 10
    assert call_counting_steps(loop, case)["steps"] > 2000
    generated = call_counting_steps(lambda numbers: sum(n for n in numbers), case)
    assert generated["steps"] > 1000


def test_steps_inside_packages_do_not_count_but_what_they_call_does():
    import statistics

    case = Case("many", list(range(500)))
    few = call_counting_steps(lambda numbers: statistics.variance(numbers), case)["steps"]
    many = call_counting_steps(lambda numbers: statistics.mean(n + 1 for n in numbers), case)
    assert few < 10
    assert many["steps"] > 500
