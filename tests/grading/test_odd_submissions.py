from pathlib import Path

import pytest

from tests.grading.odd_submissions import ALL, FULL
from tests.grading.sample_course import submission

REPOSITORY = str(Path(__file__).resolve().parents[2])


@pytest.mark.sandbox
@pytest.mark.parametrize("odd", ALL, ids=[odd.name for odd in ALL])
def test_an_odd_submission_gets_what_it_deserves_and_harms_nobody(odd, grade):
    places = {b"__REPOSITORY__": REPOSITORY.encode(), b"__HOME__": str(Path.home()).encode()}
    handed_in = odd.handed_in
    for mark, place in places.items():
        handed_in = handed_in.replace(mark, place)
    result = grade(handed_in)
    assert points_of(result) == odd.points
    assert any(odd.note in note for note in result.notes) if odd.note else True
    assert sum(map(len, result.outputs.values())) < 3_000_000
    assert all(len(text.encode()) <= 200_100 for text in result.outputs.values())
    assert points_of(grade(submission())) == FULL


def points_of(result):
    return {name: score.points for name, score in result.scores.items() if name != "essay"}
