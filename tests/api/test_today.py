"""Today: the numbers with which somebody begins, counted in their part of the world."""

from __future__ import annotations

from datetime import timedelta

from tests.api.hazard_cases import Case
from tests.makers import new_id, patrol_body


def today_of(phone_of, person):
    return phone_of(person).get("/api/v1/today").json


def test_a_clerk_sees_what_stands_open_what_is_late_and_what_waits(phone_of, cast, clock):
    assert today_of(phone_of, cast.feng)["hazards"] == {"open": 0, "late": 0, "severe": 0, "path": "/api/v1/hazards"}
    case = Case(phone_of, cast.wang)
    found = today_of(phone_of, cast.feng)
    assert (found["hazards"]["open"], found["hazards"]["late"]) == (1, 0)
    assert [(each["id"], each["what"]) for each in found["tasks"]] == [(str(case.id), "accept")]
    clock.now += timedelta(days=60)
    assert today_of(phone_of, cast.feng)["hazards"]["late"] == 1


def test_what_waits_is_counted_beyond_what_is_told(phone_of, cast):
    assert today_of(phone_of, cast.feng)["waiting"] == 0
    for _ in range(53):
        Case(phone_of, cast.wang)
    found = today_of(phone_of, cast.feng)
    assert (len(found["tasks"]), found["waiting"]) == (50, 53)
    assert today_of(phone_of, cast.wu)["waiting"] == 0


def test_another_county_counts_nothing_of_it(phone_of, cast):
    Case(phone_of, cast.wang)
    assert today_of(phone_of, cast.wu)["hazards"]["open"] == 0


def test_walks_of_today_are_counted_for_whoever_may_see_them(phone_of, cast):
    body = patrol_body(cast.segments["TUHAI-371502-001"].line)
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=body).status_code == 201
    assert today_of(phone_of, cast.li)["walks"] == {"handed_in": 1, "counting": 1}
    assert today_of(phone_of, cast.wang)["walks"] is None


def test_what_has_not_changed_is_not_sent_again(phone_of, cast):
    phone = phone_of(cast.feng)
    etag = phone.get("/api/v1/today").headers["ETag"]
    assert phone.get("/api/v1/today", headers={"If-None-Match": etag}).status_code == 304
