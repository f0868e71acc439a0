import numpy as np
import pytest
import torch

from course_lib.errors import InputError
from course_lib.text.vectors.skip_gram import keep_probability, train_skip_gram
from tests.text.vectors.planted_topics import planted, share_of_neighbours_on_topic


@pytest.fixture(scope="module")
def sentences():
    return list(planted(np.random.default_rng(5)))


def test_words_of_a_topic_become_neighbours_as_in_gensim(sentences):
    from gensim.models import Word2Vec

    settings = {"min_count": 1, "sample": 1e-2, "epochs": 10}
    ours = train_skip_gram(sentences, dimensions=16, device="cpu", **settings)
    theirs = Word2Vec(sentences, sg=1, vector_size=16, workers=1, seed=1, **settings).wv
    assert sorted(ours.words) == sorted(theirs.index_to_key)
    assert share_of_neighbours_on_topic(theirs.index_to_key, theirs.vectors) == 1
    assert share_of_neighbours_on_topic(ours.words, ours.matrix) == 1


def test_the_same_generator_gives_the_same_vectors_and_another_others(sentences):
    def train(seed):
        generator = torch.Generator().manual_seed(seed)
        return train_skip_gram(sentences[:50], 4, device="cpu", generator=generator).matrix

    assert np.array_equal(train(1), train(1))
    assert not np.array_equal(train(1), train(2))


def test_the_global_seed_is_neither_read_nor_changed(sentences):
    before = torch.get_rng_state()
    train_skip_gram(sentences[:50], 4, device="cpu")
    assert torch.equal(before, torch.get_rng_state())


def test_progress_rises_from_nought_while_the_loss_falls(sentences):
    reports = []
    train_skip_gram(
        sentences, 16, epochs=10, device="cpu", progress=lambda *report: reports.append(report)
    )
    shares, losses = zip(*reports, strict=True)
    assert shares[0] == 0
    assert list(shares) == sorted(shares)
    assert len(shares) <= 100
    assert losses[0] == pytest.approx(6 * np.log(2), rel=1e-3)
    assert np.mean(losses[-5:]) < 0.8 * losses[0]


@pytest.mark.parametrize("learning_rate", [0.025, 0.1])
def test_a_text_of_few_words_that_repeat_does_not_diverge(learning_rate):
    buffalo = [["buffalo"] * 20 + ["of", "Buffalo"]] * 20
    vectors = train_skip_gram(buffalo, 8, epochs=15, sample=0.0, learning_rate=learning_rate)
    assert np.abs(vectors.matrix).max() < 10


def test_long_texts_are_read_in_stretches(sentences, monkeypatch):
    monkeypatch.setattr("course_lib.text.vectors.skip_gram.STRETCH", 500)
    vectors = train_skip_gram(sentences, 16, epochs=10, min_count=1, sample=1e-2, device="cpu")
    assert share_of_neighbours_on_topic(vectors.words, vectors.matrix) == 1


def test_kept_words_agree_with_gensims_thinning(sentences):
    from gensim.models import Word2Vec

    model = Word2Vec(sentences, min_count=1, vector_size=2, epochs=1, workers=1, sample=0.01)
    words = model.wv.index_to_key
    counts = np.array([model.wv.get_vecattr(word, "count") for word in words])
    theirs = np.array([model.wv.get_vecattr(word, "sample_int") for word in words])
    np.testing.assert_allclose(keep_probability(counts, 0.01), theirs / (2**32 - 1), rtol=1e-6)


def test_without_a_sample_every_word_is_kept():
    assert keep_probability(np.array([10**9, 1]), 0.0).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("dimensions", 0), ("window", 0), ("negatives", 0), ("epochs", 0), ("learning_rate", 0.0)],
)
def test_settings_that_make_no_sense_are_refused(name, value):
    with pytest.raises(InputError, match=name.replace("_", " ")):
        train_skip_gram([["a", "b"]], **{"min_count": 1, name: value})


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
def test_a_gpu_learns_what_the_cpu_learns(sentences):
    settings = {"dimensions": 16, "min_count": 1, "sample": 1e-2, "epochs": 10}
    vectors = train_skip_gram(sentences, device="cuda", **settings)
    assert share_of_neighbours_on_topic(vectors.words, vectors.matrix) == 1
