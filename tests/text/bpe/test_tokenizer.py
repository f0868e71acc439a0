import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import tiktoken
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from course_lib.errors import DataError, InputError
from course_lib.text import BPETokenizer, count_words, split_pattern, train_by_definition
from course_lib.text.bpe.byte_alphabet import visible
from course_lib.text.bpe.encoding import LONG, PieceEncoder

TEXT = Path(__file__).read_text("utf-8") * 2 + "我们学习语言模型，语言模型学习我们。" * 9


@pytest.fixture(scope="module", params=["gpt2", "gpt4"])
def tokenizer(request):
    return BPETokenizer.train(TEXT, 700, ["<end>", "<end>s"], pattern=request.param)


@pytest.fixture(scope="module")
def in_tiktoken(tokenizer):
    ranks = {
        token: number
        for number, token in tokenizer.vocab.items()
        if number not in tokenizer.special_tokens.values()
    }
    return tiktoken.Encoding(
        "ours",
        pat_str=tokenizer.pattern.expression,
        mergeable_ranks=ranks,
        special_tokens=tokenizer.special_tokens,
    )


def in_tokenizers(tokenizer):
    special = set(tokenizer.special_tokens.values())
    numbers = {visible(t): n for n, t in tokenizer.vocab.items() if n not in special}
    merges = [(visible(left), visible(right)) for left, right in tokenizer.merges]
    theirs = Tokenizer(models.BPE(vocab=numbers, merges=merges))
    theirs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return theirs


def test_training_by_hand():
    tokenizer = BPETokenizer.train(["hug pug", "pun bun hugs"], 259)
    assert tokenizer.merges == [(b"u", b"g"), (b"u", b"n"), (b"h", b"ug")]
    assert tokenizer.encode("hug bun") == [258, 32, 98, 257]


def test_the_merges_are_those_of_the_definition(tokenizer):
    words = count_words(TEXT, tokenizer.pattern, list(tokenizer.special_tokens))
    assert tokenizer.merges[:99] == train_by_definition(words, 99)


def test_the_size_counts_bytes_merges_and_special_tokens(tokenizer):
    assert len(tokenizer) == len(tokenizer.vocab) == 700
    assert len(tokenizer.merges) == 700 - 256 - 2
    assert sorted(tokenizer.vocab) == list(range(700))
    assert tokenizer.special_tokens == {"<end>": 698, "<end>s": 699}


def test_training_stops_when_no_pair_is_left():
    assert len(BPETokenizer.train("ab", 1000)) == 257


def test_a_file_trains_the_same_as_its_text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT.encode())
    assert BPETokenizer.train(path, 400).merges == BPETokenizer.train(TEXT, 400).merges


def test_a_special_token_leaves_no_trace_in_the_merges():
    tokenizer = BPETokenizer.train("a<end>" * 9 + "bb", 300, ["<end>"])
    assert tokenizer.merges == [(b"b", b"b")]


@given(text=st.text() | st.text("ab <end>s我们\n'", max_size=80))
def test_decoding_gives_the_text_back(tokenizer, text):
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.decode(tokenizer.encode(text, "all")) == text


@given(text=st.text() | st.text("merging toknsfr_的我们学习<end>\n' 019"))
def test_the_numbers_are_tiktokens(tokenizer, in_tiktoken, text):
    assert tokenizer.encode(text) == in_tiktoken.encode_ordinary(text)


def test_the_numbers_of_a_whole_file_are_those_of_both_peers(tokenizer, in_tiktoken):
    assert tokenizer.encode(TEXT) == in_tiktoken.encode_ordinary(TEXT)
    if tokenizer.pattern.name == "gpt2":
        assert tokenizer.encode(TEXT) == in_tokenizers(tokenizer).encode(TEXT).ids


@given(text=st.text("merging", min_size=LONG, max_size=3 * LONG))
def test_the_heap_for_long_pieces_merges_as_the_plain_loop_does(tokenizer, text):
    encoder = tokenizer._encoder
    tokens = text
    while candidates := {encoder._token_of.get(a + b) for a, b in pairwise(tokens)} - {None}:
        first = min(candidates)
        tokens = tokens.replace(encoder._pair_of[first], first)
    assert encoder._merged_by_heap(text) == tokens


def test_merges_apply_in_the_order_learned_not_the_longest_first():
    tokenizer = BPETokenizer([(b"b", b"c"), (b"a", b"b"), (b"ab", b"d")])
    assert tokenizer.tokens("abc abd") == [b"a", b"bc", b" ", b"abd"]


