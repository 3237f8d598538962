"""Who may do what where: every post against every question, near and far."""

from __future__ import annotations

import pytest

from backend.domain.access import OF_THE_ACCOUNT, TABLE
from backend.domain.actions import Action
from backend.domain.terms import Post
from tests.cast import COUNTY, LINE, OTHER_COUNTY, PLAYERS
from tests.makers import new_id, patrol_body

EVERYBODY = list(PLAYERS)
PATHS = {
    "/api/v1/me": Action.SEE_SELF,
    "/api/v1/sync": Action.SEE_SELF,
    "/api/v1/regions": Action.SEE_REGIONS,
    "/api/v1/rivers": Action.SEE_REGIONS,
    "/api/v1/rules/current": Action.SEE_RULES,
    "/api/v1/rules": Action.SEE_RULES,
    "/api/v1/rules/duty": Action.SEE_RULES,
    "/api/v1/segments": Action.SEE_SEGMENTS,
    "/api/v1/segments/nearest?lon=115.97&lat=36.43": Action.SEE_SEGMENTS,
    "/api/v1/segments/orphans": Action.SEE_PEOPLE,
    "/api/v1/segments/vacancies": Action.SEE_PEOPLE,
    "/api/v1/people": Action.SEE_PEOPLE,
    "/api/v1/patrols": Action.SEE_PATROLS,
}
SEES_WANGS_WALK = {"wang", "li", "zhao", "qian", "sun", "feng", "deng", "he"}
SEES_WANGS_SEGMENT = SEES_WANGS_WALK | {"jin"}


@pytest.mark.parametrize("player", EVERYBODY)
def test_a_post_opens_the_doors_of_its_row_and_no_other(phone_of, cast, player):
    post: Post = PLAYERS[player][1]
    phone = phone_of(cast.people[player])
    for path, action in PATHS.items():
        expected = 200 if post in TABLE[action] else 403
        assert phone.get(path).status_code == expected, (player, path)


@pytest.mark.parametrize("player", EVERYBODY)
def test_a_walk_is_seen_by_whoever_answers_for_the_place_and_does_not_exist_for_others(phone_of, cast, player):
    walk = new_id()
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE)).status_code == 201
    phone = phone_of(cast.people[player])
    for rest in ("", "/track", "/track?format=gpx"):
        path = f"/api/v1/patrols/{walk}{rest}"
        status = phone.get(path).status_code
        assert (status == 200) == (player in SEES_WANGS_WALK), (player, path, status)
        assert status in (200, 403, 404)
    listed = phone.get("/api/v1/patrols")
    found = [each["id"] for each in listed.json["items"]] if listed.status_code == 200 else []
    assert (str(walk) in found) == (player in SEES_WANGS_WALK)


@pytest.mark.parametrize("player", EVERYBODY)
def test_a_segment_is_seen_from_above_and_by_its_own_people(phone_of, cast, player):
    phone = phone_of(cast.people[player])
    status = phone.get("/api/v1/segments/TUHAI-371502-001").status_code
    assert (status == 200) == (player in SEES_WANGS_SEGMENT), (player, status)


@pytest.mark.parametrize("player", EVERYBODY)
def test_nobody_looks_at_duty_or_coverage_beyond_their_region(phone_of, cast, player):
    phone = phone_of(cast.people[player])
    own = player in {"zhao", "qian", "sun", "feng", "deng"}
    assert (phone.get(f"/api/v1/duties?region={COUNTY}").status_code == 200) == own
    other = phone.get(f"/api/v1/duties?region={OTHER_COUNTY}").status_code
    assert (other == 200) == (player in {"qian", "deng", "wu"})


def test_without_a_login_nothing_opens(phone_of):
    phone = phone_of(None)
    for path in PATHS:
        answer = phone.get(path)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def deeds(cast):
    """Every way to change something about Wang's county, with a body that says too little to change anything."""
    person, post = cast.wang, cast.appointments["wang"]
    walk = new_id()
    return {
        ("put", f"/api/v1/people/{new_id()}"): Action.CHANGE_PEOPLE,
        ("post", f"/api/v1/people/{person}/appointments"): Action.CHANGE_PEOPLE,
        ("post", f"/api/v1/people/{person}/appointments/{post}/close"): Action.CHANGE_PEOPLE,
        ("post", f"/api/v1/people/{person}/phone"): Action.CHANGE_PEOPLE,
        ("post", f"/api/v1/people/{person}/phone-reveal"): Action.REVEAL_PHONE,
        ("post", f"/api/v1/hazards/{new_id()}/phone-reveal"): Action.REVEAL_PHONE,
        ("post", "/api/v1/handovers"): Action.CHANGE_PEOPLE,
        ("put", f"/api/v1/segments/{new_id()}"): Action.CHANGE_SEGMENTS,
        ("post", "/api/v1/segments/TUHAI-371502-001/survey"): Action.CHANGE_SEGMENTS,
        ("post", "/api/v1/segments/TUHAI-371502-001/split"): Action.CHANGE_SEGMENTS,
        ("post", "/api/v1/rules"): Action.CHANGE_RULES,
        ("post", f"/api/v1/patrols/{walk}/review"): Action.REVIEW_PATROL,
        ("post", f"/api/v1/patrols/{walk}/withdraw"): Action.WITHDRAW_PATROL,
        ("put", f"/api/v1/patrols/{walk}"): Action.SUBMIT_PATROL,
        ("post", "/api/v1/sync"): Action.SUBMIT_PATROL,
        ("put", f"/api/v1/me/absences/{new_id()}"): Action.SEE_SELF,
    }


@pytest.mark.parametrize("player", EVERYBODY)
def test_a_post_changes_what_its_row_lets_it_and_nothing_else(phone_of, cast, player):
    post: Post = PLAYERS[player][1]
    phone = phone_of(cast.people[player])
    for (method, path), action in deeds(cast).items():
        status = getattr(phone, method)(path, json={"nonsense": 1}).status_code
        let_in = action in OF_THE_ACCOUNT or post in TABLE[action]
        assert status == (422 if let_in else 403), (player, method, path, status)


@pytest.mark.parametrize("player", EVERYBODY)
def test_an_account_is_opened_anew_by_the_office_above_and_by_nobody_else(phone_of, cast, player):
    phone = phone_of(cast.people[player])
    for other in EVERYBODY:
        status = phone.post(f"/api/v1/people/{cast.people[other]}/reset-login").status_code
        below = {"jin": set(EVERYBODY), "sun": {"li", "tang", "wang", "chen", "he", "yang"}}.get(player, set())
        assert (status == 200) == (other in below), (player, other, status)


@pytest.mark.parametrize("player", EVERYBODY)
def test_a_clear_number_is_seen_from_above_and_never_an_administrators(phone_of, cast, player):
    phone = phone_of(cast.people[player])
    for other in EVERYBODY:
        said = {"reason": "汛情核实"}
        status = phone.post(f"/api/v1/people/{cast.people[other]}/phone-reveal", json=said).status_code
        assert (status == 200) == sees_number(player, other), (player, other, status)


def sees_number(player: str, other: str) -> bool:
    _, post, region = PLAYERS[player]
    _, theirs, place = PLAYERS[other]
    if post not in TABLE[Action.REVEAL_PHONE] or not place.startswith(region):
        return False
    return theirs is not Post.ADMINISTRATOR or post is Post.ADMINISTRATOR
