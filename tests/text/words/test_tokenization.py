import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from course_lib.text.words.tokenization import (
    _CLOSING,
    _END,
    _INNER_STOP,
    split_sentences,
    tokenize,
    tokenize_words,
)

PROSE = [
    "The cat sat on the mat .",
    "We count words, pairs and merges; then we sort them.",
    "Is this a question? Yes!",
    "Mr. Smith paid 3.14 or 1,000 for a well-known book (the first one).",
    "The U.S. team won 3 of 10 games: a surprise.",
    "A state-of-the-art model reads 1,234,567 words.",
]
MIXED = st.text(
    st.sampled_from("abcXYZ 019.,:;!?'’\"-–—_@/()$%\n\t。，！？我们学习é\u0301👩\u200d💻…")
    | st.characters()
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("don't you're O’Brien dogs'", ["don't", "you're", "O’Brien", "dogs", "'"]),
        ("well-known -- and so on...", ["well-known", "--", "and", "so", "on", "..."]),
        ("3.14 1,000 10:30 5%", ["3.14", "1,000", "10:30", "5", "%"]),
        ("1,2 -7", ["1", ",", "2", "-", "7"]),
        ("See https://a.org/b?c=1, now.", ["See", "https://a.org/b?c=1", ",", "now", "."]),
        ("(www.a.org/x)", ["(", "www.a.org/x", ")"]),
        ("mail a.b+c@d-e.com.", ["mail", "a.b+c@d-e.com", "."]),
        ("e.g. the U.S., etc.", ["e.g.", "the", "U.S.", ",", "etc."]),
        ("GPT-4 max_len 3rd x2", ["GPT-4", "max_len", "3rd", "x2"]),
        ("“naïve” cafe\u0301", ["“", "naïve", "”", "cafe\u0301"]),
        ("hi👩\u200d💻!", ["hi", "👩\u200d💻", "!"]),
        ("BPE算法,2016年。", ["BPE", "算法", ",", "2016", "年", "。"]),
        ("", []),
        (" \n\t", []),
    ],
)  # fmt: skip
def test_tokens_by_hand(text, tokens):
    assert tokenize_words(text) == tokens


@given(MIXED)
def test_joined_tokens_are_the_text_without_white_space(text):
    assert "".join(tokenize_words(text)) == "".join(text.split())


@given(MIXED)
def test_no_token_is_empty_or_holds_white_space(text):
    assert all(token.split() == [token] for token in tokenize(text))


@given(st.lists(st.text("abcdefgh", min_size=1)))
def test_plain_words_between_spaces_come_back(words):
    assert tokenize_words(" ".join(words)) == words


@pytest.mark.parametrize("text", PROSE)
def test_words_agree_with_nltks_tokenizers_that_need_no_data(text):
    from nltk.tokenize import NLTKWordTokenizer

    sentences = split_sentences(text)
    expected = [word for one in sentences for word in NLTKWordTokenizer().tokenize(one)]
    assert tokenize_words(text) == expected


@pytest.mark.parametrize("text", [*PROSE[:3], "I can't say that she's wrong.", "No-one knows."])
def test_contractions_agree_with_nltks_tweet_tokenizer(text):
    from nltk.tokenize import TweetTokenizer

    assert tokenize_words(text) == TweetTokenizer().tokenize(text)


def test_penn_cuts_contractions_where_we_do_not():
    from nltk.tokenize import TreebankWordTokenizer

    assert TreebankWordTokenizer().tokenize("don't") == ["do", "n't"]
    assert tokenize_words("don't") == ["don't"]


def test_the_segmenter_sees_chinese_runs_only():
    seen = []

    def segmenter(chinese):
        seen.append(chinese)
        return [chinese]

    assert tokenize("Hi, 你好 and 世界。", segmenter) == ["Hi", ",", "你好", "and", "世界", "。"]
    assert seen == ["你好", "世界"]


def test_without_a_segmenter_each_chinese_character_is_a_token():
    assert tokenize("学习NLP。") == ["学", "习", "NLP", "。"]


@pytest.mark.parametrize(
    "sentences",
    [
        ["One.", "Two!", "Three?", "Four"],
        ["Dr. J. Smith et al. wrote it.", "See Fig. 3 for 3.14 percent."],
        ["He left at 5 p.m. and slept.", "“Why?” she asked.", "(Nobody knew.)", "And so on..."],
        ["So do I.", "We do, e.g. today, i.e. now."],
        ["今天很好。", "真的吗？！", "“是的。”", "他说…走吧", "then"],
    ],
)
def test_sentences_by_hand(sentences):
    text = "".join(f"{one} " if one.isascii() or "”" in one else one for one in sentences)
    assert split_sentences(text.replace("走吧", "走吧\n\n")) == sentences


@pytest.mark.parametrize("run", ["!", "?", ".", "…", ".!", "…!", '!"', "! ", "\n ", "。…"])
def test_a_long_run_of_marks_takes_no_more_than_a_moment(run):
    began = time.perf_counter()
    split_sentences(run * 20_000 + "a")
    assert time.perf_counter() - began < 2  # 0.1 s; it would be most of a minute by the square


@given(st.text(st.sampled_from('.!?…。 \naB")')))
def test_a_run_of_marks_ends_a_sentence_as_a_whole(text):
    plain = regex.compile(
        rf"(?V1)(?:[.!?]{{2,}}|[!?]|…+|(?<!{_INNER_STOP})\.){_CLOSING}(?=\s+[^\s\p{{Ll}},;:])"
        rf"|[。！？]+…*{_CLOSING}|\n\s*\n"
    )
    assert [m.span() for m in _END.finditer(text)] == [m.span() for m in plain.finditer(text)]


def test_an_empty_line_ends_a_sentence_and_a_line_end_does_not():
    assert split_sentences("A title\n\none\ntwo. \n") == ["A title", "one\ntwo."]


@given(MIXED)
def test_sentences_lose_nothing_but_white_space(text):
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


@given(st.lists(st.from_regex(r"[A-Z][a-z]{2,6}( [a-z]{3,6}){1,4}[.!?]", fullmatch=True)))
def test_simple_sentences_agree_with_untrained_punkt(sentences):
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    text = " ".join(sentences)
    assert split_sentences(text) == sentences == list(PunktSentenceTokenizer().tokenize(text))


def test_every_written_character_class_of_marks_is_cut_off_words():
    for mark in regex.findall(r"\p{P}", "".join(map(chr, range(0x3000)))):
        assert tokenize_words(f"{mark} a {mark}") == [mark, "a", mark] or mark == "_"
