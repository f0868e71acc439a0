import pytest

from course_lib.data.cache import kept
from course_lib.whole_file import write_whole


def test_a_result_is_made_once_for_a_key(cache):
    made = []

    def make():
        made.append(1)
        return ["词", 1]

    assert kept("words", "1", make) == kept("words", "1", make) == ["词", 1]
    assert len(made) == 1
    kept("words", "2", make)
    assert len(made) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"key": "1"}', b"\xff", b"null"])
def test_a_damaged_result_is_made_again(cache, content):
    write_whole(cache / "made/words.json", content)
    assert kept("words", "1", lambda: "new") == "new"
    assert kept("words", "1", lambda: "newer") == "new"


def test_a_cache_that_cannot_be_written_does_no_harm(cache):
    cache.write_text("a file")
    assert kept("words", "1", lambda: "made") == "made"
