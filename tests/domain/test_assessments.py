"""Scores and places, what can be assessed, appeals, and the indicator library as data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from backend.domain.assessment_rules import AssessmentRule, Indicator, assessment_rule
from backend.domain.assessments import (
    LONGEST,
    Act,
    AssessmentDraft,
    Decision,
    Score,
    Stage,
    State,
    Tally,
    after,
    check,
    check_appeal,
    ranked,
    scored,
    took,
)
from backend.domain.proposals import ImpossiblePolicy
from backend.domain.terms import Post
from backend.errors import BadInput, Conflict

PATROLS, CALLOUTS, CAMPAIGNS, _TRAINING = Indicator
NOON, ZONE = datetime(2025, 7, 2, 4, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
SETTLED = (date(2024, 1, 1), date(2025, 6, 26))


def draft(begin=date(2025, 4, 1), until=date(2025, 6, 26), posts=(Post.VILLAGE_CHIEF,)) -> AssessmentDraft:
    return AssessmentDraft(UUID(int=1), b"", "考核", "371502", posts, begin, until)


def test_a_score_is_the_weighted_mean_of_what_was_owed_at_all():
    rule = AssessmentRule()
    assert scored({PATROLS: Tally(9, 12), CALLOUTS: Tally(1, 2), CAMPAIGNS: Tally(0, 0)}, rule) == pytest.approx(
        100 * (60 * 0.75 + 25 * 0.5) / 85
    )
    assert scored({PATROLS: Tally()}, rule) is None
    assert scored({CALLOUTS: Tally(1, 1)}, assessment_rule(1, {"weights": {"callouts": 0}})) is None


def test_places_are_shared_within_a_post_and_little_is_listed_without_one():
    village, town = Post.VILLAGE_CHIEF, Post.TOWN_CHIEF
    rows = [(village, 5, 10), (village, 9, 10), (town, 1, 9), (village, 9, 10), (village, 4, 4), (village, 0, 10)]
    found = ranked([Score(post, {PATROLS: Tally(hits, size)}) for post, hits, size in rows], AssessmentRule())
    assert [(each.rank, each.of) for each in found] == [(3, 4), (1, 4), (1, 1), (1, 4), (None, 0), (4, 4)]
    assert found[4].score == 100.0
    assert Tally(1, 2) + Tally(2, 3) == Tally(3, 5)


@pytest.mark.parametrize(
    ("said", "settled", "pointers"),
    [
        (draft(), SETTLED, []),
        (draft(), None, ["/until"]),
        (draft(posts=()), SETTLED, ["/posts"]),
        (draft(posts=(Post.OFFICE_CLERK,)), SETTLED, ["/posts"]),
        (draft(until=date(2025, 4, 1)), SETTLED, ["/until"]),
        (draft(begin=date(2025, 6, 26) - LONGEST - timedelta(days=1)), SETTLED, ["/until"]),
        (draft(begin=date(2023, 12, 31)), SETTLED, ["/from"]),
        (draft(until=date(2025, 6, 27)), SETTLED, ["/until"]),
    ],
)
def test_only_days_that_are_settled_can_be_assessed(said, settled, pointers):
    if not pointers:
        check(said, settled)
        return
    with pytest.raises(BadInput) as refused:
        check(said, settled)
    assert [each.pointer for each in refused.value.flaws] == pointers


def test_what_is_not_in_the_table_cannot_happen():
    assert after(State.DRAFT, Act.PUBLISH) is State.PUBLISHED
    with pytest.raises(Conflict) as refused:
        after(State.CLOSED, Act.RECOMPUTE)
    assert refused.value.extra == {"allowed": []}


def test_an_appeal_has_its_time_and_the_last_day_counts_whole():
    rule, last = AssessmentRule(), datetime(2025, 7, 16, 15, 59, tzinfo=UTC)
    check_appeal(State.PUBLISHED, NOON, rule, last, ZONE)
    for state, published_at, now in (
        (State.PUBLISHED, NOON, last + timedelta(minutes=1)),
        (State.CLOSED, NOON, NOON),
        (State.PUBLISHED, None, NOON),
    ):
        with pytest.raises(Conflict):
            check_appeal(state, published_at, rule, now, ZONE)


def test_a_decision_says_the_right_figures_or_none():
    assert Decision(True, "属实", 3, 4).corrected() == Tally(3, 4)
    assert Decision(False, "不属实").corrected() is None
    for wrong in (Decision(True, "", 3), Decision(True, "", 5, 4), Decision(False, "", 1)):
        with pytest.raises(BadInput):
            wrong.corrected()


def test_what_was_in_time_is_counted_of_the_same_hazards():
    def stage(due_h: float | None, done_h: float | None) -> Stage:
        at = [None if hours is None else NOON + timedelta(hours=hours) for hours in (due_h, done_h)]
        return Stage(NOON, *at)

    now = NOON + timedelta(hours=10)
    found = took([stage(4, 2), stage(4, 6), stage(4, None), stage(20, None), stage(20, 5), stage(None, 3)], now)
    assert (found.in_time, found.median_h) == (Tally(2, 4), 5.0)
    assert took([stage(4, 2), stage(4, 3)], now).median_h == 2.5
    assert took([stage(4, None)], now).median_h is None


def test_the_library_is_read_back_as_it_was_written_and_keeps_what_is_not_named():
    changed = assessment_rule(2, {"weights": {"patrols": 80}, "least_size": 6})
    assert (changed.weights[PATROLS], changed.weights[CALLOUTS], changed.least_size) == (80.0, 25.0, 6)
    assert assessment_rule(2, changed.body()) == changed
    older = {"weights": {"patrols": 60, "callouts": 25, "campaigns": 15}}  # before training was an indicator
    assert assessment_rule(1, older).weights[Indicator.TRAINING] == 0
    assert assessment_rule(3, {"appeal_days": 7}, changed).least_size == 6


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"weights": {"luck": 1}}, "weights/luck"),
        ({"weights": {"patrols": -1}}, "weights/patrols"),
        ({"weights": {"patrols": True}}, "weights/patrols"),
        ({"weights": {"patrols": 0, "callouts": 0, "campaigns": 0, "training": 0}}, "weights"),
        ({"least_size": 0}, "least_size"),
        ({"least_size": 2.5}, "least_size"),
        ({"appeal_days": "14"}, "appeal_days"),
        ({"mood": 1}, "mood"),
    ],
)
def test_a_library_that_cannot_be_meant_names_the_number(body, name):
    with pytest.raises(ImpossiblePolicy) as refused:
        assessment_rule(1, body)
    assert refused.value.name == name
