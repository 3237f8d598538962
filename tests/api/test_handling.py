"""Handling hazards over HTTP: given to those who must mend them, closed by others with evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.hazard_cases import AFTER, HAZARDS, PLACE, Case, photo
from tests.cast import NOON
from tests.makers import new_id


@pytest.fixture
def heap(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


def test_from_report_to_closing_with_a_second_pair_of_eyes(heap, cast):
    assert heap.act(cast.feng, "accept").json["state"] == "accepted"
    given = heap.act(cast.feng, "assign", unit="HOUSING", note="三日内清运")
    assert (given.json["state"], given.json["unit"]["name"]) == ("assigned", "住建局")
    assert heap.act(cast.yang, "start").json["state"] == "in_hand"
    done = heap.act(cast.yang, "report_done", photos=[photo()])
    assert done.json["state"] == "done_reported"
    assert heap.act(cast.feng, "verify").json["state"] == "verified"
    closed = heap.act(cast.feng, "close")
    assert (closed.json["state"], closed.json["deadlines"]["due_at"]) == ("closed", None)
    assert set(closed.json["allowed"]) == {"reopen", "comment"}


def test_the_one_who_mends_does_not_verify(heap, cast):
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", person=str(cast.feng))
    heap.act(cast.feng, "report_done", photos=[photo()])
    refused = heap.act(cast.feng, "verify")
    assert (refused.status_code, "verify" in refused.json["allowed"]) == (403, False)
    assert heap.act(cast.sun, "verify").status_code == 200


@pytest.mark.parametrize(
    "picture",
    [
        AFTER,
        photo(at=NOON - timedelta(days=1)),
        photo(lon=PLACE["lon"] + 0.01),
        {"sha256": AFTER, "at": NOON.isoformat()},
    ],
)
def test_it_is_not_closed_without_a_photo_of_the_place_taken_afterwards(heap, cast, picture):
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    heap.act(cast.yang, "report_done", photos=[picture])
    heap.act(cast.feng, "verify")
    refused = heap.act(cast.feng, "close")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/conflict")
    assert "照片" in refused.json["detail"]


def test_mended_badly_it_comes_back_with_a_new_deadline_and_is_counted(heap, cast, phone_of):
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    heap.act(cast.yang, "report_done", photos=[photo()])
    assert heap.act(cast.feng, "return").status_code == 422
    back = heap.act(cast.feng, "return", note="还有一半")
    assert (back.json["state"], back.json["returns"], back.json["done_photos"]) == ("assigned", 1, [])
    assert back.json["deadlines"]["phase"] == "fix"


def test_a_unit_gives_back_what_is_not_its_own(heap, cast):
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    back = heap.act(cast.yang, "return", note="不归住建")
    assert (back.json["state"], back.json["unit"]) == ("accepted", None)


def test_an_act_may_be_sent_again_even_when_what_was_seen_is_old(heap, cast, phone_of):
    etag = heap.seen_by(cast.feng).headers["ETag"]
    body = {"id": str(new_id()), "action": "accept"}
    feng = phone_of(cast.feng)
    first = feng.post(f"{HAZARDS}/{heap.id}/actions", json=body, headers={"If-Match": etag})
    again = feng.post(f"{HAZARDS}/{heap.id}/actions", json=body, headers={"If-Match": etag})
    assert (first.status_code, again.status_code, again.json["state"]) == (200, 200, "accepted")
    other = feng.post(f"{HAZARDS}/{heap.id}/actions", json=body | {"note": "x"}, headers={"If-Match": etag})
    assert other.status_code == 409


def test_of_two_clerks_one_wins_and_the_other_sees_how_it_is(heap, cast, phone_of):
    etag = heap.seen_by(cast.feng).headers["ETag"]
    assert heap.act(cast.feng, "accept", etag=etag).status_code == 200
    late = heap.act(cast.sun, "reject", etag=etag, note="重复")
    assert (late.status_code, late.json["present"]["state"]) == (412, "accepted")
    without = phone_of(cast.sun).post(f"{HAZARDS}/{heap.id}/actions", json={"id": str(new_id()), "action": "accept"})
    assert without.status_code == 428


def test_more_time_is_asked_and_granted_by_different_people(heap, cast):
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    until = "2025-08-20T00:00:00+08:00"
    soon = heap.act(cast.yang, "ask_extension", until="2025-07-03T00:00:00+08:00", note="雨")
    assert (soon.status_code, soon.json["errors"][0]["pointer"]) == (422, "/until")
    assert heap.act(cast.yang, "ask_extension", until=until, note="雨").json["extension"]["until"] == until
    assert heap.act(cast.yang, "grant_extension").status_code == 403
    granted = heap.act(cast.feng, "grant_extension").json
    assert (granted["deadlines"]["due_at"], granted["extension"]) == (until, None)
    assert heap.act(cast.feng, "grant_extension").status_code == 409


def test_what_cannot_be_mended_yet_is_made_safe_and_watched(heap, cast):
    heap.act(cast.feng, "accept")
    added = heap.act(cast.li, "add_interim", note="沙袋围挡，夜间值守", watcher=str(cast.wang), every_h=12)
    measure = added.json["interim"][0]
    assert (measure["watcher"], measure["every_h"]) == (str(cast.wang), 12)
    assert heap.act(cast.li, "check_interim", measure=str(new_id())).status_code == 404
    assert heap.act(cast.li, "check_interim", measure=measure["id"]).status_code == 200


def test_what_comes_back_after_closing_is_reopened_and_counted(heap, cast):
    heap.act(cast.feng, "accept", severity="major")
    heap.act(cast.feng, "assign", unit="HOUSING")
    heap.act(cast.yang, "report_done", photos=[photo()])
    heap.act(cast.feng, "verify")
    heap.act(cast.feng, "close")
    again = heap.act(cast.sun, "reopen", note="又倒了一车").json
    assert (again["state"], again["rebounds"], again["severity"]) == ("assigned", 1, "major")
    assert again["deadlines"]["due_at"] == "2025-07-31T00:00:00+08:00"


def test_a_listed_major_one_has_sixty_days_and_a_worse_one_less_time(heap, cast):
    heap.act(cast.feng, "accept", severity="major")
    heap.act(cast.feng, "assign", unit="HOUSING")
    listed = heap.act(cast.zhao, "supervise", watch="listed").json
    assert (listed["watch"], listed["deadlines"]["due_at"]) == ("listed", "2025-08-31T12:00:00+08:00")
    critical = heap.act(cast.sun, "assign", unit="HOUSING", severity="critical").json
    assert critical["deadlines"]["due_at"] == "2025-07-02T14:00:00+08:00"
    assert critical["deadlines"]["phase"] == "start"


def test_in_the_key_window_flood_hazards_have_half_the_time(phone_of, cast, clock):
    clock.now += timedelta(days=26)
    crack = Case(phone_of, cast.wang, kind="flood.levee_defect", observed_at=clock.now.isoformat())
    crack.act(cast.feng, "accept")
    given_out = crack.act(cast.feng, "assign", unit="HOUSING").json
    assert given_out["deadlines"]["due_at"] == "2025-08-05T00:00:00+08:00"


def test_what_an_act_names_must_be_there(heap, cast):
    heap.act(cast.feng, "accept")
    for said, place in [
        ({"action": "assign", "unit": "NOBODY"}, "/unit"),
        ({"action": "assign", "person": str(new_id())}, "/person"),
        ({"action": "merge", "into": str(new_id())}, "/into"),
        ({"action": "merge", "into": str(heap.id)}, "/into"),
    ]:
        refused = heap.act(cast.feng, said.pop("action"), **said)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (404, place)


def test_nobody_takes_an_act_under_the_id_of_anothers(heap, cast, phone_of):
    act = {"id": str(new_id()), "action": "comment", "note": "看过了"}
    seen = {"If-Match": heap.seen_by(cast.feng).headers["ETag"]}
    assert phone_of(cast.feng).post(f"{HAZARDS}/{heap.id}/actions", json=act, headers=seen).status_code == 200
    assert phone_of(cast.sun).post(f"{HAZARDS}/{heap.id}/actions", json=act, headers=seen).status_code == 409
