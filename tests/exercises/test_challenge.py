import dataclasses

from course_lib.exercises import Case, Challenge, judge
from course_lib.exercises.asking import ask, outcome


def share(got, truth):
    if len(got) != len(truth["labels"]):
        return f"a label for each of {len(truth['labels'])} items is asked for"
    return sum(a == b for a, b in zip(got, truth["labels"], strict=True)) / len(got)


def cases(rng):
    yield Case("by hand", [3, 1])
    items = rng.integers(10, size=20).tolist()
    truth = Case("beats a half", items).judged_by(labels=sorted(items), bar="a half", limit=0.5)
    yield truth
    yield truth.also("beats nine tenths", bar="nine tenths", limit=0.9)


def challenge_of(exercise):
    return dataclasses.replace(
        exercise, cases=cases, kind="challenge", reference="builtins:sorted", mistakes=(),
        returns=None,
        challenge=Challenge(share, "{:.0%} right"),
    )  # fmt: skip


def judged(exercise, answer, monkeypatch):
    monkeypatch.setattr("course_lib.exercises.exercise.resolve", lambda thing: sorted)
    return judge(exercise, lambda case: outcome(answer, exercise, case))


def test_each_bar_is_an_aspect(exercise, monkeypatch):
    asked = challenge_of(exercise)
    assert judged(asked, sorted, monkeypatch).passed
    verdict = judged(asked, lambda items: items, monkeypatch)
    assert dict(verdict.aspects) == {
        "by hand": False, "beats a half": False, "beats nine tenths": False,
    }  # fmt: skip


def test_the_words_say_the_score_the_bar_and_which_way_is_better():
    challenge = Challenge(lambda got, truth: got, "{:.2f} nats", higher_is_better=False)
    case = Case("any").judged_by(bar="counted pairs", limit=2.5)
    assert challenge.difference(2.4, case) is None
    assert challenge.difference(2.5, case) == "2.50 nats; counted pairs: 2.50 nats. Lower is better"


def test_a_wrong_form_is_said_in_the_scores_own_words(exercise, monkeypatch):
    verdict = judged(challenge_of(exercise), lambda items: sorted(items)[:2], monkeypatch)
    assert dict(verdict.aspects)["by hand"]
    assert "for each of 20 items" in verdict.failure.difference


def test_the_same_question_is_asked_once(exercise, monkeypatch):
    monkeypatch.setattr("course_lib.exercises.exercise.resolve", lambda thing: sorted)
    asked, calls = challenge_of(exercise), []

    def answer(case):
        calls.append(case.aspect)
        return outcome(sorted, asked, case)

    assert len(ask(asked, answer)) == 3
    assert calls == ["by hand", "beats a half"]


def test_what_the_judge_keeps_is_not_among_what_is_sent():
    case = Case("any", [1]).judged_by(labels=[7]).setting(look="order")
    assert case.arguments == ([1],)
    assert case.keywords == {}
    assert case.settings == {"look": "order"}