def test_overlapping_pairs_are_merged_from_the_left():
    tokenizer = BPETokenizer([(b"a", b"a")])
    assert tokenizer.tokens("aaaaa") == [b"aa", b"aa", b"a"]
    assert tokenizer.tokens("a" * 601) == [b"aa"] * 300 + [b"a"]


def test_special_tokens_count_only_when_allowed(tokenizer):
    end, longer = tokenizer.special_tokens.values()
    assert end not in tokenizer.encode("a<end>")
    assert tokenizer.encode("<end>", ["<end>"]) == [end]
    assert tokenizer.encode("<end>s<end>", "all") == [longer, end]
    assert tokenizer.encode("<end>s", ["<end>"]) == [end, ord("s")]


def test_an_unknown_special_token_is_refused(tokenizer):
    with pytest.raises(InputError, match="allowed_special"):
        tokenizer.encode("a", ["<start>"])
    with pytest.raises(InputError, match="allowed_special"):
        tokenizer.encode("a", "<end>")


def test_a_batch_is_encoded_text_by_text(tokenizer):
    texts = ["", "to be", "<end>"]
    assert tokenizer.encode_batch(texts) == [tokenizer.encode(text) for text in texts]
    assert tokenizer.encode_batch(texts, "all")[2] == [tokenizer.special_tokens["<end>"]]


def test_token_numbers_may_be_tensors_or_numpys():
    for kind in (torch.tensor, np.int64, int):
        assert BPETokenizer().decode([kind(72), kind(105)]) == "Hi"
        assert BPETokenizer().decode(iter([kind(72)])) == "H"


def test_a_batch_is_not_decoded_as_if_it_were_a_row():
    with pytest.raises(InputError, match="the ids: expected whole numbers in one row"):
        BPETokenizer().decode(torch.tensor([[72, 105]]))


def test_half_a_character_is_shown_as_lost_unless_strict():
    tokenizer = BPETokenizer()
    half = tokenizer.encode("我")[:2]
    assert tokenizer.decode(half) == "\ufffd"
    with pytest.raises(UnicodeDecodeError):
        tokenizer.decode(half, errors="strict")


def test_arrays_of_numbers_decode(tokenizer):
    assert tokenizer.decode(np.array(tokenizer.encode("我们 learn"))) == "我们 learn"


def test_what_cannot_be_is_refused(tokenizer):
    with pytest.raises(InputError, match="token number"):
        tokenizer.decode([700])
    with pytest.raises(InputError, match="surrogate"):
        tokenizer.encode("half \ud800")
    with pytest.raises(InputError, match="vocab_size"):
        BPETokenizer.train("text", 256, ["<end>"])
    with pytest.raises(InputError, match="special tokens"):
        BPETokenizer(special_tokens=["<end>", "<end>"])
    with pytest.raises(InputError, match="special tokens"):
        BPETokenizer(special_tokens={"<end>": 65})
    with pytest.raises(InputError, match="special tokens"):
        BPETokenizer(special_tokens=[""])
    with pytest.raises(InputError, match="merge 1"):
        BPETokenizer([(b"a", b"b"), (b"bc", b"d")])
    with pytest.raises(InputError, match="merge 1"):
        BPETokenizer([(b"a", b"b"), (b"a", b"b")])
    with pytest.raises(InputError, match="numbers"):
        BPETokenizer(numbers=[0] * 256)
    with pytest.raises(InputError, match="pattern"):
        BPETokenizer(pattern="(")
    with pytest.raises(InputError, match="numbers"):
        BPETokenizer([(b"a", b"b")], numbers=range(256))


def test_the_memory_of_pieces_is_bounded(monkeypatch):
    monkeypatch.setattr("course_lib.text.bpe.encoding.REMEMBERED_PIECES", 3)
    encoder = PieceEncoder([(97, 98)])
    pieces = [f"ab{number}" for number in range(10)] + ["a" * 1000]
    tokens = encoder.encode(pieces)
    assert len(encoder) <= 3
    assert tokens == encoder.encode(pieces)


def test_saving_and_loading_give_the_same_tokenizer(tokenizer, tmp_path):
    path = tmp_path / "bpe.json"
    tokenizer.save(path)
    loaded = BPETokenizer.load(path)
    assert loaded.vocab == tokenizer.vocab
    assert loaded.merges == tokenizer.merges
    assert loaded.pattern == tokenizer.pattern
    assert loaded.encode(TEXT + "<end>", "all") == tokenizer.encode(TEXT + "<end>", "all")
    assert [file.name for file in tmp_path.iterdir()] == ["bpe.json"]


