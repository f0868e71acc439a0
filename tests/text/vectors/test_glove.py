import numpy as np
import pytest
import torch
from scipy.sparse import csr_array

from course_lib.errors import InputError
from course_lib.text.vectors.glove import Model, explain_counts, start, step, train_glove
from course_lib.text.vectors.glove_weighting import glove_weight
from tests.text.vectors.planted_topics import planted, share_of_neighbours_on_topic

WORDS, DIMENSIONS, X_MAX = 6, 3, 10.0


@pytest.fixture
def model():
    drawn = start(WORDS, DIMENSIONS, torch.Generator().manual_seed(3), torch.device("cpu"))
    rows, columns = drawn.rows * 3, drawn.columns * 3
    rows[:, -1], columns[:, -2] = 1, 1
    return Model(rows, columns, drawn.squares)


@pytest.fixture
def cells():
    """Each row and each column comes once, so that a step is a plain AdaGrad step."""
    rows, columns = torch.arange(WORDS), torch.tensor([2, 0, 1, 5, 3, 4])
    return rows, columns, torch.tensor([0.5, 1.0, 4.0, 9.5, 10.0, 300.0])


def parts(model):
    w, b = model.rows[:, :DIMENSIONS], model.rows[:, DIMENSIONS]
    u, c = model.columns[:, :DIMENSIONS], model.columns[:, DIMENSIONS + 1]
    return [part.clone() for part in (w, b, u, c)]


def definition(w, b, u, c, rows, columns, counts):
    f = torch.from_numpy(glove_weight(counts.numpy(), X_MAX)).float()
    scores = torch.stack([w[i] @ u[j] + b[i] + c[j] for i, j in zip(rows, columns, strict=True)])
    return (f * (scores - torch.log(counts)) ** 2).sum() / 2


def test_a_step_is_pytorchs_adagrad_on_the_loss_of_the_definition(model, cells):
    leaves = [part.requires_grad_() for part in parts(model)]
    adagrad = torch.optim.Adagrad(leaves, lr=0.1, initial_accumulator_value=1.0, eps=0.0)
    for _ in range(3):
        adagrad.zero_grad()
        expected = definition(*leaves, *cells)
        expected.backward()
        adagrad.step()
        torch.testing.assert_close(step(model, *cells, X_MAX, 0.1), expected.detach())
    for ours, theirs in zip(parts(model), leaves, strict=True):
        torch.testing.assert_close(ours, theirs.detach())


def test_the_ones_beside_the_biases_stay_ones(model, cells):
    step(model, *cells, X_MAX, 0.5)
    assert (model.rows[:, -1] == 1).all()
    assert (model.columns[:, -2] == 1).all()


def test_products_of_vectors_come_to_explain_the_logarithms_of_counts():
    rng = np.random.default_rng(0)
    half = rng.integers(1, 50, size=(8, 8)).astype(float)
    losses = []
    explain_counts(csr_array(half + half.T), 10, epochs=400, learning_rate=0.2, device="cpu",
                   progress=lambda share, loss: losses.append(loss))  # fmt: skip
    assert losses[-1] < 1e-3 * losses[0]


def test_words_of_a_topic_become_neighbours():
    sentences = list(planted(np.random.default_rng(5)))
    shares = []
    vectors = train_glove(sentences, 16, window=5, x_max=30.0, epochs=30, device="cpu",
                          progress=lambda share, loss: shares.append(share))  # fmt: skip
    assert share_of_neighbours_on_topic(vectors.words, vectors.matrix) > 0.99
    assert shares == pytest.approx(np.arange(1, 31) / 30)


def test_the_same_generator_gives_the_same_vectors_and_another_others():
    def train(seed):
        table = csr_array(np.arange(9.0).reshape(3, 3))
        return explain_counts(table, 4, generator=torch.Generator().manual_seed(seed), device="cpu")

    assert np.array_equal(train(1), train(1))
    assert not np.array_equal(train(1), train(2))


@pytest.mark.parametrize(
    ("name", "value"), [("dimensions", 0), ("epochs", 0), ("x_max", 0.0), ("learning_rate", -1.0)]
)
def test_settings_that_make_no_sense_are_refused(name, value):
    with pytest.raises(InputError, match=name if name == "x_max" else name.replace("_", " ")):
        explain_counts(csr_array(np.eye(2)), **{name: value})


def test_sentences_of_one_word_hold_nothing_to_explain():
    with pytest.raises(InputError, match="two words"):
        train_glove([["a"], ["b"]], min_count=1)
