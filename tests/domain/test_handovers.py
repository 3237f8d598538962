"""By which post somebody takes a reach over, and for which days that may be agreed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from backend.domain.handovers import LONGEST_AHEAD, Held, fitting, may_begin
from backend.domain.terms import Duty, Level, Post

DAY = date(2025, 7, 2)
VILLAGE, TOWN = "371502001001", "371502001"


def held(post: Post, region: str, *, since: date = date(2020, 1, 1), until: date | None = None) -> Held:
    return Held(UUID(int=1), post, region, since, until)


def fits(*posts: Held, level: Level = Level.VILLAGE, region: str = VILLAGE, duty: Duty = Duty.CHIEF) -> bool:
    return fitting(posts, level=level, region=region, duty=duty, day=DAY) is not None


def test_a_chief_takes_reaches_of_their_level_and_place():
    assert fits(held(Post.VILLAGE_CHIEF, VILLAGE))
    assert not fits(held(Post.VILLAGE_CHIEF, "371502001002"))
    assert not fits(held(Post.TOWN_CHIEF, TOWN))
    assert fits(held(Post.TOWN_CHIEF, TOWN), level=Level.TOWN, region=TOWN)
    assert not fits(held(Post.OFFICE_CLERK, TOWN))
    assert not fits()


def test_a_warden_takes_a_wardens_reach_in_a_village_around():
    assert fits(held(Post.WARDEN, TOWN), duty=Duty.WARDEN)
    assert not fits(held(Post.WARDEN, TOWN))
    assert not fits(held(Post.VILLAGE_CHIEF, VILLAGE), duty=Duty.WARDEN)
    assert not fits(held(Post.WARDEN, TOWN), duty=Duty.WARDEN, level=Level.TOWN, region=TOWN)


def test_the_post_must_be_held_on_that_day():
    assert not fits(held(Post.VILLAGE_CHIEF, VILLAGE, since=DAY + timedelta(days=1)))
    assert not fits(held(Post.VILLAGE_CHIEF, VILLAGE, until=DAY))
    assert fits(held(Post.VILLAGE_CHIEF, VILLAGE, since=DAY, until=DAY + timedelta(days=1)))


def test_it_is_agreed_for_today_or_within_a_year():
    assert [may_begin(DAY + timedelta(days=n), DAY) for n in (-1, 0, LONGEST_AHEAD.days, LONGEST_AHEAD.days + 1)] == [
        False,
        True,
        True,
        False,
    ]
