import pytest
import torch

from course_lib.errors import InputError, ShapeError
from course_lib.models import (
    EncoderDecoder,
    EncoderDecoderConfig,
    TargetDecoder,
    beam_search,
    generate,
    translation_shape,
)

SIZES = {"vocabulary": 31, "context": 12, "layers": 2, "heads": 2, "width": 16}


KINDS = {
    "pre-norm": {},
    "post-norm, learned": {"norm_first": False, "positions": "learned"},
    "rotary, grouped, wide heads": {
        "positions": "rotary", "kv_heads": 1, "head_size": 10, "qkv_bias": False,
    },
}  # fmt: skip


@pytest.fixture(params=KINDS)
def model(request, generator):
    shape = translation_shape(**SIZES, **KINDS[request.param])
    config = EncoderDecoderConfig(source_vocabulary=31, shape=shape)
    made = EncoderDecoder(config, generator).eval()
    with torch.no_grad():
        for one in made.parameters():
            one += torch.empty_like(one).normal_(0, 0.2, generator=generator)
    return made


@pytest.fixture
def texts(generator):
    source = torch.randint(31, (3, 9), generator=generator)
    return source, torch.randint(31, (3, 6), generator=generator)


def test_the_targets_future_changes_nothing(model, texts):
    source, target = texts
    changed = target.clone()
    changed[:, 4:] = (changed[:, 4:] + 1) % 31
    first, second = model(source, target), model(source, changed)
    torch.testing.assert_close(first[:, :4], second[:, :4])
    assert not torch.allclose(first[:, 4:], second[:, 4:])


def test_every_target_token_sees_the_whole_source(model, texts):
    source, target = texts
    changed = source.clone()
    changed[:, -1] = (changed[:, -1] + 1) % 31
    assert not torch.allclose(model(source, target)[:, 0], model(changed, target)[:, 0])


def _give(theirs, ours, *pairs):
    """Give a layer of nn.Transformer our weights, module by module."""
    for name, module in pairs:
        getattr(theirs, name).load_state_dict(getattr(ours, module).state_dict())
    theirs.linear1.load_state_dict(ours.feed_forward.expand.state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward.project.state_dict())
    theirs.self_attn.in_proj_weight.copy_(ours.attention.qkv.weight)
    theirs.self_attn.in_proj_bias.copy_(ours.attention.qkv.bias)
    theirs.self_attn.out_proj.load_state_dict(ours.attention.project.state_dict())


@torch.no_grad()
def _as_torch(model, shape):
    theirs = torch.nn.Transformer(
        shape.width, shape.heads, shape.layers, shape.layers, shape.hidden_width, dropout=0.0,
        batch_first=True, norm_first=shape.norm_first,
    ).eval()  # fmt: skip
    for one, other in zip(theirs.encoder.layers, model.encoder, strict=True):
        _give(one, other, ("norm1", "attention_norm"), ("norm2", "feed_forward_norm"))
    for one, other in zip(theirs.decoder.layers, model.decoder, strict=True):
        _give(one, other, ("norm1", "attention_norm"), ("norm2", "cross_norm"),
              ("norm3", "feed_forward_norm"))  # fmt: skip
        across, cross = one.multihead_attn, other.cross
        across.in_proj_weight.copy_(torch.cat((cross.query.weight, cross.key_value.weight)))
        across.in_proj_bias.copy_(torch.cat((cross.query.bias, cross.key_value.bias)))
        across.out_proj.load_state_dict(cross.project.state_dict())
    if shape.norm_first:
        theirs.encoder.norm.load_state_dict(model.encoder_norm.state_dict())
        theirs.decoder.norm.load_state_dict(model.decoder_norm.state_dict())
    else:
        theirs.encoder.norm = theirs.decoder.norm = None
    return theirs


@pytest.mark.filterwarnings("ignore:.*nested.tensor")
@pytest.mark.parametrize("kind", ["pre-norm", "post-norm, learned"])
def test_vectors_are_those_of_nn_transformer(kind, texts, generator):
    shape = translation_shape(**SIZES, **KINDS[kind])
    model = EncoderDecoder(EncoderDecoderConfig(source_vocabulary=31, shape=shape), generator)
    with torch.no_grad():
        for one in model.eval().parameters():
            one += torch.empty_like(one).normal_(0, 0.2, generator=generator)
    source, target = texts
    unseen = torch.arange(9)[None] >= torch.tensor([[9], [4], [6]])
    with torch.no_grad():
        expected = _as_torch(model, shape)(
            model._embedded(model.source_embedding(source), 0)[0],
            model._embedded(model.target_embedding(target), 0)[0],
            tgt_mask=torch.ones(6, 6, dtype=torch.bool).triu(1),
            src_key_padding_mask=unseen, memory_key_padding_mask=unseen,
        )  # fmt: skip
        got = model(source, target, source_seen=~unseen)
        torch.testing.assert_close(got, model.head(expected), rtol=1e-4, atol=1e-5)


def test_the_order_of_the_source_matters(model, texts):
    source, target = texts
    assert not torch.allclose(model(source, target), model(source.flip(1), target), atol=1e-3)


