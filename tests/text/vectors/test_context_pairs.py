import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.text.vectors.context_pairs import context_pairs, within_reach
from course_lib.text.vectors.window_pairs import skip_gram_pairs

SENTENCES = st.lists(st.lists(st.integers(0, 5), max_size=8), min_size=1, max_size=5)


def in_a_row(sentences):
    ids = np.array([word for sentence in sentences for word in sentence], dtype=np.int64)
    places = np.repeat(np.arange(len(sentences)), [len(sentence) for sentence in sentences])
    return ids, places


@given(SENTENCES, st.integers(1, 9))
def test_array_pairs_are_those_of_the_definition(sentences, window):
    expected = sorted(skip_gram_pairs(sentences, window))
    assert sorted(map(tuple, context_pairs(*in_a_row(sentences), window).tolist())) == expected


@given(SENTENCES.filter(any), st.integers(1, 4), st.data())
def test_a_mask_shows_each_centre_what_lies_within_its_reach(sentences, window, data):
    _, places = in_a_row(sentences)
    reach = data.draw(st.lists(st.integers(1, window), min_size=len(places), max_size=len(places)))
    padded = np.pad(places, window, constant_values=-1)
    mask = within_reach(torch.from_numpy(padded)[None], torch.tensor([reach]), window)
    for i, far in enumerate(reach):
        expected = [
            j != i and abs(j - i) <= far and 0 <= j < len(places) and places[j] == places[i]
            for j in range(-window, len(places) + window)
        ]
        assert mask[0, i].tolist() == expected


def test_places_without_a_token_are_nobodys_context():
    mask = within_reach(torch.full((2, 6), -1), torch.full((2, 2), 2), window=2)
    assert not mask.any()
