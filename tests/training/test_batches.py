from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.training.batches import Batches, TokenWindows


def _first(batches, count, position=0):
    return [batch.tolist() for batch in islice(batches.starting_at(position), count)]


@given(st.integers(1, 6), st.integers(1, 3), st.integers(0, 40), st.integers(0, 5))
def test_it_can_be_taken_up_anywhere(size, world, position, seed):
    batches = Batches(list(range(18)), size=size, world=world, rank=world - 1, seed=seed)
    whole = _first(batches, position + 3)
    assert _first(batches, 3, position) == whole[position:]


def test_an_epoch_holds_every_item_once_over_all_processes():
    data = list(range(24))
    shares = [Batches(data, size=4, seed=3, rank=rank, world=3) for rank in range(3)]
    seen = [item for share in shares for batch in _first(share, 2) for item in batch]
    assert sorted(seen) == data


def test_each_epoch_has_an_order_of_its_own():
    batches = Batches(list(range(8)), size=8)
    first, second = _first(batches, 2)
    assert first != second
    assert sorted(first) == sorted(second)


def test_without_shuffling_the_order_is_that_of_the_data():
    assert _first(Batches([5, 6, 7, 8], size=2, shuffle=False), 3) == [[5, 6], [7, 8], [5, 6]]


def test_helping_processes_do_not_change_the_order():
    alone = Batches(TokenWindows(np.arange(41), 4), size=2, seed=1)
    helped = Batches(TokenWindows(np.arange(41), 4), size=2, seed=1, workers=2)
    for one, other in zip(
        islice(alone.starting_at(0), 7), islice(helped.starting_at(0), 7), strict=True
    ):
        assert torch.equal(one[0], other[0])
        assert torch.equal(one[1], other[1])


def test_reading_batches_draws_from_no_generator_of_others():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    _first(Batches(list(range(9)), size=3), 5)
    assert torch.equal(before, torch.get_rng_state())


def test_more_than_there_is_in_one_batch_is_refused():
    with pytest.raises(InputError, match="expected at least 12 items, got 10"):
        Batches(list(range(10)), size=4, world=3)
    with pytest.raises(InputError, match="0 ≤ rank < world"):
        Batches(list(range(10)), size=4, rank=2, world=2)


def test_many_windows_at_once_are_the_same_as_each_alone():
    windows = TokenWindows(np.arange(40, dtype=np.uint16), length=5)
    for at_once, alone in zip(windows.__getitems__([6, 0, 6]), (6, 0, 6), strict=True):
        assert all(map(torch.equal, at_once, windows[alone]))
    assert torch.equal(windows[-1][0], windows[len(windows) - 1][0])


def test_a_window_past_the_end_is_an_index_error():
    with pytest.raises(IndexError):
        TokenWindows(np.arange(11), length=5)[2]


def test_windows_shift_by_one_and_do_not_overlap():
    windows = TokenWindows(np.arange(11, dtype=np.uint16), length=5)
    assert [windows[i][0].tolist() for i in range(len(windows))] == [
        [0, 1, 2, 3, 4], [5, 6, 7, 8, 9],
    ]  # fmt: skip
    assert all(torch.equal(windows[i][1], windows[i][0] + 1) for i in range(2))
    assert windows[0][0].dtype == torch.int64


def test_a_text_of_one_window_has_no_next_token():
    with pytest.raises(InputError, match="more than a window's 5"):
        TokenWindows(np.arange(5), length=5)
