import pytest

from course_lib.errors import InputError
from course_lib.training import corpus as module
from course_lib.training.corpus import END, prepare, split_documents


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(10):
        text = f"the cat number {number} sat on the mat. " * 5
        (folder / f"{number}.txt").write_text(text, "utf-8")
    return folder


def test_equal_documents_never_stand_on_both_sides():
    documents = [f"text {n % 7}" for n in range(50)] + ["", "  "]
    training, validation = split_documents(documents, 0.3, seed=1)
    assert len(training) + len(validation) == 7
    assert not set(training) & set(validation)


@pytest.mark.parametrize("share", [0.0001, 0.9999])
def test_a_share_that_leaves_nothing_on_one_side_is_refused(share):
    with pytest.raises(InputError, match="some to learn from and some to hold out"):
        split_documents(["a", "b", "c"], share, seed=0)


def test_every_document_ends_and_comes_back(texts, tmp_path):
    corpus = prepare(tmp_path / "corpus", str(texts), 300, 0.2, seed=0)
    end = corpus.tokenizer.special_tokens[END]
    ids = corpus.validation.tokens.tolist()
    assert ids.count(end) == 2
    assert ids[-1] == end
    text = corpus.tokenizer.decode(ids[: ids.index(end)])
    assert text in [path.read_text("utf-8") for path in texts.iterdir()]


def test_the_tokenizer_never_sees_what_is_held_out(texts, tmp_path, monkeypatch):
    seen, train = [], module.BPETokenizer.train

    def watched(documents, *others):
        seen.extend(documents)
        return train(documents, *others)

    monkeypatch.setattr(module.BPETokenizer, "train", staticmethod(watched))
    corpus = prepare(tmp_path / "corpus", str(texts), 300, 0.2, seed=0)
    held_out = corpus.tokenizer.decode(corpus.validation.tokens.tolist()).split(END)
    assert len(seen) == 8
    assert not set(seen) & set(held_out)


def test_a_corpus_is_made_once_and_anew_for_another_wish(texts, tmp_path, monkeypatch):
    first = prepare(tmp_path / "corpus", str(texts), 300, 0.2, seed=0)
    monkeypatch.setattr(module, "documents_of", lambda source: pytest.fail("read again"))
    again = prepare(tmp_path / "corpus", str(texts), 300, 0.2, seed=0)
    assert again.training.tokens.tolist() == first.training.tokens.tolist()
    with pytest.raises(pytest.fail.Exception, match="read again"):
        prepare(tmp_path / "corpus", str(texts), 300, 0.3, seed=0)


def test_a_folder_without_texts_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"files that end in \.txt"):
        prepare(tmp_path / "corpus", str(tmp_path), 300, 0.2, seed=0)


def test_a_text_in_another_encoding_is_named_and_nothing_is_left_behind(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "old.txt").write_bytes("naïve".encode("latin-1"))
    with pytest.raises(InputError, match=r"old\.txt: expected UTF-8"):
        prepare(tmp_path / "corpus", str(tmp_path / "texts"), 300, 0.5, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["texts"]
