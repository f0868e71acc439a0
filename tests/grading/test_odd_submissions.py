from pathlib import Path

import pytest

from tests.grading.odd_submissions import ALL, ATTACKS, BROKEN_CODE, FORGERIES, FULL
from tests.grading.sample_course import submission

PLACES = {
    b"__REPOSITORY__": str(Path(__file__).resolve().parents[2]).encode(),
    b"__HOME__": str(Path.home()).encode(),
}
HOSTILE = [*ATTACKS, *FORGERIES, *BROKEN_CODE]


@pytest.mark.sandbox
@pytest.mark.parametrize("odd", ALL, ids=[odd.name for odd in ALL])
def test_an_odd_submission_gets_what_it_deserves_and_harms_nobody(odd, grade):
    result = grade(handed_in(odd))
    assert points_of(result) == odd.points
    if odd.note and result.level == "strong":
        assert any(odd.note in note for note in result.notes)
    assert sum(map(len, result.outputs.values())) < 3_000_000
    assert all(len(text.encode()) <= 200_100 for text in result.outputs.values())
    assert points_of(grade(submission())) == FULL


@pytest.mark.sandbox
@pytest.mark.parametrize("odd", HOSTILE, ids=[odd.name for odd in HOSTILE])
def test_the_medium_level_holds_a_hostile_submission_too(odd, grade_in_medium):
    assert points_of(grade_in_medium(handed_in(odd))) == odd.points
    assert points_of(grade_in_medium(submission())) == FULL


def handed_in(odd):
    content = odd.handed_in
    for mark, place in PLACES.items():
        content = content.replace(mark, place)
    return content


def points_of(result):
    return {name: score.points for name, score in result.scores.items() if name != "essay"}
