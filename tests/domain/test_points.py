"""Points of citizens: what earns them, what takes them back, and what a clerk can do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.hazards import MOVES, Act, State
from backend.domain.points import Deed, DeedDraft, check, entered, following
from backend.domain.points_rules import PointsRule, points_rule
from backend.domain.proposals import ImpossiblePolicy
from backend.errors import BadInput, Conflict

ON = PointsRule(is_on=True, per_report=10)


def draft(**changed: Any) -> DeedDraft:
    said: dict[str, Any] = {"id": UUID(int=1), "body_sha256": b"", "code": "", "deed": Deed.CORRECT, "points": 5}
    return DeedDraft(**(said | {"reason": "补记"} | changed))


def test_a_report_earns_once_when_it_is_accepted_and_loses_that_when_it_is_refused_or_merged():
    assert following(Act.ACCEPT, State.ACCEPTED, 0, ON) == 10
    assert following(Act.ACCEPT, State.ACCEPTED, 10, ON) == 0
    assert following(Act.ACCEPT, State.ACCEPTED, 0, PointsRule()) == 0
    assert following(Act.REJECT, State.REJECTED, 10, ON) == -10
    assert following(Act.MERGE, State.MERGED, 10, PointsRule()) == -10
    assert following(Act.REJECT, State.REJECTED, 0, ON) == 0
    assert following(Act.COMMENT, State.ACCEPTED, 10, ON) == 0


@given(st.lists(st.sampled_from(list(Act)), max_size=40))
def test_whatever_is_done_with_a_hazard_its_report_has_earned_once_or_not_at_all(acts):
    state, standing = State.REPORTED, 0
    for act in acts:
        if state in MOVES[act]:
            state = MOVES[act][state]
            standing += following(act, state, standing, ON)
        assert standing == (0 if state in (State.REPORTED, State.REJECTED, State.MERGED) else 10)


def test_points_are_off_until_a_rule_says_otherwise_and_a_rule_keeps_what_it_does_not_name():
    assert PointsRule().body() == {"is_on": False, "per_report": 10}
    rule = points_rule(2, {"is_on": True}, points_rule(1, {"per_report": 20}))
    assert rule == PointsRule(2, True, 20)
    assert points_rule(0, {}) == PointsRule()
    for name, value in (("is_on", 1), ("per_report", 0), ("per_report", True), ("per_report", 2.5), ("joined", 1)):
        with pytest.raises(ImpossiblePolicy) as refused:
            points_rule(1, {name: value})
        assert refused.value.name == name


def test_a_deed_says_why_and_of_how_many():
    check(draft(points=-5))
    check(draft(points=5, deed=Deed.REDEEM))
    for wrong in ({"reason": " "}, {"points": 0}, {"points": -5, "deed": Deed.REDEEM}, {"points": 100_001}):
        with pytest.raises(BadInput):
            check(draft(**wrong))


def test_whoever_told_it_first_keeps_what_they_earned_when_it_is_merged_into_a_later_one():
    assert following(Act.MERGE, State.MERGED, 10, PointsRule(is_on=True)) == -10
    assert following(Act.MERGE, State.MERGED, 10, PointsRule(is_on=True), was_first=True) == 0


def test_neither_a_correction_nor_a_redemption_leaves_less_than_nothing():
    assert entered(Deed.CORRECT, -5, balance=5) == -5
    assert entered(Deed.CORRECT, 3, balance=-5) == 3
    assert entered(Deed.REDEEM, 5, balance=5) == -5
    for deed, points in ((Deed.CORRECT, -6), (Deed.REDEEM, 6)):
        with pytest.raises(Conflict):
            entered(deed, points, balance=5)
