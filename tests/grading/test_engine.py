from tests.grading.sample_course import submission


def test_an_honest_submission_gets_all_its_points(grade):
    result = grade(submission())
    points = {name: score.points for name, score in result.scores.items()}
    assert points == {
        "check_double": 2, "check_count_words": 3, "check_row_sums": 2, "own_test": 1,
        "essay": None,
    }  # fmt: skip
    assert result.notes == []
    assert result.errors == {}
