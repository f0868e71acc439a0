"""The challenge of chapter 01: its passages are held out, and its bars are where they should be."""

import numpy as np
import pytest

from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.ch01_preprocessing import find_article as challenge
from course_lib.exercises.ch01_preprocessing.held_out_passages import (
    ARTICLES,
    PASSAGES,
    held_out,
    share_found,
)

EXERCISE = find("find_article")


def verdict(answer, seed=0):
    return judge(EXERCISE, lambda case: outcome(answer, EXERCISE, case), seed=seed)


def test_the_same_number_draws_the_same_passages_and_another_others():
    assert held_out.__wrapped__(5) == held_out(5)
    assert held_out(5).passages != held_out(6).passages


def test_no_passage_stands_in_the_text_that_is_shown():
    drawn = held_out(7)
    assert len(drawn.articles) == ARTICLES
    assert len(drawn.passages) == PASSAGES
    shown = "\n".join(drawn.articles)
    assert sum(passage in shown for passage in drawn.passages) <= PASSAGES // 100


def test_perfect_answers_find_all_and_wrong_ones_nothing():
    truth = np.array(held_out(8).truth)
    assert share_found(truth, 8) == 1.0
    assert share_found(((truth + 1) % ARTICLES).tolist(), 8) == 0.0


@pytest.mark.parametrize("answers", [None, 3, "text", [1, 2], ["0"] * PASSAGES, [[0]] * PASSAGES])
def test_answers_of_another_form_have_no_score(answers):
    assert share_found(answers, 8) is None


def test_each_step_of_the_chapter_passes_one_bar_more():
    ladder = [challenge.always_the_first, challenge.plain_counts, challenge.plain_tf_idf]
    ladder.append(challenge.find_article)
    passed = [dict(verdict(answer).aspects) for answer in ladder]
    bars = list(challenge.BARS)
    assert [[aspects[bar] for bar in bars] for aspects in passed] == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_another_good_method_passes_as_well():
    from sklearn.feature_extraction.text import TfidfVectorizer

    def by_scikit_learn(articles, passages):
        vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        known = vectorizer.fit_transform(articles)
        return (vectorizer.transform(passages) @ known.T).toarray().argmax(axis=1)

    assert verdict(by_scikit_learn).passed


def test_the_message_says_how_much_is_missing():
    failure = verdict(challenge.plain_counts).failure
    assert "of the passages found; plain counting finds" in failure.difference
