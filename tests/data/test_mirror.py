"""The real downloaded sets, where ``COURSE_DATA_MIRROR`` says that they can be had."""

import os
from collections import Counter

import pytest

from course_lib import data
from course_lib.data.catalogue import downloads

MIRROR = os.environ.get("COURSE_DATA_MIRROR", "")
pytestmark = pytest.mark.skipif(not MIRROR, reason="COURSE_DATA_MIRROR is not set")


@pytest.fixture(autouse=True)
def real_sets(cache, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_MIRROR", MIRROR)
    data.fetch(sorted(set(downloads()) - {"fashion_mnist"}))


def test_corpora_poems_and_trees_have_their_sizes():
    corpora = ("shakespeare", "state_union", "inaugural", "movie_reviews", "sentence_polarity",
               "udhr")  # fmt: skip
    assert [len(data.nltk_corpus(name)) for name in corpora] == [8, 65, 59, 2000, 10662, 388]
    assert [len(data.chinese_poetry(name)) for name in data.COLLECTIONS] == [
        3002, 366, 4000, 280, 20, 305,
    ]  # fmt: skip
    assert [len(data.english_trees(split)) for split in ("dev", "test")] == [2001, 2077]
    assert [len(data.chinese_trees(split)) for split in ("dev", "test")] == [500, 500]


def test_labels_are_balanced():
    for name in ("movie_reviews", "sentence_polarity"):
        counts = Counter(one.label for one in data.nltk_corpus(name))
        assert counts["pos"] == counts["neg"] == sum(counts.values()) / 2


def test_chinese_words_join_to_the_text():
    for tree in data.chinese_trees("test"):
        assert "".join(tree.words) == tree.text.replace(" ", "").replace("\u3000", "")


def test_roles_of_nearly_all_sentences():
    sentences = data.semantic_roles("dev") + data.semantic_roles("test")
    assert len(sentences) == 4017
    predicates = [one for sentence in sentences for one in sentence.predicates]
    assert len(predicates) == 9755
    roles = Counter(argument.role for one in predicates for argument in one.arguments)
    assert (roles["ARG1"], roles["ARG0"], roles["ARG2"]) == (6419, 3458, 2328)
