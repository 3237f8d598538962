"""Which post fits where, who gives it, and who stands in for whom."""

from __future__ import annotations

from uuid import UUID

import pytest

from backend.domain.absences import STAND_INS, fits, passing
from backend.domain.access import Actor, Seat
from backend.domain.appointments import GIVES, LEVELS, has_charge, may_add_to, may_give, may_reveal
from backend.domain.appointments import fits as fits_level
from backend.domain.regions import around
from backend.domain.terms import CHIEFS, Post

CITY, COUNTY, TOWN, VILLAGE = "3715", "371502", "371502001", "371502001001"


def holding(*seats: tuple[Post, str]) -> Actor:
    return Actor(UUID(int=1), "演示", tuple(Seat(post, region) for post, region in seats))


def test_every_post_has_its_levels_and_a_chief_only_the_own():
    assert set(LEVELS) == set(Post)
    for post, level in CHIEFS.items():
        assert LEVELS[post] == {level}
    assert fits_level(Post.VILLAGE_CHIEF, VILLAGE)
    assert not fits_level(Post.CITY_CHIEF, TOWN)


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


def test_a_peer_a_neighbour_or_a_superior_stands_in_and_nobody_for_an_administrator():
    assert set(STAND_INS) == set(Post) - {Post.ADMINISTRATOR}
    village = Seat(Post.VILLAGE_CHIEF, VILLAGE)
    for post, region in ((Post.VILLAGE_CHIEF, "371502001002"), (Post.TOWN_CHIEF, TOWN), (Post.COUNTY_CHIEF, COUNTY)):
        assert fits(village, [Seat(post, region)])
    for post, region in ((Post.VILLAGE_CHIEF, "371502002001"), (Post.COUNTY_CHIEF, "371503"), (Post.WARDEN, VILLAGE)):
        assert not fits(village, [Seat(post, region)])
    liaison = Seat(Post.UNIT_LIAISON, COUNTY, "HOUSING")
    assert fits(liaison, [Seat(Post.UNIT_LIAISON, COUNTY, "HOUSING")])
    assert not fits(liaison, [Seat(Post.UNIT_LIAISON, COUNTY, "ROADS")])


def test_all_posts_pass_to_a_stand_in_or_none():
    village, clerk = Seat(Post.VILLAGE_CHIEF, VILLAGE), Seat(Post.OFFICE_CLERK, COUNTY)
    town, admin = Seat(Post.TOWN_CHIEF, TOWN), Seat(Post.ADMINISTRATOR, COUNTY)
    assert passing([village, admin], [town]) == (village,)
    assert passing([village, clerk], [town]) == ()
    assert passing([admin], [admin]) == ()


def test_the_region_around_a_stretch_of_codes_is_the_smallest_that_holds_both():
    assert around("371502001", "371502002001") == COUNTY
    assert around(CITY, "371503") == CITY
    assert around("3715", "4101") == ""
