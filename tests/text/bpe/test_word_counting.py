import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import DataError, InputError
from course_lib.text.bpe.split_patterns import GPT2, GPT4, SplitPattern
from course_lib.text.bpe.word_counting import count_words, read_blocks, split_off

SPECIAL = ("<end>", "<end>s", "a b")
mixed = st.text("ab <end>s我\n\r0'", max_size=60)


def test_texts_are_counted_apart():
    assert count_words(["a b", "b"], GPT2) == Counter({b"a": 1, b" b": 1, b"b": 1})
    assert count_words("a bb", GPT2) == Counter({b"a": 1, b" bb": 1})


def test_special_tokens_are_cut_out_and_not_counted():
    assert count_words("x<end>sy<end>", GPT2, SPECIAL) == Counter({b"x": 1, b"y": 1})


def test_the_longest_special_token_counts():
    assert split_off("<end>s<end>", SPECIAL) == ["", "<end>s", "", "<end>", ""]


@given(
    text=mixed,
    size=st.integers(1, 9),
    pattern=st.sampled_from([GPT2, GPT4]),
    special=st.sampled_from([(), SPECIAL]),
)
def test_the_words_of_the_blocks_are_the_words_of_the_whole(
    tmp_path_factory, text, size, pattern, special
):
    path = tmp_path_factory.getbasetemp() / "text.txt"
    path.write_bytes(text.encode())
    blocks = list(read_blocks(path, pattern, special, size))
    assert "".join(blocks) == text
    runs = [run for block in blocks for run in split_off(block, special)[::2]]
    whole = split_off(text, special)[::2]
    assert [piece for run in runs for piece in pattern.split(run)] == [
        piece for run in whole for piece in pattern.split(run)
    ]


def test_a_long_file_comes_in_several_blocks(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("one two three " * 1000)
    sizes = [len(block) for block in read_blocks(path, GPT2, size=100)]
    assert len(sizes) > 100
    assert max(sizes) < 250


def test_a_pattern_without_safe_cuts_gets_the_file_whole(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("one two " * 100)
    assert len(list(read_blocks(path, SplitPattern("own", r"\S+|\s+"), size=10))) == 1


def test_several_processes_count_the_same(tmp_path, monkeypatch):
    path = tmp_path / "text.txt"
    path.write_text("to be or not to be, 你好！\n" * 50, encoding="utf-8")
    monkeypatch.setattr(read_blocks, "__defaults__", ((), 200))
    assert count_words(path, GPT2, processes=2) == count_words(path, GPT2, processes=1)


def test_a_script_that_guards_nothing_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from course_lib.text import BPETokenizer\n"
        "BPETokenizer.train(Path(__file__), 300, processes=2)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert "CourseError: counting in several processes" in done.stderr
    assert 'under if __name__ == "__main__":' in done.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe", b"good \xe6\x88"])
def test_a_file_that_is_not_utf8_is_named(tmp_path, content):
    path = tmp_path / "latin.txt"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"latin\.txt.*UTF-8"):
        count_words(path, GPT2)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="nothing"):
        count_words(tmp_path / "nothing", GPT2)


def test_bad_arguments_are_refused():
    with pytest.raises(InputError, match="processes"):
        count_words("a", GPT2, processes=0)
    with pytest.raises(InputError, match="surrogate"):
        count_words("a\ud800", GPT2)
    with pytest.raises(InputError, match="got int"):
        count_words(iter([7]), GPT2)
