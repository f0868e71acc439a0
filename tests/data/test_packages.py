"""The loaders of what installed packages bring, on the real files."""

import re

import numpy as np
import pytest

from course_lib import data
from course_lib.data import docstrings, installed
from course_lib.errors import DataError, InputError


def test_docstrings_are_prose():
    paragraphs = data.docstring_paragraphs(["gensim"])
    assert len(paragraphs) > 1000
    assert len(set(paragraphs)) == len(paragraphs)
    assert not [one for one in paragraphs if ">>>" in one or "\n" in one or "``" in one]


def test_docstrings_come_again_from_the_cache(monkeypatch):
    docstrings._prose.cache_clear()
    first = data.docstring_paragraphs(["gensim"])
    docstrings._prose.cache_clear()
    monkeypatch.setattr(docstrings, "_collect", lambda _: pytest.fail("read again"))
    assert data.docstring_paragraphs(["gensim"]) == first


def test_a_change_of_the_result_does_not_change_the_next():
    data.docstring_paragraphs(["gensim"]).clear()
    data.sentiment_lexicon().clear()
    data.word_analogies()["currency"].clear()
    assert data.docstring_paragraphs(["gensim"])
    assert data.sentiment_lexicon()
    assert data.word_analogies()["currency"]


def test_a_summary_is_one_sentence_and_its_body_is_longer():
    pairs = data.docstring_summaries(["gensim"])
    assert len(pairs) > 100
    assert all(one.summary.endswith(".") and ". " not in one.summary for one in pairs)
    assert all(len(one.body.split()) >= 20 for one in pairs)
    assert len({one.body for one in pairs}) == len(pairs)


def test_docstrings_of_source_that_is_never_run(tmp_path):
    (tmp_path / "tests").mkdir()
    sentence = "This sentence has eight words and a stop."
    (tmp_path / "a.py").write_text(
        f'"""Sum it up."""\nraise SystemExit\n\nif 1:\n    class A:\n        def f(self):\n'
        f'            """Do it.\n\n            {sentence}"""\n'
    )
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "tests/b.py").write_text(f'"""Not this: {sentence}"""\n')
    assert docstrings._collect(tmp_path)["paragraphs"] == [sentence]


def test_an_unknown_package_and_a_missing_one(monkeypatch):
    with pytest.raises(InputError, match="numpy"):
        data.docstring_paragraphs(["pandas"])
    monkeypatch.setattr(docstrings, "package_folder", lambda _: None)
    with pytest.raises(DataError, match="pip install scikit-learn"):
        data.docstring_paragraphs(["sklearn"])


def test_wikipedias_articles_are_whole_and_plain():
    articles = {one.title: one for one in data.wikipedia_articles()}
    assert len(articles) == 97
    assert sum(len(one.tokens) for one in articles.values()) > 380_000
    text = "\n".join(one.text for one in articles.values())
    assert not re.search(r"\[\[|\]\]|\{\{|\}\}|<ref|'''|&nbsp;|==", text)
    assert articles["Aristotle"].text.startswith("Aristotle (")


def test_wikipedias_words_are_those_of_gensims_corpus():
    from gensim.corpora.wikicorpus import WikiCorpus

    path = installed.installed_file("gensim", f"test/test_data/{data.wikipedia._FILE}", pip="x")
    corpus = WikiCorpus(str(path), processes=1, dictionary={})
    theirs = next(tokens for tokens in corpus.get_texts())
    ours = data.wikipedia_articles()[0].tokens
    assert len(set(ours) - set(theirs)) / len(set(ours)) < 0.01
    assert len(ours) > 0.6 * len(theirs)  # without lists, references and captions


def test_analogies_have_fourteen_sections_of_which_nine_are_grammar():
    sections = data.word_analogies()
    assert len(sections) == 14
    assert sum(name.startswith("gram") for name in sections) == 9
    assert tuple(sections["family"][0]) == ("boy", "girl", "brother", "sister")


def test_chinese_words_are_those_of_jieba():
    import jieba

    words, tags, idf = data.chinese_dictionary(), data.chinese_tags(), data.chinese_idf()
    assert len(words) == len(tags) == 349_045
    assert len(idf) == 270_132
    tokenizer = jieba.Tokenizer()
    frequencies, _ = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    assert all(frequencies[word] == count for word, count in list(words.items())[:20_000])


def test_chinese_pairs_are_chinese_and_english():
    pairs = data.chinese_english_pairs()
    assert len(pairs) > 2500
    assert len(set(pairs)) == len(pairs)
    assert all(re.search(r"[\u4e00-\u9fff]", chinese) for chinese, _ in pairs)
    assert not any(re.search(r"[\u4e00-\u9fff]|\x04|\x00", english) for _, english in pairs)
    assert ("下载", "Download") in pairs
    assert 800 < len(data.chinese_english_pairs(minimum_words=5)) < len(pairs)


def test_chinese_sentences_are_lines_of_text():
    sentences = data.chinese_sentences()
    assert len(sentences) > 2500
    assert all(one == one.strip() and "<" not in one for one in sentences)
    assert 1000 < len(data.chinese_sentences(minimum_characters=10)) < len(sentences)


def test_without_the_language_pack_its_command_is_named(monkeypatch):
    monkeypatch.setattr(installed, "package_folder", lambda _: None)
    data.translations._pairs.cache_clear()
    with pytest.raises(DataError, match="pip install jupyterlab-language-pack-zh-CN"):
        data.chinese_english_pairs()


def test_a_package_without_its_file_is_to_be_installed_again():
    with pytest.raises(DataError, match=r"--force-reinstall --no-deps numpy"):
        installed.installed_file("numpy", "no/such/file", pip="numpy")


def test_the_lexicon_is_vaders_and_its_means_are_means():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    lexicon = data.sentiment_lexicon()
    vader = SentimentIntensityAnalyzer().lexicon
    assert {word: entry.mean for word, entry in lexicon.items()} == vader
    assert all(len(entry.ratings) == 10 for entry in lexicon.values())
    far = [word for word, (mean, ratings) in lexicon.items() if abs(np.mean(ratings) - mean) > 0.06]
    assert len(far) < 10


def test_digits_are_images_from_0_to_1():
    images, labels, names = data.digits()
    assert images.shape == (1797, 8, 8)
    assert images.dtype == np.float32
    assert (images.min(), images.max()) == (0, 1)
    assert np.bincount(labels).min() > 170
    assert names[9] == "9"
