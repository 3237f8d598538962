"""For whom a walk counts: former chiefs with a queue, superiors who stand in, and what is one's own town."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backend.domain.terms import Post
from backend.models.people import Absence, Appointment
from backend.models.segments import Assignment
from tests.cast import COUNTY, LINE, NOON, TOWN, add_appointment, add_person
from tests.makers import new_id, patrol_body

BASE = "/api/v1/patrols"
TODAY, YESTERDAY = date(2025, 7, 2), NOON - timedelta(days=1, hours=4)


def ends_today(session, person_id) -> None:
    for row in session.scalars(select(Appointment).where(Appointment.person_id == person_id)):
        row.until_day = TODAY
    for held in session.scalars(select(Assignment).where(Assignment.person_id == person_id)):
        held.until_day = TODAY
    session.flush()


def stands_in(session, absent, substitute) -> None:
    session.add(Absence(id=new_id(), person_id=absent, substitute_id=substitute, from_day=TODAY))
    session.flush()


@pytest.mark.parametrize("next_post", [None, Post.BUREAU_CLERK])
def test_the_queue_of_a_former_chief_still_goes_in_and_is_judged_by_the_post_of_its_day(
    phone_of, cast, session, next_post
):
    ends_today(session, cast.wang)
    if next_post:
        add_appointment(session, cast.wang, next_post, COUNTY, since=TODAY)
    wang, patrol, queued = phone_of(cast.wang), new_id(), new_id()
    body = patrol_body(LINE, started_at=YESTERDAY)
    handed_in = wang.put(f"{BASE}/{patrol}", json=body)
    assert (handed_in.status_code, handed_in.json["verdict"]["outcome"]) == (201, "valid")
    assert handed_in.json["duty_of"] == str(cast.wang)
    assert wang.put(f"{BASE}/{patrol}", json=body).status_code == 200
    older = patrol_body(LINE, started_at=YESTERDAY - timedelta(days=1), seed=3)
    batch = {"items": [{"type": "patrol", "id": str(queued), "body": older}]}
    assert wang.post("/api/v1/sync", json=batch).json["results"][0]["status"] == "created"


def test_a_phone_without_a_post_hears_what_is_gone_says_who_it_is_and_signs_out(phone_of, cast, session):
    since = phone_of(cast.wang).get("/api/v1/sync").json["next"]
    ends_today(session, cast.wang)
    wang = phone_of(cast.wang)
    assert wang.get("/api/v1/sync", query_string={"since": since}).status_code == 200
    assert wang.get("/api/v1/sync").json["changes"] == []
    assert wang.get("/api/v1/me").json["posts"] == []
    assert wang.post("/api/v1/auth/logout", json={}).status_code == 204


def test_a_walk_after_the_post_has_ended_does_not_exist_for_the_former_chief(phone_of, cast, session):
    ends_today(session, cast.wang)
    assert phone_of(cast.wang).put(f"{BASE}/{new_id()}", json=patrol_body(LINE)).status_code == 404
    assert phone_of(cast.feng).put(f"{BASE}/{new_id()}", json=patrol_body(LINE)).status_code == 404


def test_a_superior_who_stands_in_and_names_the_absent_chiefs_reach_serves_the_absent_chief(phone_of, cast, session):
    stands_in(session, cast.wang, cast.li)
    li = phone_of(cast.li)
    walk = li.put(f"{BASE}/{new_id()}", json=patrol_body(LINE, metres=780.0)).json
    assert (walk["segment"]["code"], walk["duty_of"]) == ("TUHAI-371502-001", str(cast.wang))
    assert (walk["verdict"]["outcome"], walk["post"]) == ("valid", "village_chief")
    own = patrol_body(LINE, segment="TUHAI-371502001", metres=1500.0, speed_mps=1.4, seed=3)
    walk = li.put(f"{BASE}/{new_id()}", json=own).json
    assert (walk["segment"]["code"], walk["duty_of"]) == ("TUHAI-371502001", str(cast.li))
    assert walk["verdict"]["outcome"] == "valid"


@pytest.mark.parametrize("walker", ["wang", "he"])
def test_the_reach_of_the_own_town_is_not_the_village_chiefs_and_the_walk_is_kept(phone_of, cast, walker):
    phone = phone_of(cast.people[walker])
    named = phone.put(f"{BASE}/{new_id()}", json=patrol_body(LINE, segment="TUHAI-371502001"))
    assert (named.status_code, named.json["verdict"]["reasons"][0]) == (201, "not_assigned")
    for beyond in ("TUHAI-371502", "TUHAI-3715", "TUHAI-371502002", "TUHAI-371502-003"):
        assert phone.put(f"{BASE}/{new_id()}", json=patrol_body(LINE, segment=beyond)).status_code == 404


def test_the_next_town_is_not_the_own_town_of_a_town_chief(phone_of, cast):
    named = patrol_body(LINE, segment="TUHAI-371502001")
    assert phone_of(cast.tang).put(f"{BASE}/{new_id()}", json=named).status_code == 404


def review(phone, patrol, outcome="valid"):
    etag = {"If-Match": phone.get(f"{BASE}/{patrol}").headers["ETag"]}
    return phone.post(f"{BASE}/{patrol}/review", json={"outcome": outcome, "note": "电话核实过"}, headers=etag)


def test_the_clerk_who_entered_a_walk_does_not_review_it_and_a_colleague_may(phone_of, cast, session, keyring):
    office, patrol = phone_of(cast.sun), new_id()
    empty = patrol_body(LINE) | {"on_behalf_of": str(cast.wang), "track": {"points": []}}
    assert office.put(f"{BASE}/{patrol}", json=empty).json["verdict"]["counts"] is False
    refused = review(office, patrol)
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/forbidden")
    colleague = add_person(session, keyring, "colleague", "周科员", 90)
    add_appointment(session, colleague, Post.OFFICE_CLERK, COUNTY)
    assert review(phone_of(colleague), patrol).status_code == 200


def test_the_office_of_a_town_enters_no_walk_for_the_chief_of_the_city(phone_of, cast, session, keyring):
    clerk = add_person(session, keyring, "town clerk", "街道科员", 91)
    add_appointment(session, clerk, Post.OFFICE_CLERK, TOWN)
    body = patrol_body(LINE)
    office = phone_of(clerk)
    assert office.put(f"{BASE}/{new_id()}", json=body | {"on_behalf_of": str(cast.qian)}).status_code == 404
    assert office.put(f"{BASE}/{new_id()}", json=body | {"on_behalf_of": str(cast.wang)}).status_code == 201


def test_whoever_stands_in_for_a_chief_does_not_review_that_chiefs_walks_with_the_chiefs_own_seat(
    phone_of, cast, session
):
    patrol, body = new_id(), patrol_body(LINE, segment="TUHAI-371502001", metres=1500.0, speed_mps=1.4)
    assert phone_of(cast.li).put(f"{BASE}/{patrol}", json=body).status_code == 201
    stands_in(session, cast.li, cast.tang)
    assert review(phone_of(cast.tang), patrol).status_code == 403
    assert review(phone_of(cast.zhao), patrol).status_code == 200
