"""The challenge of chapter 01: its passages are held out, and its bars are where they should be."""

from collections import Counter

import numpy as np
import pytest

from course_lib.data import wikipedia_articles
from course_lib.exercises import find, judge
from course_lib.exercises.asking import outcome
from course_lib.exercises.ch01_preprocessing import find_article as challenge
from course_lib.exercises.ch01_preprocessing import held_out_passages as passages_of
from course_lib.exercises.ch01_preprocessing.held_out_passages import (
    ARTICLES,
    PASSAGES,
    held_out,
    in_secret,
    share_found,
    words,
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
    assert share_found(truth, held_out(8).truth) == 1.0
    assert share_found(((truth + 1) % ARTICLES).tolist(), held_out(8).truth) == 0.0


@pytest.mark.parametrize("answers", [None, 3, "text", [1, 2], ["0"] * PASSAGES, [[0]] * PASSAGES])
def test_answers_of_another_form_have_no_score(answers):
    assert "the number of an article for each" in share_found(answers, held_out(8).truth)


def test_only_texts_enter_the_process_where_an_answer_runs():
    for case in EXERCISE.draw(3):
        assert not case.keywords
        assert not case.settings
        assert all(isinstance(text, str) for texts in case.arguments for text in texts)


def test_secret_words_keep_what_is_counted():
    articles, passages = ["The sea, the SEA!", "salt"], ["sea the"]
    hidden, asked = in_secret(articles, passages, np.random.default_rng(1))
    assert sorted(Counter(hidden[0].split()).values()) == [2, 2]
    assert set(asked[0].split()) == set(hidden[0].split())
    assert not set(hidden[1].split()) & set(hidden[0].split())


def test_looking_passages_up_in_the_public_articles_stays_below_guessing():
    """The lookup knows the articles' file by heart, and where each passage's words stand in it."""
    public = [set(words(article.text)) for article in wikipedia_articles()]

    def looked_up(articles, passages):
        def likest(text):
            here = set(words(text))
            return max(range(len(public)), key=lambda i: len(here & public[i]))

        sources = [likest(article) for article in articles]
        return [
            sources.index(found) if (found := likest(passage)) in sources else 0
            for passage in passages
        ]

    for seed in range(3):
        assert dict(verdict(looked_up, seed).aspects)["beats guessing"] is False


def test_the_lookup_would_find_most_passages_if_their_words_were_not_secret(monkeypatch):
    monkeypatch.setattr(
        passages_of, "in_secret", lambda articles, passages, rng: (articles, passages)
    )
    drawn = held_out.__wrapped__(9)
    public = [" ".join(article.text.split()) for article in wikipedia_articles()]
    found = sum(any(passage in text for text in public) for passage in drawn.passages)
    assert found > PASSAGES * 0.9


def test_each_step_of_the_chapter_passes_one_bar_more():
    ladder = [challenge.always_the_first, challenge.plain_counts, challenge.plain_tf_idf]
    ladder.append(challenge.find_article)
    passed = [dict(verdict(answer).aspects) for answer in ladder]
    bars = ["beats guessing", "beats plain counting", "beats plain TF-IDF"]
    assert [[aspects[bar] for bar in bars] for aspects in passed] == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_another_good_method_passes_as_well():
    from sklearn.feature_extraction.text import TfidfVectorizer

    def by_scikit_learn(articles, passages):
        vectorizer = TfidfVectorizer(sublinear_tf=True, max_df=0.9)
        known = vectorizer.fit_transform(articles)
        return (vectorizer.transform(passages) @ known.T).toarray().argmax(axis=1)

    assert verdict(by_scikit_learn).passed


def test_the_message_says_how_much_is_missing():
    failure = verdict(challenge.plain_counts).failure
    assert "of the passages found; plain counting: " in failure.difference
