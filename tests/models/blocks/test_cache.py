import pytest
import torch

from course_lib.errors import InputError
from course_lib.models import KVCache


@pytest.fixture
def cache():
    return KVCache(layers=2, batch=2, heads=1, capacity=3, size=2)


def kv(value, time):
    return torch.full((2, 1, time, 2), value), torch.full((2, 1, time, 2), -value)


def test_what_is_written_comes_back_in_order(cache):
    for layer in range(2):
        cache.extend(layer, *kv(1.0 + layer, 2))
    cache.advance(2)
    keys, values = cache.extend(1, *kv(9.0, 1))
    assert keys[0, 0, :, 0].tolist() == [2.0, 2.0, 9.0]
    assert values[1, 0, :, 1].tolist() == [-2.0, -2.0, -9.0]
    assert cache.bytes == 2 * 2 * 2 * 3 * 2 * 4


def test_more_than_the_capacity_is_refused(cache):
    cache.extend(0, *kv(1.0, 3))
    cache.advance(3)
    with pytest.raises(InputError, match="at most 3 tokens, got 4"):
        cache.extend(0, *kv(1.0, 1))


def test_rows_can_change_places(cache):
    k = torch.tensor([1.0, 2.0]).view(2, 1, 1, 1).expand(2, 1, 1, 2)
    cache.extend(0, k, k)
    cache.reorder(torch.tensor([1, 1]))
    cache.advance(1)
    keys, _ = cache.extend(0, *kv(0.0, 1))
    assert keys[:, 0, 0, 0].tolist() == [2.0, 2.0]
