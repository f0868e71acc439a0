from hypothesis import given
from hypothesis import strategies as st

from course_lib.reporting import alike, fingerprints

COUNT = """
def count(text):
    found = {}
    position = 0
    while position < len(text):
        sign = text[position]
        if sign in found:
            found[sign] += 1
        else:
            found[sign] = 1
        position += 1
    return [pair for pair in sorted(found.items(), key=lambda pair: -pair[1]) if pair[1] > 2]
"""
RENAMED = (
    COUNT.replace("found", "table").replace("position", "i").replace("> 2]", "> 3]  # enough")
    + "\n# my own work\n"
)
OTHER = """
def count(text):
    from collections import Counter
    return [(sign, times) for sign, times in Counter(text).most_common() if times > 2]
"""
OTHERS = {
    f"other{n}": f"def count(text):\n    return {' + '.join(['text.count(x)'] * n)}\n"
    for n in range(2, 9)
}


def test_renaming_and_comments_hide_nothing():
    (pair,) = alike({"ada": COUNT, "eve": RENAMED, "bob": OTHER, **OTHERS})
    assert (pair.one, pair.other, pair.similarity) == ("ada", "eve", 1.0)


def test_what_much_of_the_class_writes_is_no_sign():
    assert alike({f"learner{number}": COUNT for number in range(5)}) == []


def test_what_the_stub_gives_is_no_sign():
    assert alike({"ada": COUNT, "eve": RENAMED, **OTHERS}, stub=COUNT) == []


def test_short_answers_are_alike_by_nature():
    short = "def half(x):\n    return x / 2\n"
    assert alike({"ada": short, "eve": short, **OTHERS}) == []


def test_a_changed_half_is_below_the_threshold():
    half = COUNT.split("    return")[0] + OTHER.split("\n", 2)[2]
    assert alike({"ada": COUNT, "eve": half, **OTHERS}) == []


def test_code_that_cannot_be_read_has_fingerprints_too():
    assert fingerprints("%timeit f(\n" + COUNT) & fingerprints(COUNT)


def test_a_shared_run_is_found_wherever_it_stands():
    run = "a = b(c[0]) if d else [e for e in f if g]\n"
    assert fingerprints("x = 1\n" + run) & fingerprints("import y\nz = {}\n" + run)


@given(st.text(max_size=200))
def test_any_text_has_fingerprints(code):
    assert fingerprints(code) == fingerprints(code)
