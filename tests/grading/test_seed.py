import stat

import pytest

from course_lib.errors import InputError
from course_lib.grading.classroom.seed import SEED_FILE, secret_seed


@pytest.fixture(autouse=True)
def _no_seed_from_outside(monkeypatch):
    monkeypatch.delenv("COURSE_SEED", raising=False)


def test_a_seed_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    seed = secret_seed(tmp_path)
    assert secret_seed(tmp_path) == seed >= 1
    assert stat.S_IMODE((tmp_path / SEED_FILE).stat().st_mode) == 0o600
    assert len(list((tmp_path / SEED_FILE).parent.iterdir())) == 1


def test_two_courses_have_two_seeds(tmp_path):
    (tmp_path / "other").mkdir()
    assert secret_seed(tmp_path) != secret_seed(tmp_path / "other")


def test_the_environment_goes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SEED", "17")
    assert secret_seed(tmp_path) == 17
    assert not (tmp_path / SEED_FILE).exists()


@pytest.mark.parametrize("text", ["", "0", "-3", "many", "1.5"])
def test_what_is_no_seed_is_refused_without_being_shown(tmp_path, monkeypatch, text):
    monkeypatch.setenv("COURSE_SEED", text)
    with pytest.raises(InputError) as refused:
        secret_seed(tmp_path)
    assert "got something else" in str(refused.value)