@pytest.mark.parametrize("positions", ["learned", "sinusoidal", "rotary"])
def test_the_order_of_the_target_matters_to_a_single_layer(positions, texts, generator):
    shape = translation_shape(**{**SIZES, "layers": 1}, positions=positions)
    model = EncoderDecoder(EncoderDecoderConfig(source_vocabulary=31, shape=shape), generator)
    with torch.no_grad():
        for one in model.eval().parameters():
            one += torch.empty_like(one).normal_(0, 0.3, generator=generator)
    source = texts[0][:1]
    one, other = torch.tensor([[5, 6, 7]]), torch.tensor([[6, 5, 7]])
    assert not torch.allclose(model(source, one)[:, -1], model(source, other)[:, -1], atol=1e-3)


def test_a_target_longer_than_the_context_or_with_strange_tokens_is_refused(model, texts):
    decoder = TargetDecoder(model, texts[0][:1])
    with pytest.raises(InputError, match="at most 12 tokens, got 13"):
        generate(decoder, [[1, 2]], new_tokens=12)
    with pytest.raises(InputError, match="from 0 to 30, got 31"):
        generate(decoder, [[31]], new_tokens=2)


def test_padding_of_the_source_changes_nothing(model, texts):
    source, target = texts
    seen = torch.arange(9)[None].expand(3, 9) < 5
    torch.testing.assert_close(
        model(source, target, source_seen=seen), model(source[:, :5], target), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("pieces", [[1] * 6, [2, 3, 1]])
def test_a_cache_gives_the_same_as_all_at_once(model, texts, pieces):
    source, target = texts
    pairs = model.source_keys_values(model.encode(source))
    from course_lib.models import KVCache

    shape = model.config.shape
    cache = KVCache(
        layers=2, batch=3, heads=shape.key_value_heads, capacity=6, size=shape.head_width
    )
    got = [model.decode(piece, pairs, cache=cache) for piece in target.split(pieces, dim=1)]
    torch.testing.assert_close(torch.cat(got, 1), model(source, target), rtol=1e-4, atol=1e-5)


def test_greedy_translation_takes_the_likeliest_word_each_time(model, texts):
    source, _ = texts
    seen = torch.arange(9)[None] < torch.tensor([[9], [4], [6]])
    expected = torch.full((3, 1), 1)
    for _ in range(5):
        logits = model(source, expected, source_seen=seen)
        expected = torch.cat([expected, logits[:, -1:].argmax(-1)], dim=1)
    decoder = TargetDecoder(model, source, seen)
    for _ in range(2):  # the same sources can be translated again
        assert generate(decoder, [[1]] * 3, new_tokens=5) == expected[:, 1:].tolist()


def test_beams_share_one_source(model, texts):
    source = texts[0][:1]
    decoder = TargetDecoder(model, source)
    found = beam_search(decoder, [1], new_tokens=4, beams=3)
    for one in found:
        target = torch.tensor([[1, *one.tokens]])
        chances = model(source, target[:, :-1]).log_softmax(-1)[0]
        mean = chances[range(4), one.tokens].mean().item()
        assert one.score == pytest.approx(mean, abs=1e-4)
    assert generate(decoder, [[1]], new_tokens=2)[0]


def test_alignments_are_weights_over_the_source(model, texts):
    maps = model.alignment(*texts)
    assert maps.shape == (2, 3, 2, 6, 9)
    torch.testing.assert_close(maps.sum(-1), torch.ones(2, 3, 2, 6))


def test_alignments_are_the_same_twice_in_training_mode_too(model, texts):
    for part in model.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.5
    model.train()
    first, second = model.alignment(*texts), model.alignment(*texts)
    torch.testing.assert_close(first, second, rtol=0, atol=0)
    assert model.training


def test_it_learns_to_copy(generator):
    shape = translation_shape(**{**SIZES, "width": 32}, dropout=0.0)
    model = EncoderDecoder(EncoderDecoderConfig(source_vocabulary=31, shape=shape), generator)
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    losses = []
    for _ in range(60):
        source = torch.randint(2, 31, (32, 5), generator=generator)
        target = torch.cat([torch.ones(32, 1, dtype=torch.long), source[:, :-1]], dim=1)
        logits = model(source, target).flatten(0, 1)
        losses.append(torch.nn.functional.cross_entropy(logits, source.flatten()))
        optimiser.zero_grad()
        losses[-1].backward()
        optimiser.step()
    assert losses[-1] < 0.6 * losses[0]


def test_prompts_that_do_not_fit_the_sources_are_refused(model, texts):
    decoder = TargetDecoder(model, texts[0])
    with pytest.raises(ShapeError, match="one length"):
        decoder.start([[1], [1, 2], [1]], 2)
    with pytest.raises(ShapeError, match="3, one a source, got 2"):
        decoder.start([[1], [1]], 2)
    with pytest.raises(InputError, match="at most 12 tokens, got 13"):
        model.encode(torch.zeros(1, 13, dtype=torch.long))
