"""Who stands in for whom."""

from __future__ import annotations

from uuid import UUID

from backend.domain.absences import STAND_INS, circle, fits, nearness, passing, reachable
from backend.domain.access import Seat
from backend.domain.terms import Post

COUNTY, TOWN, VILLAGE = "371502", "371502001", "371502001001"


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


def test_substitutes_are_looked_for_around_the_first_post_that_passes_and_the_nearest_come_first():
    village, warden, admin = (
        Seat(Post.VILLAGE_CHIEF, VILLAGE),
        Seat(Post.WARDEN, VILLAGE),
        Seat(Post.ADMINISTRATOR, TOWN),
    )
    found = circle([admin, village])
    assert found is not None
    assert found.within == {TOWN}
    assert {VILLAGE, "3715"} <= found.regions
    below = circle([warden])
    assert below is not None
    assert below.within == {TOWN, VILLAGE}
    assert circle([admin]) is None
    places = [[Seat(Post.VILLAGE_CHIEF, region)] for region in (VILLAGE, "371502001002", TOWN, COUNTY)]
    assert sorted(places, key=lambda seats: nearness([village], seats)) == places
    assert nearness([village], [Seat(Post.CITY_CHIEF, "3716")]) > nearness([village], places[-1])


def test_of_the_absent_whoever_acts_for_them_is_reached_each_once():
    here, acting, gone, away = (UUID(int=number) for number in range(4))
    assert reachable([acting, away, gone, here], {away: acting, gone: None}) == (acting, here)
    assert reachable([gone], {gone: None}) == ()
