"""Training: what a session may say, when a code holds, what a quiz credits, and who is reminded when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.domain.access import Actor, Seat
from backend.domain.proposals import ImpossiblePolicy
from backend.domain.terms import Post
from backend.domain.training import (
    Coverage,
    Fix,
    Question,
    Quiz,
    SessionDraft,
    check,
    check_open,
    code_of,
    credited,
    is_far,
    keeper,
    marked,
    quiz_of,
    read_code,
    seconds_left,
    step_at,
)
from backend.domain.training_rules import TrainingRule, training_rule
from backend.errors import BadInput, Conflict

NOW = datetime(2025, 7, 2, 4, 0, 5, tzinfo=UTC)
ONE, KEY = UUID(int=7), b"key of the house"
QUIZ = Quiz((Question("?", ("a", "b"), frozenset({0})), Question("?", ("a", "b"), frozenset({0, 1}))), 2)


def draft(**changed: Any) -> SessionDraft:
    said: dict[str, Any] = {"id": ONE, "body_sha256": b"", "title": "t", "place": "p", "teacher": ""}
    said |= {"begins_at": NOW, "ends_at": NOW + timedelta(hours=1), "hours": 1.0}
    said |= {"posts": (Post.VILLAGE_CHIEF,), "regions": ("371502",)}
    return SessionDraft(**(said | changed))


@pytest.mark.parametrize(
    ("changed", "pointers"),
    [
        ({}, []),
        ({"quiz": QUIZ}, []),
        ({"ends_at": NOW}, ["/ends_at"]),
        ({"ends_at": NOW + timedelta(days=32)}, ["/ends_at"]),
        ({"begins_at": NOW + timedelta(days=500), "ends_at": NOW + timedelta(days=501)}, ["/begins_at"]),
        ({"quiz": Quiz(QUIZ.questions, 3)}, ["/quiz/pass_mark"]),
        ({"quiz": Quiz((Question("?", ("a", "b"), frozenset()),), 1)}, ["/quiz/questions/0/right"]),
        ({"quiz": Quiz((Question("?", ("a", "b"), frozenset({2})),), 1)}, ["/quiz/questions/0/right"]),
    ],
)
def test_a_session_that_cannot_be_meant_is_refused_with_every_flaw(changed, pointers):
    if not pointers:
        check(draft(**changed), NOW)
        return
    with pytest.raises(BadInput) as refused:
        check(draft(**changed), NOW)
    assert [each.pointer for each in refused.value.flaws] == pointers


def test_a_session_is_held_by_the_lowest_office_around_it():
    actor = Actor(
        ONE, "", (Seat(Post.OFFICE_CLERK, "3715"), Seat(Post.OFFICE_CLERK, "371502"), Seat(Post.WARDEN, "371502001001"))
    )
    assert keeper(actor, ["371502001"]) == Seat(Post.OFFICE_CLERK, "371502")
    assert keeper(actor, ["371502", "371503"]) == Seat(Post.OFFICE_CLERK, "3715")
    assert keeper(actor, ["3701"]) is None


@pytest.mark.parametrize("moved_s", [-20, 0, 20])
def test_a_code_holds_one_step_before_and_after(moved_s):
    assert read_code(code_of(ONE, step_at(NOW), KEY), KEY, NOW + timedelta(seconds=moved_s)) == ONE


def test_a_photographed_code_a_made_up_one_and_one_of_another_house_are_refused():
    code = code_of(ONE, step_at(NOW), KEY)
    with pytest.raises(Conflict) as over:
        read_code(code, KEY, NOW + timedelta(seconds=40))
    assert over.value.text.values == {"seconds": 20}
    for wrong in ("", "x-y", code + "0", code_of(ONE, step_at(NOW), b"other"), code.replace("-", "-é")):
        with pytest.raises(BadInput):
            read_code(wrong, KEY, NOW)
    assert seconds_left(NOW) == 15


def test_one_signs_in_around_the_session_alone():
    ends = NOW + timedelta(hours=1)
    check_open(NOW, ends, None, NOW - timedelta(minutes=59))
    for moment in (NOW - timedelta(hours=2), ends + timedelta(hours=3)):
        with pytest.raises(Conflict):
            check_open(NOW, ends, None, moment)
    with pytest.raises(Conflict):
        check_open(NOW, ends, NOW, NOW)
    assert is_far(600, Fix((0, 0), 50), 500)
    assert not is_far(540, Fix((0, 0), 50), 500)


def test_a_question_is_right_with_all_that_is_right_and_nothing_else():
    assert quiz_of(None) is None
    assert quiz_of(QUIZ.written()) == QUIZ
    assert [marked(QUIZ, each) for each in ([[0], [0, 1]], [[0], [0]], [[0, 1], [1]])] == [2, 1, 0]
    assert [credited(2, None, None), credited(2, QUIZ, None), credited(2, QUIZ, 1), credited(2, QUIZ, 2)] == [
        2,
        0,
        0,
        2,
    ]
    with pytest.raises(BadInput):
        marked(QUIZ, [[0]])
    with pytest.raises(Conflict):
        marked(None, [])


def test_a_share_is_counted_among_the_same_people():
    assert Coverage(0, 0).share is None
    assert Coverage(3, 2).share == 0.6666
    assert Coverage(3, 2).plus(Coverage(1, 1)) == Coverage(4, 3)


def test_a_new_chief_is_reminded_from_a_day_on_and_again_until_they_are_new_no_more():
    days = {served: TrainingRule().reminder(timedelta(days=served)) for served in (29, 30, 44, 45, 366, 367)}
    assert days == {29: None, 30: 0, 44: 0, 45: 1, 366: 22, 367: None}
    rule = training_rule(1, {"near_m": 300})
    assert (rule.near_m, rule.remind_after_days) == (300, 30)
    assert training_rule(2, {"remind_after_days": 10}, rule).body()["near_m"] == 300
    for wrong in ({"far": 1}, {"near_m": 1}, {"near_m": True}, {"near_m": 300.5}):
        with pytest.raises(ImpossiblePolicy):
            training_rule(1, wrong)


def test_reminders_of_a_month_are_counted_as_they_would_go_out():
    def of(first: int, last: int) -> int:
        return TrainingRule().reminders(timedelta(days=first), timedelta(days=last))

    assert (of(0, 29), of(0, 30), of(20, 50), of(400, 430)) == (0, 1, 2, 0)
