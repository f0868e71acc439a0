import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.errors import InputError
from course_lib.text.token_ids.padded_batches import framed, like_lengths, padded_batch

SEQUENCES = st.lists(st.lists(st.integers(4, 99), max_size=7), min_size=1, max_size=5)


def test_padding_stands_at_the_right_unless_the_left_is_asked_for():
    assert padded_batch([[7], [8, 9]]).ids.tolist() == [[2, 7, 3, 0], [2, 8, 9, 3]]
    left = padded_batch([[7], [8, 9]], side="left")
    assert left.ids.tolist() == [[0, 2, 7, 3], [2, 8, 9, 3]]
    assert left.mask.tolist() == [[False, True, True, True], [True] * 4]


def test_a_text_is_cut_before_the_special_tokens_go_round_it():
    assert padded_batch([[7, 8, 9, 10]], longest=4).ids.tolist() == [[2, 7, 8, 3]]
    assert padded_batch([[7, 8]], longest=2).ids.tolist() == [[2, 3]]


def test_special_tokens_can_be_left_out():
    assert framed([7, 8], begin=None, end=None) == [7, 8]
    assert framed([7, 8], 2, begin=None, end=3) == [7, 3]


@given(SEQUENCES, st.sampled_from(["left", "right"]))
def test_what_the_mask_keeps_is_the_sequences(sequences, side):
    ids, mask = padded_batch(sequences, side=side)
    rows = zip(ids, mask, sequences, strict=True)
    assert all(row[real].tolist() == [2, *sequence, 3] for row, real, sequence in rows)
    assert ids.dtype == torch.int64
    assert not ids[~mask].any()


@given(SEQUENCES)
def test_a_batch_agrees_with_pytorchs_padding(sequences):
    from torch.nn.utils.rnn import pad_sequence

    rows = [torch.tensor(sequence, dtype=torch.int64) for sequence in sequences]
    for side in ("left", "right"):
        expected = pad_sequence(rows, batch_first=True, padding_value=-1, padding_side=side)
        ours = padded_batch(sequences, begin=None, end=None, padding=-1, side=side).ids
        assert torch.equal(ours, expected)


@given(SEQUENCES, st.integers(2, 9))
def test_a_batch_is_as_wide_as_its_longest_row_and_never_wider_than_asked(sequences, longest):
    ids, mask = padded_batch(sequences, longest)
    assert ids.shape[1] == min(longest, max(map(len, sequences)) + 2)
    assert (mask.sum(dim=1) == torch.tensor([min(len(s) + 2, longest) for s in sequences])).all()


def test_a_batch_agrees_with_what_hugging_faces_tokenizer_hands_to_a_model():
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = {"<pad>": 0, "<unk>": 1, "<bos>": 2, "<eos>": 3, "a": 4, "b": 5, "c": 6}
    theirs = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    theirs.pre_tokenizer = pre_tokenizers.Whitespace()
    specials = [("<bos>", 2), ("<eos>", 3)]
    theirs.post_processor = processors.TemplateProcessing(
        single="<bos> $A <eos>", special_tokens=specials
    )
    theirs.enable_truncation(4)
    theirs.enable_padding(pad_id=0, pad_token="<pad>")
    texts = ["a b c a", "b"]
    encoded = theirs.encode_batch(texts)
    ids, mask = padded_batch([[words[word] for word in text.split()] for text in texts], longest=4)
    assert ids.tolist() == [row.ids for row in encoded]
    assert mask.int().tolist() == [row.attention_mask for row in encoded]


@pytest.mark.parametrize(
    ("arguments", "keywords", "complaint"),
    [
        (([],), {}, "at least one"),
        (([[4]], 1), {}, "at least 2"),
    ],
)
def test_an_impossible_batch_is_refused(arguments, keywords, complaint):
    with pytest.raises(InputError, match=complaint):
        padded_batch(*arguments, **keywords)


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 7), st.integers(0, 9))
def test_every_item_is_in_one_batch(lengths, size, seed):
    batches = like_lengths(lengths, size, torch.Generator().manual_seed(seed), pool=3)
    assert sorted(number for batch in batches for number in batch) == list(range(len(lengths)))
    assert all(1 <= len(batch) <= size for batch in batches)


def test_batches_of_like_lengths_hold_less_padding_than_random_ones():
    lengths = torch.randint(1, 100, (1000,), generator=torch.Generator().manual_seed(1)).tolist()
    alike = like_lengths(lengths, 20, torch.Generator().manual_seed(2))
    padding = sum(max(lengths[i] for i in batch) * len(batch) for batch in alike) - sum(lengths)
    assert padding < 0.03 * sum(lengths)


def test_the_same_generator_gives_the_same_batches_and_another_others():
    lengths = list(range(100))
    first = like_lengths(lengths, 4, torch.Generator().manual_seed(1))
    assert first == like_lengths(lengths, 4, torch.Generator().manual_seed(1))
    assert first != like_lengths(lengths, 4, torch.Generator().manual_seed(2))


@pytest.mark.parametrize("sizes", [{"size": 0}, {"size": 1, "pool": 0}])
def test_an_impossible_size_is_refused(sizes):
    with pytest.raises(InputError, match="at least 1"):
        like_lengths([1], generator=torch.Generator(), **sizes)
