from itertools import pairwise

import pytest
from matplotlib.patches import FancyBboxPatch

from course_lib.errors import InputError, ShapeError
from course_lib.plotting.token_strip import MOST, token_strip


def boxes(figure):
    return [patch.get_bbox() for patch in figure.findobj(FancyBboxPatch)]


def test_tokens_and_their_numbers_are_written(words):
    shown = words(token_strip(["the", " cat"], ids=[5, 17], title="Two tokens"))
    assert {"the", "␣cat", "5", "17"} <= set(shown)


def test_bytes_are_characters_where_whole_and_hexadecimal_where_not(words):
    shown = words(token_strip([b"cat", b"\xe6\x88"], title="Two tokens"))
    assert {"cat", "E6 88"} <= set(shown)


def test_what_cannot_be_seen_is_made_visible(words):
    shown = words(token_strip(["\n", "\t", ""], title="Three tokens"))
    assert {"↵", "⇥", "∅"} <= set(shown)


def test_every_text_lies_inside_its_own_box():
    figure = token_strip(["cat", "i", "wwwwwwww", "x" * 300], ids=[1, 23456, 3, 4], title="Boxes")
    figure.draw_without_rendering()
    texts = figure.axes[0].texts[::2]
    for box, text in zip(boxes(figure), texts, strict=True):
        inner = text.get_window_extent().transformed(figure.axes[0].transData.inverted())
        assert box.x0 < inner.x0
        assert inner.x1 < box.x1


def test_boxes_never_overlap_and_stay_on_the_page():
    figure = token_strip(["token" * (n % 5 + 1) for n in range(90)], title="Many boxes")
    found = boxes(figure)
    left, right = figure.axes[0].get_xlim()
    assert all(left <= box.x0 and box.x1 <= right for box in found)
    for one, other in pairwise(found):
        assert one.x1 < other.x0 or one.y0 != other.y0


def test_neighbours_differ_in_colour():
    figure = token_strip(["a"] * 12, title="Twelve equal tokens")
    tints = [patch.get_facecolor() for patch in figure.findobj(FancyBboxPatch)]
    assert all(one != other for one, other in pairwise(tints))


def test_a_very_long_text_ends_in_a_count_of_the_rest(words):
    assert "+7" in words(token_strip(["a"] * (MOST + 7), title="Many tokens"))


def test_no_tokens_and_a_wrong_number_of_ids_are_refused():
    with pytest.raises(InputError, match="the tokens"):
        token_strip([], title="Nothing")
    with pytest.raises(ShapeError, match="the ids"):
        token_strip(["a"], ids=[1, 2], title="One token")
