"""What can be done to a warning, by whom, and when it goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.flood_warnings import (
    MOVES,
    SIGN_WITHIN,
    UNISSUED,
    Act,
    How,
    Level,
    Standing,
    State,
    WarningDraft,
    asks_again,
    check_draft,
    check_signer,
    goes_out,
    identifier,
    is_over,
    moved,
    number,
    possible,
    sign_by,
)
from backend.domain.terms import CHIEFS, Post
from backend.errors import BadInput, Conflict

T = datetime(2025, 7, 27, 18, 0, tzinfo=UTC)
SUN, ZHAO = UUID(int=1), UUID(int=2)
DRAFT = WarningDraft(UUID(int=9), b"", Level.RED, "徒骇河超警戒", "上堤巡查", ("371502001",))


@given(st.sampled_from(State), st.lists(st.sampled_from(Act), max_size=8))
def test_in_any_order_of_acts_what_has_ended_stays_ended_and_what_went_out_cannot_be_dropped(state, acts):
    was_issued = False
    for act in acts:
        if (state, act) not in MOVES:
            with pytest.raises(Conflict):
                moved(state, act)
            continue
        assert state in UNISSUED or state is State.ISSUED
        assert not (was_issued and act in (Act.DROP, Act.SIGN, Act.ISSUE))
        state = moved(state, act)
        was_issued |= state is State.ISSUED


def test_what_is_offered_can_be_done_and_expiry_is_nobody_s_act():
    assert possible(State.DRAFT) == [Act.SIGN, Act.ISSUE, Act.DROP]
    assert possible(State.SIGNED) == [Act.ISSUE, Act.DROP]
    assert possible(State.ISSUED) == [Act.UPDATE, Act.ALL_CLEAR, Act.CORRECT]
    for state in State:
        assert Act.EXPIRE not in possible(state)
        assert all(moved(state, act) for act in possible(state))


def test_a_warning_about_nothing_or_over_before_it_is_sent_is_refused_by_its_places():
    check_draft(DRAFT, T)
    check_draft(replace(DRAFT, regions=(), segments=("TUHAI-1",), expires_at=T + timedelta(seconds=1)), T)
    with pytest.raises(BadInput) as wrong:
        check_draft(replace(DRAFT, regions=(), expires_at=T), T)
    assert [flaw.pointer for flaw in wrong.value.flaws] == ["/regions", "/expires_at"]


def test_two_pairs_of_eyes_are_two_persons():
    standing = Standing(State.DRAFT, Level.RED, SUN)
    check_signer(standing, ZHAO)
    check_signer(replace(standing, made_by=None), SUN)
    with pytest.raises(Conflict):
        check_signer(standing, SUN)


def test_red_waits_two_minutes_for_a_signature_orange_five_and_the_rest_for_none():
    assert [sign_by(level, T) for level in Level] == [None, None, T + timedelta(minutes=5), T + timedelta(minutes=2)]


def test_no_rule_makes_red_wait_longer_than_two_minutes():
    assert sign_by(Level.RED, T, timedelta(hours=1)) == T + timedelta(minutes=2)
    assert sign_by(Level.RED, T, timedelta(seconds=30)) == T + timedelta(seconds=30)
    assert sign_by(Level.BLUE, T, timedelta(days=1)) == T + timedelta(hours=6)


def test_a_rule_that_waits_no_time_at_all_waits_for_nobody():
    assert sign_by(Level.RED, T, timedelta()) == T


def test_how_it_goes_out_is_on_record():
    asked = Standing(State.DRAFT, Level.RED, SUN, sign_by=T)
    assert goes_out(asked, T - timedelta(seconds=1)) is None
    assert goes_out(asked, T) is How.UNANSWERED
    assert goes_out(replace(asked, signed_by=ZHAO), T - timedelta(seconds=1)) is How.SIGNED
    assert goes_out(replace(asked, sign_by=None), T) is How.ALONE


def test_its_time_is_up_when_it_says_so_and_never_without_a_word():
    assert not is_over(Standing(State.ISSUED, Level.RED, SUN), T)
    assert is_over(Standing(State.ISSUED, Level.RED, SUN, expires_at=T), T)
    assert not is_over(Standing(State.ISSUED, Level.RED, SUN, expires_at=T), T - timedelta(seconds=1))


def test_numbers_of_drills_are_their_own_and_every_message_has_a_name_for_ever():
    assert number(2025, 42, is_drill=False) == "YJ2025-0042"
    assert number(2025, 7, is_drill=True) == "YL2025-0007"
    assert number(2025, 12_345, is_drill=False) == "YJ2025-12345"
    names = {identifier("YJ2025-0042", revision, is_end=end) for revision in (1, 2) for end in (False, True)}
    assert len(names) == 4


def test_only_what_is_graver_is_answered_anew_and_only_orange_and_red_press():
    graver = {(old, new) for old in Level for new in Level if asks_again(old, new)}
    assert (Level.ORANGE, Level.RED) in graver
    assert len(graver) == 6
    assert all(not asks_again(new, old) for old, new in graver)
    assert [level.presses for level in Level] == [False, False, True, True]
    assert set(SIGN_WITHIN) == set(Level)


def test_without_a_word_all_chiefs_are_called_and_a_list_makes_it_a_drill():
    assert set(DRAFT.called) == set(CHIEFS)
    assert replace(DRAFT, posts=(Post.WARDEN,)).called == (Post.WARDEN,)
    assert not DRAFT.is_drill
    assert replace(DRAFT, drill_list=UUID(int=4)).is_drill
