import os

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import DataError, InputError
from course_lib.text import TokenFile, write_tokens
from course_lib.text.token_ids import token_file

DOCUMENTS = st.lists(st.lists(st.integers(0, 999), max_size=20), max_size=8)


@given(DOCUMENTS, st.sampled_from([None, 0, 7]))
def test_the_tokens_come_back_with_an_end_behind_each_document(tmp_path_factory, documents, end):
    path = tmp_path_factory.mktemp("tokens") / "text.tokens"
    expected = [i for document in documents for i in [*document, *([] if end is None else [end])]]
    assert write_tokens(path, iter(documents), vocab_size=1000, end=end) == len(expected)
    found = TokenFile.open(path)
    assert found.tokens.tolist() == expected
    assert found.vocab_size == 1000
    assert len(found) == len(expected)


@pytest.mark.parametrize(("vocab_size", "width"), [(1, 2), (2**16, 2), (2**16 + 1, 4), (2**32, 4)])
def test_ids_are_as_wide_as_the_vocabulary_needs(tmp_path, vocab_size, width):
    write_tokens(tmp_path / "t", [[vocab_size - 1]], vocab_size)
    assert (tmp_path / "t").stat().st_size == token_file.HEADER_BYTES + width
    assert TokenFile.open(tmp_path / "t").tokens.tolist() == [vocab_size - 1]
    assert TokenFile.open(tmp_path / "t").vocab_size == vocab_size


def test_documents_longer_than_a_chunk_are_written_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(token_file, "CHUNK", 4)
    documents = [list(range(9)), np.arange(3), [1], list(range(4))]
    write_tokens(tmp_path / "t", documents, 10, end=9)
    expected = [i for document in documents for i in [*document, 9]]
    assert TokenFile.open(tmp_path / "t").tokens.tolist() == expected


def test_the_file_is_mapped_and_not_read(tmp_path):
    write_tokens(tmp_path / "t", [[1, 2]], 3)
    assert isinstance(TokenFile.open(tmp_path / "t").tokens, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        TokenFile.open(tmp_path / "t").tokens[0] = 1


@pytest.mark.parametrize("wrong", [-1, 10, 2.5, 2**70, "a"])
def test_an_id_that_is_none_is_refused_and_nothing_is_written(tmp_path, wrong):
    with pytest.raises(InputError, match="below 10"):
        write_tokens(tmp_path / "t", iter([[1, 2], [wrong]]), 10)
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("size", [0, 2**32 + 1])
def test_an_impossible_vocabulary_is_refused(tmp_path, size):
    with pytest.raises(InputError, match="vocab_size"):
        write_tokens(tmp_path / "t", [], size)


def test_an_interrupted_writer_leaves_the_old_file(tmp_path):
    def documents():
        yield [1]
        raise KeyboardInterrupt

    write_tokens(tmp_path / "t", [[2]], 10)
    with pytest.raises(KeyboardInterrupt):
        write_tokens(tmp_path / "t", documents(), 10)
    assert TokenFile.open(tmp_path / "t").tokens.tolist() == [2]
    assert os.listdir(tmp_path) == ["t"]


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (lambda data: b"", "write_tokens"),
        (lambda data: b"PK\3\4" + bytes(200), "write_tokens"),
        (lambda data: data[:40], "write_tokens"),
        (lambda data: data[:-2], "cut off"),
        (lambda data: data + b"\0\0", "cut off"),
        (lambda data: data[:12] + b"\xff" + data[13:], "damaged"),
        (lambda data: data[:-1] + b"\7", "checksum"),
    ],
)
def test_a_foreign_a_cut_or_a_changed_file_is_refused(tmp_path, harm, complaint):
    path = tmp_path / "t"
    write_tokens(path, [[1, 2, 3]], 10)
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(DataError, match=complaint):
        TokenFile.open(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="absent"):
        TokenFile.open(tmp_path / "absent")


@given(st.integers(1, 10), st.integers(0, 9))
def test_windows_are_neighbouring_tokens_from_everywhere(tmp_path_factory, length, seed):
    path = tmp_path_factory.mktemp("tokens") / "t"
    write_tokens(path, [range(10)], 10)
    found = TokenFile.open(path).windows(400, length, torch.Generator().manual_seed(seed))
    assert found.shape == (400, length)
    assert (found.diff(dim=1) == 1).all()
    assert set(found[:, 0].tolist()) == set(range(10 - length + 1))
    assert found.dtype == torch.int64


@pytest.mark.parametrize("length", [0, 4])
def test_a_window_longer_than_the_file_is_refused(tmp_path, length):
    write_tokens(tmp_path / "t", [[1, 2, 3]], 10)
    with pytest.raises(InputError, match="from 1 to 3"):
        TokenFile.open(tmp_path / "t").windows(1, length, torch.Generator())