def test_a_pattern_of_ones_own_is_kept(tmp_path):
    tokenizer = BPETokenizer.train("a-b a-b", 258, pattern=split_pattern(r"\S+|\s+"))
    tokenizer.save(tmp_path / "bpe.json")
    assert BPETokenizer.load(str(tmp_path / "bpe.json")).tokens("a-b") == [b"a-b"]


@pytest.mark.parametrize(
    "change",
    [
        {"format": "another"},
        {"version": 2},
        {"merges": ["a b", "zz y"]},
        {"merges": ["a"]},
        {"merges": [7]},
        {"merges": ["a \n"]},
        {"merges": {}},
        {"special_tokens": {"<end>": 3}},
        {"special_tokens": {"<end>": "3"}},
        {"special_tokens": []},
        {"numbers": [1, 2]},
        {"numbers": [True] * 259},
        {"pattern": "gpt9"},
        {"pattern": ["a", "b"]},
        {"pattern": ["custom", "(", ""]},
    ],
    ids=str,
)
def test_a_file_that_is_not_as_saved_is_refused_by_name(change, tmp_path):
    path = tmp_path / "bpe.json"
    BPETokenizer([(b"a", b"b")], ["<end>"]).save(path)
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **change}))
    with pytest.raises(DataError, match=r"bpe\.json"):
        BPETokenizer.load(path)


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff", b'{"format": ', b"[" * 100_000])
def test_a_file_of_another_kind_is_refused(content, tmp_path):
    path = tmp_path / "bpe.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"bpe\.json"):
        BPETokenizer.load(path)


def test_an_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "bpe.json"
    BPETokenizer().save(path)
    before = path.read_bytes()

    def full(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        BPETokenizer([(b"a", b"b")]).save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["bpe.json"]


@pytest.fixture
def gpt2_files(tmp_path):
    """A tiny model in GPT-2's two files, with numbers in another order than GPT-2's."""
    merges = ["t h", "th e", "Ġ the", "æ Ī", "æĪ ĳ"]
    alphabet = sorted(visible(bytes([byte])) for byte in range(256))
    names = ["<s>", *alphabet, *(merge.replace(" ", "") for merge in merges), "<|endoftext|>"]
    (tmp_path / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", "utf-8")
    numbers = {name: number for number, name in enumerate(names)}
    (tmp_path / "vocab.json").write_text(json.dumps(numbers))
    return tmp_path / "merges.txt", tmp_path / "vocab.json"


def test_gpt2_files_give_the_numbers_that_tokenizers_gives(gpt2_files):
    ours = BPETokenizer.load_gpt2(*gpt2_files)
    theirs = Tokenizer(models.BPE.from_file(str(gpt2_files[1]), str(gpt2_files[0])))
    theirs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    for text in ("then the other", "我 of the 慢", "x\n\ty"):
        assert ours.encode(text) == theirs.encode(text).ids
        assert ours.decode(ours.encode(text)) == text
    assert ours.special_tokens == {"<s>": 0, "<|endoftext|>": 262}


def test_gpt2_numbers_without_a_vocabulary_are_gpt2s_own_order(gpt2_files):
    tokenizer = BPETokenizer.load_gpt2(gpt2_files[0])
    assert tokenizer.encode('!"A') == [0, 1, 32]  # as in GPT-2: printable characters first
    assert tokenizer.encode(" \n") == [220, 198]
    assert tokenizer.encode("<|endoftext|>", "all") == [261]


def test_a_loaded_gpt2_can_be_saved_and_loaded(gpt2_files, tmp_path):
    tokenizer = BPETokenizer.load_gpt2(*gpt2_files)
    tokenizer.save(tmp_path / "ours.json")
    assert BPETokenizer.load(tmp_path / "ours.json").vocab == tokenizer.vocab


def test_gpt2_files_that_do_not_belong_together_are_refused(gpt2_files):
    merges, vocabulary = gpt2_files
    vocabulary.write_text('{"a": 1}')
    with pytest.raises(DataError, match="number for each byte"):
        BPETokenizer.load_gpt2(merges, vocabulary)
    merges.write_text("#version: 0.2\nonly\n")
    with pytest.raises(DataError, match="two tokens"):
        BPETokenizer.load_gpt2(merges)
