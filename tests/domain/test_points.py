"""Points of citizens: what earns them, what takes them back, and what a clerk can do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.hazards import MOVES, Act, State
from backend.domain.points import Case, Deed, DeedDraft, Share, check, entered, following
from backend.domain.points_rules import PointsRule, points_rule
from backend.domain.proposals import ImpossiblePolicy
from backend.errors import BadInput, Conflict
from tests.cast import NOON

ON = PointsRule(is_on=True, per_report=10)


def draft(**changed: Any) -> DeedDraft:
    said: dict[str, Any] = {"id": UUID(int=1), "body_sha256": b"", "code": "", "deed": Deed.CORRECT, "points": 5}
    return DeedDraft(**(said | {"reason": "补记"} | changed))


def share(told_min: int, *entries: int) -> Share:
    """A report that was told so many minutes after noon, with its entries."""
    return Share(UUID(int=told_min), NOON + timedelta(minutes=told_min), entries)


def case(told_min: int, *shares: Share, is_true: bool = True) -> Case:
    return Case(UUID(int=told_min), NOON + timedelta(minutes=told_min), is_true, shares)


def test_a_report_earns_once_when_it_is_accepted_and_loses_that_when_it_is_refused():
    mine = UUID(int=1)
    assert following(Act.ACCEPT, case(1, share(1)), ON) == {mine: 10}
    assert following(Act.ACCEPT, case(1, share(1, 10)), ON) == {}
    assert following(Act.ACCEPT, case(1, share(1, 10, -10)), ON) == {mine: 10}
    assert following(Act.ACCEPT, case(1, share(1)), PointsRule()) == {}
    assert following(Act.REJECT, case(1, share(1, 10)), PointsRule()) == {mine: -10}
    assert following(Act.REJECT, case(1, share(1)), ON) == {}
    assert following(Act.COMMENT, case(1, share(1, 10)), ON) == {}


def test_of_reports_that_turn_out_to_be_one_case_the_first_has_the_points():
    assert following(Act.MERGE, case(1, share(1, 10), share(2, 10)), ON) == {UUID(int=2): -10}
    assert following(Act.MERGE, case(2, share(1, 10), share(2, 10)), PointsRule()) == {UUID(int=2): -10}
    assert following(Act.MERGE, case(2, share(1), share(2, 10)), ON) == {}
    assert following(Act.ACCEPT, case(2, share(1, 10), share(2)), ON) == {}
    assert following(Act.ACCEPT, case(2, share(1), share(2)), ON) == {UUID(int=1): 10}
    assert following(Act.REJECT, case(2, share(1, 10), share(2)), ON) == {UUID(int=1): -10}


def test_whoever_told_later_than_a_chief_has_told_nothing_new():
    assert following(Act.MERGE, case(1, share(2, 10)), ON) == {UUID(int=2): -10}
    assert following(Act.ACCEPT, case(1, share(2)), ON) == {}
    assert following(Act.ACCEPT, case(3, share(2)), ON) == {UUID(int=2): 10}


def test_a_case_whose_points_went_with_one_that_was_taken_out_of_it_has_them_again():
    mine = UUID(int=2)
    assert following(Act.UNMERGE, case(2, share(2, 10, -10)), PointsRule()) == {mine: 10}
    assert following(Act.UNMERGE, case(2, share(1), share(2, 10, -10)), ON) == {mine: 10}
    assert following(Act.UNMERGE, case(2, share(2)), ON) == {mine: 10}
    assert following(Act.UNMERGE, case(2, share(2)), PointsRule()) == {}
    assert following(Act.UNMERGE, case(2, share(2, 10)), ON) == {}
    assert following(Act.UNMERGE, case(2, share(2, 10, -10), is_true=False), ON) == {}


class River:
    """Three reports, told one after another, and what a clerk does with them."""

    def __init__(self) -> None:
        self.state = dict.fromkeys((0, 1, 2), State.REPORTED)
        self.into: dict[int, int] = {}
        self.entries: dict[int, tuple[int, ...]] = dict.fromkeys((0, 1, 2), ())

    def do(self, act: Act, one: int, other: int) -> None:
        """An act that may be taken; of any other nothing comes."""
        is_open = other != one and self.state[other] in (State.REPORTED, State.ACCEPTED)
        if self.state[one] not in MOVES[act] or (act is Act.MERGE and not is_open):
            return
        self.state[one] = MOVES[act][self.state[one]]
        if act is Act.MERGE:
            self.into[one] = other
        end = self.end(self.into.pop(one) if act is Act.UNMERGE else one)
        for report, points in following(act, self.case(end), ON).items():
            self.entries[report.int] += (points,)

    def end(self, one: int) -> int:
        while one in self.into:
            one = self.into[one]
        return one

    def case(self, end: int) -> Case:
        whole = [one for one in self.state if self.end(one) == end]
        shares = [share(one, *self.entries[one]) for one in whole]
        return case(end, *shares, is_true=self.state[end] is State.ACCEPTED)


@given(
    st.lists(
        st.tuples(
            st.sampled_from((Act.ACCEPT, Act.REJECT, Act.REOPEN, Act.MERGE, Act.UNMERGE, Act.COMMENT)),
            st.integers(0, 2),
            st.integers(0, 2),
        ),
        max_size=40,
    )
)
def test_whatever_is_done_with_reports_their_case_has_earned_once_or_not_at_all(acts):
    river = River()
    for act, one, other in acts:
        river.do(act, one, other)
        for end in set(map(river.end, river.state)):
            earned = sum(each.standing for each in river.case(end).shares)
            assert earned in {State.ACCEPTED: {10}, State.REJECTED: {0}}.get(river.state[end], {0, 10})


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


def test_neither_a_correction_nor_a_redemption_leaves_less_than_nothing():
    assert entered(Deed.CORRECT, -5, balance=5) == -5
    assert entered(Deed.CORRECT, 3, balance=-5) == 3
    assert entered(Deed.REDEEM, 5, balance=5) == -5
    for deed, points in ((Deed.CORRECT, -6), (Deed.REDEEM, 6)):
        with pytest.raises(Conflict):
            entered(deed, points, balance=5)
