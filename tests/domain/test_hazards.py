"""The table of states, and who may move a hazard: what is not in it cannot happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.access import TABLE, Actor, Seat
from backend.domain.consequences import Taken, changes
from backend.domain.handling import ActDraft, Standing, allowed, check_needs, moved, proves
from backend.domain.hazards import ACTIONS, MOVES, OPEN, Act, Kind, Picture, State, Watch, pressing
from backend.domain.terms import Post
from backend.errors import BadInput, Conflict, Forbidden
from backend.formats.canonical import canonical_sha256

NOON = datetime(2025, 7, 2, 4, 0, tzinfo=UTC)
VILLAGE, COUNTY = "371502001001", "371502"
HERE = (116.0, 36.4)
BODY = canonical_sha256({})
CLERK = Actor(uuid4(), "冯", (Seat(Post.BUREAU_CLERK, COUNTY),))
LIAISON = Actor(uuid4(), "杨", (Seat(Post.UNIT_LIAISON, COUNTY, "HOUSING"),))
POLICE = Actor(uuid4(), "沈", (Seat(Post.POLICE_CHIEF, COUNTY),))
WALKER = Actor(uuid4(), "王", (Seat(Post.VILLAGE_CHIEF, VILLAGE),))
PLAIN = Standing(
    id=uuid4(),
    state=State.REPORTED,
    reporter=WALKER.person_id,
    region=VILLAGE,
    place=HERE,
    unit=None,
    assignee=None,
    handed_to=None,
    handed_region=None,
    assigned_at=None,
    done_by=None,
    done_photos=(),
    extension_until=None,
    extension_by=None,
)


def draft(act: Act, **said) -> ActDraft:
    return ActDraft(uuid4(), act, BODY, **said)


def standing(state: State = State.REPORTED, **changed) -> Standing:
    return replace(PLAIN, state=state, **changed)


def test_every_act_has_its_moves_and_its_row_of_the_access_table():
    assert set(MOVES) == set(ACTIONS) == set(Act)
    assert all(ACTIONS[act] in TABLE for act in Act)


def test_every_state_is_reached_from_a_report_and_every_open_one_can_be_closed():
    reached = {State.REPORTED}
    before: set[State] = set()
    while reached != before:
        before = set(reached)
        reached |= {end for moves in MOVES.values() for begin, end in moves.items() if begin in reached}
    assert reached == set(State)
    closes, before = {State.CLOSED}, set()
    while closes != before:
        before = set(closes)
        closes |= {begin for moves in MOVES.values() for begin, end in moves.items() if end in closes}
    assert set(OPEN) <= closes


def test_only_flood_hazards_press():
    assert [kind for kind in Kind if kind.is_flood] == [kind for kind in Kind if kind.value.startswith("flood.")]


@given(st.lists(st.sampled_from(Act), max_size=20))
def test_a_hazard_is_nowhere_but_in_the_table_whatever_is_tried(acts):
    now = standing()
    for act in acts:
        before = now.state
        try:
            after = moved(now, draft(act, post=Post.POLICE_CHIEF, watch=Watch.KEY), CLERK)
        except (Forbidden, Conflict):
            continue
        assert MOVES[act][before] is after
        now = replace(now, state=after, done_by=CLERK.person_id if act is Act.REPORT_DONE else now.done_by)


def test_what_an_act_lacks_is_named():
    for act, places in [
        (Act.REJECT, ["/note"]),
        (Act.ASSIGN, ["/unit"]),
        (Act.ADD_INTERIM, ["/note", "/watcher", "/every_h"]),
        (Act.TRANSFER, ["/post", "/note"]),
    ]:
        with pytest.raises(BadInput) as wrong:
            check_needs(draft(act))
        assert [flaw.pointer for flaw in wrong.value.flaws] == places
    check_needs(draft(Act.ACCEPT))
    check_needs(draft(Act.ASSIGN, person=uuid4()))


def test_a_walker_reports_and_comments_and_decides_nothing():
    assert allowed(standing(), WALKER) == [Act.COMMENT]
    assert allowed(standing(reporter=uuid4()), WALKER) == []
    mine = standing(State.ASSIGNED, assignee=WALKER.person_id)
    assert {Act.START, Act.REPORT_DONE, Act.RETURN, Act.ADD_INTERIM} <= set(allowed(mine, WALKER))


def test_a_unit_moves_only_what_it_was_given():
    assert allowed(standing(State.ASSIGNED, unit="WATER"), LIAISON) == []
    given_to = set(allowed(standing(State.ASSIGNED, unit="HOUSING"), LIAISON))
    assert given_to == {
        Act.START,
        Act.REPORT_DONE,
        Act.RETURN,
        Act.ASK_EXTENSION,
        Act.ADD_INTERIM,
        Act.CHECK_INTERIM,
        Act.COMMENT,
    }


def test_nobody_answers_their_own_wish_for_more_time():
    asked = standing(State.IN_HAND, extension_until=NOON, extension_by=CLERK.person_id)
    with pytest.raises(Forbidden, match="own_wish"):
        moved(asked, draft(Act.GRANT_EXTENSION), CLERK)
    other = replace(CLERK, person_id=uuid4())
    assert moved(asked, draft(Act.GRANT_EXTENSION), other) is State.IN_HAND
    with pytest.raises(Conflict, match="no_extension"):
        moved(replace(asked, extension_until=None), draft(Act.REFUSE_EXTENSION), other)


def test_whoever_has_it_hands_it_back_and_it_is_handed_over_once():
    away = standing(State.ACCEPTED, handed_to=Post.POLICE_CHIEF, handed_region=COUNTY)
    assert moved(away, draft(Act.HAND_BACK), POLICE) is State.ACCEPTED
    assert set(allowed(away, POLICE)) == {Act.HAND_BACK, Act.COMMENT}
    with pytest.raises(Conflict, match="handed_over"):
        moved(away, draft(Act.TRANSFER, post=Post.PROSECUTOR), CLERK)
    with pytest.raises(Forbidden, match="post"):
        moved(standing(State.ACCEPTED), draft(Act.HAND_BACK), POLICE)


@pytest.mark.parametrize(
    ("photo", "is_proof"),
    [
        (Picture(BODY, NOON, HERE), True),
        (Picture(BODY, NOON, (116.001, 36.4)), True),
        (Picture(BODY, NOON, (116.01, 36.4)), False),
        (Picture(BODY, NOON), False),
        (Picture(BODY, None, HERE), False),
        (Picture(BODY, NOON - timedelta(hours=2), HERE), False),
    ],
)
def test_a_photo_proves_by_when_and_where_it_was_taken(photo, is_proof):
    given_at = standing(State.VERIFIED, assigned_at=NOON - timedelta(hours=1))
    assert proves(given_at, photo) is is_proof
    assert proves(replace(given_at, place=None), photo) is (photo.at == NOON)
    assert Picture.read(photo.written()) == photo


def test_what_comes_back_is_counted_and_begins_anew():
    def after(state: State, act: Act, **said) -> dict:
        taken = Taken(standing(state, unit="HOUSING"), draft(act, **said), CLERK.person_id, NOON, 1, 2)
        return changes(taken, MOVES[act][state])

    assert after(State.DONE_REPORTED, Act.RETURN)["returns"] == 2
    assert after(State.IN_HAND, Act.RETURN)["unit_code"] is None
    assert after(State.CLOSED, Act.REOPEN)["rebounds"] == 3
    assert after(State.REJECTED, Act.REOPEN) == {"state": "reported", "unsafe_since": None}
    assert after(State.ACCEPTED, Act.ASSIGN, person=LIAISON.person_id)["assigned_at"] == NOON
    assert "assigned_at" not in after(State.IN_HAND, Act.ASSIGN, unit="WATER")
    assert after(State.ACCEPTED, Act.TRANSFER, post=Post.PROSECUTOR)["handed_region"] == COUNTY
    assert after(State.REPORTED, Act.SUPERVISE, watch=Watch.KEY)["watch"] == "key"


def test_what_is_late_presses_most_then_what_is_severe_then_what_is_due_soon():
    soon, later, over = (NOON + timedelta(hours=hours) for hours in (1, 9, -1))
    things = [(None, None), (later, "ordinary"), (soon, None), (later, "major"), (later, "critical"), (over, "minor")]
    assert sorted(things, key=lambda each: pressing(each[0], each[1], NOON)) == [
        (over, "minor"),
        (later, "critical"),
        (later, "major"),
        (soon, None),
        (later, "ordinary"),
        (None, None),
    ]
