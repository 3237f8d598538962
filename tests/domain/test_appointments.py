"""Which post fits where, and who gives it."""

from __future__ import annotations

from uuid import UUID

import pytest

from backend.domain.access import Actor, Seat
from backend.domain.appointments import GIVES, LEVELS, fits, has_charge, may_add_to, may_give, may_reveal
from backend.domain.terms import CHIEFS, Post

CITY, COUNTY, TOWN, VILLAGE = "3715", "371502", "371502001", "371502001001"


def holding(*seats: tuple[Post, str]) -> Actor:
    return Actor(UUID(int=1), "演示", tuple(Seat(post, region) for post, region in seats))


def test_every_post_has_its_levels_and_a_chief_only_the_own():
    assert set(LEVELS) == set(Post)
    for post, level in CHIEFS.items():
        assert LEVELS[post] == {level}
    assert fits(Post.VILLAGE_CHIEF, VILLAGE)
    assert not fits(Post.CITY_CHIEF, TOWN)


def test_only_administrators_make_administrators_and_every_post_has_somebody_who_gives_it():
    assert {giver for giver, given in GIVES.items() if Post.ADMINISTRATOR in given} == {Post.ADMINISTRATOR}
    assert set(GIVES[Post.ADMINISTRATOR]) == set(Post)


@pytest.mark.parametrize("region", [CITY, COUNTY, TOWN])
def test_no_office_gives_a_post_by_which_it_could_rule_its_own_level(region):
    office = holding((Post.OFFICE_CLERK, region))
    harmless = {Post.WARDEN, Post.UNIT_LIAISON}
    assert {post for post in Post if may_give(office, post, region)} == harmless
    assert not any(may_give(office, post, "3716") for post in Post)


def test_charge_of_an_account_needs_every_post_of_it():
    office = holding((Post.OFFICE_CLERK, COUNTY))
    village, elsewhere = Seat(Post.VILLAGE_CHIEF, VILLAGE), Seat(Post.WARDEN, "371503001")
    assert has_charge(office, [village])
    assert not has_charge(office, [village, elsewhere])
    assert not may_reveal(office, [village, elsewhere])
    assert not may_reveal(office, [village, Seat(Post.ADMINISTRATOR, COUNTY)])
    assert may_add_to(office, [village, elsewhere])
    assert not may_add_to(office, [Seat(Post.ADMINISTRATOR, COUNTY)])
