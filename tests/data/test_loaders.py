"""The loaders of downloaded sets, on tiny sets of the same form."""

import gzip
import io
import json
import zipfile

import numpy as np
import pytest

from course_lib import data
from course_lib.data.fashion import read_idx
from course_lib.errors import DataError, InputError

PLAY = """<?xml version="1.0"?><PLAY><TITLE>Birds</TITLE><ACT><SPEECH><SPEAKER>A</SPEAKER>
<SPEAKER>B</SPEAKER><LINE>To be, <STAGEDIR>aside</STAGEDIR> or</LINE><LINE>not.</LINE></SPEECH>
<SPEECH><SPEAKER>C</SPEAKER><LINE>No.</LINE></SPEECH></ACT></PLAY>"""


def zipped(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def idx(array):
    shape = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes()


def here(make_sets, **sets):
    make_sets(sets)
    data.fetch(list(sets))


CORPORA = {
    "shakespeare.zip": zipped(**{"s/birds.xml": PLAY, "s/play.dtd": "x"}),
    "inaugural.zip": zipped(**{"i/README": "x", "i/1789-W.txt": "Fellow citizens\r\nof caf\u00e9"}),
    "state_union.zip": zipped(**{"s/1945-T.txt": b"caf\xe9 \x93so\x94"}),
    "udhr2.zip": zipped(**{"u/cmn_hans.txt": "\ufeff人人生而自由"}),
    "movie_reviews.zip": zipped(
        **{"m/neg/cv0.txt": "so bad .\n", "m/pos/cv1.txt": "good", "m/README": "x"}
    ),
    "sentence_polarity.zip": zipped(
        **{"p/rt-polarity.neg": "bad . \n worse \n", "p/rt-polarity.pos": "caf\u00e9 good\n\n"}
    ),
}


def test_corpora_by_name(make_sets):
    here(make_sets, nltk_data=CORPORA)
    assert data.nltk_corpus("shakespeare") == [
        ("Birds", "A and B:\nTo be, aside or\nnot.\n\nC:\nNo.", "")
    ]
    assert data.nltk_corpus("inaugural") == [("1789-W", "Fellow citizens\nof café", "")]
    assert data.nltk_corpus("state_union")[0].text == "café “so”"
    assert data.nltk_corpus("udhr") == [("cmn_hans", "人人生而自由", "")]


def test_reviews_and_sentences_have_labels(make_sets):
    here(make_sets, nltk_data=CORPORA)
    assert data.nltk_corpus("movie_reviews") == [
        ("cv0", "so bad .", "neg"), ("cv1", "good", "pos"),
    ]  # fmt: skip
    assert [tuple(one)[1:] for one in data.nltk_corpus("sentence_polarity")] == [
        ("café good", "pos"), ("bad .", "neg"), ("worse", "neg"),
    ]  # fmt: skip


def test_a_damaged_play_is_named(make_sets):
    here(make_sets, nltk_data={"shakespeare.zip": zipped(**{"birds.xml": "<PLAY>"})})
    with pytest.raises(DataError, match=r"birds\.xml.*damaged play"):
        data.nltk_corpus("shakespeare")


POEMS = {
    "全唐诗/唐诗三百首.json": [
        {"title": "静夜思", "author": "李白", "paragraphs": ["床前", "疑是"]}
    ],
    "宋词/宋词三百首.json": [{"rhythmic": "如梦令", "author": "李清照", "paragraphs": ["昨夜"]}],
    "论语/lunyu.json": [{"chapter": "学而篇", "paragraphs": ["子曰"]}],
    "诗经/shijing.json": [{"title": "关雎", "chapter": "国风", "content": ["关关雎鸠"]}],
}


def test_each_collection_has_titles_authors_and_lines(make_sets):
    packed = {path: json.dumps(rows, ensure_ascii=False).encode() for path, rows in POEMS.items()}
    here(make_sets, chinese_poetry=packed)
    assert data.chinese_poetry()[0] == ("静夜思", "李白", ("床前", "疑是"))
    assert data.chinese_poetry()[0].text == "床前\n疑是"
    assert data.chinese_poetry("song_300") == [("如梦令", "李清照", ("昨夜",))]
    assert data.chinese_poetry("analects") == [("学而篇", "", ("子曰",))]
    assert data.chinese_poetry("songs") == [("关雎", "", ("关关雎鸠",))]


@pytest.mark.parametrize("content", [b"{", b"[1]", b'[{"title": "a"}]', b'{"a": 1}'])
def test_poems_of_another_form_are_refused(make_sets, content):
    here(make_sets, chinese_poetry={"论语/lunyu.json": content})
    with pytest.raises(DataError, match="course data chinese_poetry"):
        data.chinese_poetry("analects")


def tree(name, *words):
    rows = [f"{n}\t{word}\t{word}\tX\t{word.upper()}\t_\t{n - 1}\tdep\t_\t_\n"
            for n, word in enumerate(words, 1)]  # fmt: skip
    return f"# sent_id = {name}\n# text = {' '.join(words)}\n{''.join(rows)}\n".encode()


def test_trees_of_both_languages(make_sets):
    here(
        make_sets,
        ud_english_ewt={"en_ewt-ud-dev.conllu": tree("a-1", "birds", "sing"),
                        "en_ewt-ud-test.conllu": tree("b-1", "no")},
        ud_chinese_gsdsimp={"zh_gsdsimp-ud-test.conllu": tree("c", "鸟", "唱歌")},
    )  # fmt: skip
    assert data.english_trees("dev")[0].words == ["birds", "sing"]
    assert data.english_trees("test")[0].text == "no"
    assert data.chinese_trees("test")[0].words == ["鸟", "唱歌"]
    with pytest.raises(InputError, match="dev, test"):
        data.english_trees("train")


def roles_of(*sentences):
    blocks = []
    for parts in sentences:
        rows = [f"d 0 {n} [WORD] {part} * - {'sing.01 (V*)' if part == 'SING' else '- (ARG0*)'}"
                for n, part in enumerate(parts)]  # fmt: skip
        blocks.append("\n".join(rows))
    return "\n\n".join(blocks).encode()


def test_roles_meet_the_sentence_of_their_genre_document_and_number(make_sets):
    dev = tree("email-x-0001", "birds", "sing") + tree("email-x-0003", "cats", "sing")
    dev += tree("email-x-0002", "a", "b", "c") + tree("blog-x-0001", "who", "knows")
    here(
        make_sets,
        ud_english_ewt={"en_ewt-ud-dev.conllu": dev},
        propbank_ewt={"LICENSE.md": b"x", "data/google/ewt/email/00/x.xml.gold_skel": roles_of(
            ["BIRDS", "SING"], ["OTHER", "SING"], ["DOGS", "SING"])},
    )  # fmt: skip
    (found,) = data.semantic_roles("dev")
    assert found.words == ["birds", "sing"]
    (predicate,) = found.predicates
    assert (predicate.place, predicate.sense) == (1, "sing.01")
    assert found.labels(predicate) == ["B-ARG0", "B-V"]


def test_labels_begin_go_on_and_stop():
    tokens = tuple(data.Token(word, word, "X", "X", "_", -1, "root") for word in "abcde")
    predicate = data.Predicate(1, "b.01", (data.Argument("ARG1", 2, 4),))
    sentence = data.RoleSentence(data.Tree("", "", tokens), (predicate,))
    assert sentence.labels(predicate) == ["O", "B-V", "B-ARG1", "I-ARG1", "O"]


def test_fashion_mnist_from_its_four_files(make_sets):
    images = np.arange(2 * 3 * 3).reshape(2, 3, 3)
    here(
        make_sets,
        fashion_mnist={
            "t10k-images-idx3-ubyte.gz": gzip.compress(idx(images)),
            "t10k-labels-idx1-ubyte.gz": gzip.compress(idx(np.array([9, 0]))),
        },
    )
    found = data.fashion_mnist("test")
    np.testing.assert_allclose(found.images, images / 255, rtol=1e-6)
    assert [found.names[label] for label in found.labels] == ["Ankle boot", "T-shirt/top"]
    with pytest.raises(InputError, match="train, test"):
        data.fashion_mnist("dev")


@pytest.mark.parametrize("labels", [[1], [1, 2, 3], [1, 10]])
def test_labels_that_do_not_fit_their_images_are_refused(make_sets, labels):
    here(
        make_sets,
        fashion_mnist={
            "t10k-images-idx3-ubyte.gz": gzip.compress(idx(np.zeros((2, 3, 3)))),
            "t10k-labels-idx1-ubyte.gz": gzip.compress(idx(np.array(labels))),
        },
    )
    with pytest.raises(DataError, match="a label from 0 to 9 for each"):
        data.fashion_mnist("test")


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\x0d\1", b"\0\0\x08\0", b"\0\0\x08\x63", b"\0\0\x08\1\0\0",
     idx(np.zeros(3))[:-1], idx(np.zeros(3)) + b"x", b"\0\0\x08\2" + b"\xff" * 8],
)  # fmt: skip
def test_what_is_no_idx_file_is_refused(tmp_path, content):
    (tmp_path / "a.gz").write_bytes(gzip.compress(content))
    with pytest.raises(DataError, match="expected"):
        read_idx(tmp_path / "a.gz")


@pytest.mark.parametrize(
    ("load", "name"),
    [
        (lambda: data.nltk_corpus("shakespeare"), "nltk_data"),
        (lambda: data.chinese_poetry("tang"), "chinese_poetry"),
        (lambda: data.english_trees("dev"), "ud_english_ewt"),
        (lambda: data.chinese_trees("dev"), "ud_chinese_gsdsimp"),
        (lambda: data.semantic_roles("dev"), "propbank_ewt"),
        (lambda: data.fashion_mnist("train"), "fashion_mnist"),
    ],
)
def test_each_loader_names_the_command_that_gets_its_set(load, name):
    with pytest.raises(DataError, match=f"course data {name}"):
        load()


@pytest.mark.parametrize("load", [data.nltk_corpus, data.chinese_poetry])
def test_an_unknown_part_is_named_with_the_known_ones(load):
    with pytest.raises(InputError, match=r"expected one of .*got brown"):
        load("brown")
