"""Who is sent to a door: neighbours of the same village, then those whose code is nearest."""

from __future__ import annotations

from backend.domain.door_knocks import MOST_NEAR, nearest
from tests.makers import new_id

HOME = 371502001003


def test_the_nearest_by_code_go_first_and_nobody_to_their_own_door():
    me, same, next_door, far, town = people = [new_id() for _ in range(5)]
    codes = (HOME, HOME, HOME + 1, HOME + 40, HOME // 1_000)
    assert nearest(HOME, me, list(zip(codes, people, strict=True))) == [same, next_door, far, town]


def test_of_those_equally_near_the_first_go_and_not_more_than_a_few():
    able = [(HOME + side, new_id()) for side in (1, -1) * MOST_NEAR]
    assert nearest(HOME, new_id(), able) == [person for _, person in able[:MOST_NEAR]]
    assert nearest(HOME, new_id(), []) == []
