"""Who is called by a warning, in which row of the board, and in what order."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.rolls import roll
from backend.domain.terms import CHIEFS, Duty, Level, Post
from tests.cast import CITY, COUNTY, NEXT_TOWN, NEXT_VILLAGE, TOWN, VILLAGE

A, B, C, D = (UUID(int=number) for number in range(1, 5))
ONE, TWO, THREE = (UUID(int=100 + number) for number in range(3))


def reach(person: UUID, region: str, level: Level, segment: UUID = ONE, duty: Duty = Duty.CHIEF) -> Any:
    return SimpleNamespace(person_id=person, duty=duty.value, level=int(level), region_code=region, segment_id=segment)


def seat(person: UUID, post: Post, region: str) -> Any:
    return SimpleNamespace(person_id=person, post=post.value, region_code=region)


def test_whoever_has_several_reaches_is_called_once_for_the_lowest():
    found = roll(
        [reach(A, VILLAGE, Level.VILLAGE), reach(A, NEXT_VILLAGE, Level.VILLAGE, TWO), reach(A, TOWN, Level.TOWN)],
        [seat(A, Post.TOWN_CHIEF, TOWN)],
        CHIEFS,
    )
    assert [(each.person_id, each.post, each.region_code, each.segment_id) for each in found] == [
        (A, Post.VILLAGE_CHIEF, VILLAGE, ONE)
    ]


def test_a_chief_without_a_reach_is_called_for_the_seat_and_a_warden_only_where_wardens_are():
    reaches = [reach(A, VILLAGE, Level.VILLAGE, duty=Duty.WARDEN)]
    assert roll(reaches, [seat(B, Post.TOWN_CHIEF, TOWN)], CHIEFS)[0].person_id == B
    assert len(roll(reaches, [seat(B, Post.TOWN_CHIEF, TOWN)], CHIEFS)) == 1
    both = roll(reaches, [seat(B, Post.TOWN_CHIEF, TOWN)], {*CHIEFS, Post.WARDEN})
    assert {each.post for each in both} == {Post.WARDEN, Post.TOWN_CHIEF}


def test_those_inside_the_risk_area_come_first_by_any_of_their_reaches_or_seats():
    reaches = [
        reach(A, VILLAGE, Level.VILLAGE),
        reach(B, NEXT_VILLAGE, Level.VILLAGE, TWO),
        reach(C, NEXT_TOWN, Level.TOWN, THREE),
    ]
    seats = [seat(D, Post.COUNTY_CHIEF, COUNTY), seat(C, Post.TOWN_CHIEF, NEXT_TOWN)]
    by_focus = roll(reaches, seats, CHIEFS, focus=[NEXT_VILLAGE])
    assert [each.person_id for each in by_focus] == [B, A, C, D]
    assert [each.is_inside for each in by_focus] == [True, False, False, False]
    by_segment = roll(reaches, seats, CHIEFS, risky={THREE})
    assert by_segment[0].person_id == C
    by_seat = roll([reach(C, VILLAGE, Level.VILLAGE)], seats, CHIEFS, focus=[NEXT_TOWN])
    assert (by_seat[0].person_id, by_seat[0].is_inside, by_seat[0].region_code) == (C, True, VILLAGE)


REACHES = st.builds(
    reach,
    st.sampled_from([A, B, C, D]),
    st.sampled_from([VILLAGE, NEXT_VILLAGE, TOWN, COUNTY, CITY]),
    st.sampled_from([Level.VILLAGE, Level.TOWN, Level.COUNTY, Level.CITY]),
    st.sampled_from([ONE, TWO, THREE]),
    st.sampled_from(Duty),
)
SEATS = st.builds(seat, st.sampled_from([A, B, C, D]), st.sampled_from(list(CHIEFS)), st.sampled_from([TOWN, COUNTY]))


@given(st.lists(REACHES), st.lists(SEATS), st.sets(st.sampled_from([VILLAGE, TOWN, COUNTY])))
def test_everybody_is_on_it_once_and_nobody_else_whatever_they_hold(reaches, seats, focus):
    found = roll(reaches, seats, CHIEFS, focus=focus)
    wanted = {row.person_id for row in reaches if row.duty == Duty.CHIEF} | {row.person_id for row in seats}
    people = [each.person_id for each in found]
    assert len(people) == len(set(people))
    assert set(people) == wanted
    inside = [each.is_inside for each in found]
    assert inside == sorted(inside, reverse=True)
