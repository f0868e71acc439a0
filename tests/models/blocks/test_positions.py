import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.models.blocks.positions import left_padded_positions, sinusoidal_positions
from course_lib.models.blocks.rotary import (
    RotaryScaling,
    neighbours_to_halves,
    rotary_rotation,
    rotate,
)

PAIRINGS = ["halves", "neighbours"]


def test_sinusoids_by_hand():
    vectors = sinusoidal_positions(torch.tensor([0, 3]), 4)
    expected = [[0, 1, 0, 1], [math.sin(3), math.cos(3), math.sin(0.03), math.cos(0.03)]]
    torch.testing.assert_close(vectors, torch.tensor(expected, dtype=torch.float32))


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_product_of_two_sinusoids_depends_on_their_distance_alone(place, distance):
    vectors = sinusoidal_positions(torch.tensor([0, distance, place, place + distance]), 16)
    torch.testing.assert_close(vectors[0] @ vectors[1], vectors[2] @ vectors[3], atol=1e-3, rtol=0)


def test_positions_begin_after_the_padding():
    seen = torch.tensor([[0, 0, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]])
    assert left_padded_positions(seen).tolist() == [[0, 0, 0, 1], [0, 1, 2, 3], [0, 0, 0, 0]]


@pytest.mark.parametrize("pairing", PAIRINGS)
def test_a_quarter_turn_by_hand(pairing):
    # base 1: every pair turns by its position, in radians.
    x = torch.tensor([1.0, 2.0, 3.0, 4.0]).view(1, 1, 1, 4)
    rotation = rotary_rotation(torch.tensor([1]), 4, base=1.0, pairing=pairing)
    c, s = math.cos(1), math.sin(1)
    pairs = {"halves": [(1, 3), (2, 4)], "neighbours": [(1, 2), (3, 4)]}[pairing]
    turned = [(a * c - b * s, b * c + a * s) for a, b in pairs]
    expected = list(zip(*turned, strict=True)) if pairing == "halves" else turned
    torch.testing.assert_close(rotate(x, rotation).flatten(), torch.tensor(expected).flatten())


@pytest.mark.parametrize("pairing", PAIRINGS)
@given(place=st.integers(0, 60), distance=st.integers(0, 60), seed=st.integers(0, 9))
def test_rotated_products_depend_on_the_distance_alone(pairing, place, distance, seed):
    generator = torch.Generator().manual_seed(seed)
    q, k = torch.randn(2, 1, 1, 1, 8, generator=generator)
    products = []
    for start in (0, place):
        at = [
            rotary_rotation(torch.tensor([p]), 8, pairing=pairing)
            for p in (start, start + distance)
        ]
        products.append((rotate(q, at[1]) * rotate(k, at[0])).sum())
    torch.testing.assert_close(*products, atol=1e-4, rtol=1e-4)


def test_turning_keeps_lengths(generator):
    x = torch.randn(2, 3, 5, 8, generator=generator)
    turned = rotate(x, rotary_rotation(torch.arange(5), 8))
    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1))


def test_reordered_weights_make_both_pairings_one(generator):
    x, weight = torch.randn(2, 5, 6, generator=generator), torch.randn(8, 6, generator=generator)
    products = []
    for pairing, matrix in zip(
        PAIRINGS[::-1], (weight, neighbours_to_halves(weight, 2)), strict=True
    ):
        heads = (x @ matrix.t()).view(2, 5, 2, 4).transpose(1, 2)
        turned = rotate(heads, rotary_rotation(torch.arange(5), 4, pairing=pairing))
        products.append(turned @ turned.transpose(-1, -2))
    torch.testing.assert_close(*products)


@pytest.mark.parametrize("kind", ["linear", "llama3"])
def test_scaling_slows_slow_waves_and_llama3_leaves_fast_ones(kind):
    scaling = RotaryScaling(kind, 4.0, original_context=64)
    frequencies = torch.tensor([1.0, 0.001])
    ratio = frequencies / scaling.apply(frequencies)
    torch.testing.assert_close(ratio, torch.tensor([4.0 if kind == "linear" else 1.0, 4.0]))


def test_odd_sizes_are_refused():
    with pytest.raises(InputError, match="even"):
        sinusoidal_positions(torch.arange(2), 3)
    with pytest.raises(InputError, match="even"):
        rotary_rotation(torch.arange(2), 5)


def test_angles_are_those_of_transformers_a_long_way_out(tmp_path):
    transformers = pytest.importorskip("transformers")
    config = transformers.LlamaConfig(
        vocab_size=9, hidden_size=128, intermediate_size=8, num_hidden_layers=1,
        num_attention_heads=1, rope_parameters={"rope_type": "default", "rope_theta": 500_000.0},
    )  # fmt: skip
    places = torch.tensor([[1, 5000, 131_071]])
    model = transformers.LlamaModel(config)
    cosine, sine = model.rotary_emb(torch.zeros(1, 3, 128), places)
    ours = rotary_rotation(places, 128, base=500_000.0)
    torch.testing.assert_close(ours.cosine, cosine[..., :64], rtol=0, atol=1e-6)
    torch.testing.assert_close(ours.sine, sine[..., :64], rtol=0, atol=1e-6)
