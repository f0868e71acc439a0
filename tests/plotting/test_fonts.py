import matplotlib.font_manager
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.plotting import fonts
from course_lib.plotting.fonts import LATIN, MISSING, drawable, families


def test_without_a_chinese_font_the_code_points_stand(no_chinese_font):
    assert drawable("我们 cat") == "U+6211 U+4EEC cat"
    assert families() == [LATIN]


def test_that_the_font_is_missing_is_said_once(no_chinese_font, capsys):
    drawable("我们")
    drawable("学习")
    assert capsys.readouterr().out == MISSING + "\n"


def test_a_missing_sign_that_is_not_chinese_is_not_blamed_on_the_font(no_chinese_font, capsys):
    assert drawable("\x07") == "U+0007"
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(fonts.chinese_font() is None, reason="no Chinese font is installed here")
def test_with_a_chinese_font_the_characters_stand():
    assert drawable("我们 cat") == "我们 cat"
    assert len(families()) == 2


def test_the_first_font_of_the_list_that_is_installed_and_has_the_characters_wins(monkeypatch):
    names = ["Arial", "SimHei", "Microsoft YaHei"]
    entries = [type("Entry", (), {"name": name, "fname": name}) for name in names]
    monkeypatch.setattr(matplotlib.font_manager.fontManager, "ttflist", entries)
    monkeypatch.setattr(fonts, "_has_chinese", lambda name: name == "SimHei")
    assert fonts._by_name() == "SimHei"


def test_a_font_that_lacks_the_characters_is_known_to_lack_them():
    assert not fonts._has_chinese(LATIN)


def test_a_font_installed_after_the_list_was_made_is_added(monkeypatch):
    added = []
    manager = matplotlib.font_manager
    files = ["/fonts/NotoSansCJK-Regular.ttc", "/fonts/Arial.ttf"]
    monkeypatch.setattr(manager, "findSystemFonts", lambda: files)
    monkeypatch.setattr(manager.fontManager, "addfont", added.append)
    fonts._installed_since_the_list_was_made()
    assert added == ["/fonts/NotoSansCJK-Regular.ttc"]


def test_dollars_are_kept_from_meaning_a_formula_unless_asked():
    assert drawable("$5 and $6") == r"\$5 and \$6"
    assert drawable("$n^2$", maths=True) == "$n^2$"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="$")))
def test_plain_english_is_left_as_it_is(text):
    assert drawable(text) == text
