from dataclasses import replace

import pytest
import torch

from course_lib.errors import InputError
from course_lib.models import MaskedLanguageModel, bert_config, hide_words

CONFIG = bert_config(vocabulary=40, context=12, layers=2, heads=2, width=16)


@pytest.fixture
def encoder(generator):
    return MaskedLanguageModel(CONFIG, generator).eval()


def test_every_token_sees_what_comes_after(encoder, ids):
    changed = ids.clone()
    changed[:, -1] = (changed[:, -1] + 1) % 31
    assert not torch.allclose(encoder(ids)[:, 0], encoder(changed)[:, 0])


def test_padding_changes_nothing(encoder, ids):
    seen = torch.arange(10)[None].expand(3, 10) < 7
    torch.testing.assert_close(encoder(ids, seen)[:, :7], encoder(ids[:, :7]), rtol=1e-4, atol=1e-5)


def test_logits_equal_transformers_bert(encoder, ids):
    transformers = pytest.importorskip("transformers")
    theirs = transformers.BertForMaskedLM(
        transformers.BertConfig(
            vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
            intermediate_size=64, max_position_embeddings=12, pad_token_id=None,
        )
    ).eval()  # fmt: skip
    weights = dict(theirs.state_dict())
    theirs.load_state_dict({**weights, **_as_bert(encoder, weights)})
    with torch.no_grad():
        torch.testing.assert_close(encoder(ids), theirs(ids).logits, rtol=1e-4, atol=1e-4)


def _as_bert(encoder, weights):
    named = {
        "bert.embeddings.word_embeddings": encoder.embedding,
        "bert.embeddings.position_embeddings": encoder.positions,
        "bert.embeddings.LayerNorm": encoder.norm,
        "cls.predictions.transform.dense": encoder.transform,
        "cls.predictions.transform.LayerNorm": encoder.head_norm,
        "cls.predictions.decoder": encoder.head,
    }
    out = {}
    for number, block in enumerate(encoder.blocks):
        layer = f"bert.encoder.layer.{number}"
        for kind in ("weight", "bias"):
            parts = getattr(block.attention.qkv, kind).chunk(3)
            for name, part in zip(("query", "key", "value"), parts, strict=True):
                out[f"{layer}.attention.self.{name}.{kind}"] = part
        named |= {
            f"{layer}.attention.output.dense": block.attention.project,
            f"{layer}.attention.output.LayerNorm": block.attention_norm,
            f"{layer}.intermediate.dense": block.feed_forward.expand,
            f"{layer}.output.dense": block.feed_forward.project,
            f"{layer}.output.LayerNorm": block.feed_forward_norm,
        }
    for name, module in named.items():
        out |= {f"{name}.{kind}": one for kind, one in module.named_parameters()}
    out["cls.predictions.bias"] = encoder.head.bias
    out["bert.embeddings.token_type_embeddings.weight"] = torch.zeros(2, 16)
    assert set(out) <= set(weights)
    return out


def test_hidden_words_follow_the_papers_shares(generator):
    ids = torch.randint(1000, (50, 1000), generator=generator)
    special = torch.zeros_like(ids, dtype=torch.bool)
    special[:, :100] = True
    hidden, targets = hide_words(
        ids, mask_id=1000, vocabulary=1000, special=special, generator=generator
    )
    asked = targets != -100
    assert not asked[:, :100].any()
    assert asked[:, 100:].float().mean().item() == pytest.approx(0.15, abs=0.01)
    assert torch.equal(targets[asked], ids[asked])
    assert torch.equal(hidden[~asked], ids[~asked])
    assert (hidden[asked] == 1000).float().mean().item() == pytest.approx(0.8, abs=0.02)
    assert (hidden[asked] == ids[asked]).float().mean().item() == pytest.approx(0.1, abs=0.02)


def test_a_text_beyond_the_context_is_refused(encoder):
    with pytest.raises(InputError, match="at most 12 tokens, got 13"):
        encoder(torch.zeros(1, 13, dtype=torch.long))


def test_rotary_positions_tell_words_apart(generator, ids):
    encoder = MaskedLanguageModel(replace(CONFIG, positions="rotary"), generator).eval()
    with torch.no_grad():
        for parameter in encoder.parameters():
            parameter += torch.empty_like(parameter).normal_(0, 0.3, generator=generator)
    swapped = ids.clone()
    ids[:, 1], ids[:, 2] = 5, 6
    swapped[:, 1], swapped[:, 2] = 6, 5
    assert not torch.allclose(encoder(ids)[:, 0], encoder(swapped)[:, 0], atol=1e-3)
