"""People come and go; what they answer for passes on the same moment."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from uuid import uuid4

import pytest

from backend.models.people import Absence, Appointment
from tests.cast import VILLAGE, add_person
from tests.makers import new_id, seen_by

TODAY = "2025-07-02"
WANGS = "TUHAI-371502-001"


@pytest.fixture
def leave(phone_of, cast):
    """Somebody leaves the post they came with."""

    def leaves(key, office="sun", until=TODAY):
        phone = phone_of(cast.people[office])
        person, post = cast.people[key], cast.appointments[key]
        path = f"/api/v1/people/{person}/appointments/{post}/close"
        return phone.post(path, json={"until": until, "reason": "调任"}, headers=seen_by(phone, person))

    return leaves


@pytest.fixture
def come(phone_of, cast, session, keyring):
    """Somebody new comes into a post with segments."""

    numbers = count(100)

    def comes(post, region, *segments, since=TODAY, office="sun", **more):
        number = next(numbers)
        person = add_person(session, keyring, f"new-{number}", f"新人{number}", number)
        phone = phone_of(cast.people[office])
        body = {"id": str(new_id()), "post": post, "region": region, "from": since, "segments": segments} | more
        path = f"/api/v1/people/{person}/appointments"
        return person, phone.post(path, json=body, headers=seen_by(phone, person))

    return comes


@pytest.fixture
def mine(phone_of):
    """The codes of somebody's segments."""
    return lambda person: {each["code"] for each in phone_of(person).get("/api/v1/me").json["segments"]}


@pytest.fixture
def told():
    """What somebody's phone hears of since it last asked."""

    def hears(phone, cursor):
        answer = phone.get(f"/api/v1/sync?since={cursor}").json
        return [(each["op"], each["id"]) for each in answer["changes"]]

    return hears


def test_a_leaving_chiefs_segment_passes_to_the_superior_the_same_moment(phone_of, cast, leave, mine):
    phone = phone_of(cast.wang)
    done = leave("wang")
    assert done.status_code == 200, done.json
    assert list(done.json["passed_to"].values()) == [str(cast.li)]
    assert phone.get("/api/v1/me").status_code == 401  # the post is gone, and so is the token of it
    assert WANGS in mine(cast.li)
    assert phone_of(cast.sun).get("/api/v1/segments/orphans").json[0]["code"] == "TUHAI-371502-003"


def test_it_passes_to_the_substitute_where_there_is_one_in_office(cast, session, leave):
    session.get_one(Appointment, cast.appointments["wang"]).substitute_id = cast.chen
    session.flush()
    assert list(leave("wang").json["passed_to"].values()) == [str(cast.chen)]


def test_a_substitute_who_has_left_takes_over_nothing(cast, session, leave):
    session.get_one(Appointment, cast.appointments["wang"]).substitute_id = cast.chen
    session.flush()
    assert leave("chen").status_code == 200
    assert list(leave("wang").json["passed_to"].values()) == [str(cast.li)]


def test_what_the_substitute_or_another_chief_has_anyway_stays_there(cast, leave, come):
    deputy, given = come("village_chief", VILLAGE, WANGS)
    assert given.status_code == 201, given.json
    assert list(leave("wang").json["passed_to"].values()) == [str(deputy)]


def test_a_superior_acts_until_a_new_chief_comes(cast, leave, come, mine):
    leave("wang")
    assert WANGS in mine(cast.li)
    new, given = come("village_chief", VILLAGE, WANGS)
    assert given.status_code == 201, given.json
    assert WANGS not in mine(cast.li)
    assert mine(new) == {WANGS}


def test_a_superior_who_acts_and_leaves_passes_on_what_they_acted_for_too(cast, leave, mine):
    leave("wang")
    passed = leave("li").json["passed_to"]
    assert set(passed.values()) == {str(cast.zhao)}
    assert {WANGS, "TUHAI-371502001"} <= mine(cast.zhao)
    assert mine(cast.li) == set()


def test_a_leaving_wardens_walks_fall_to_nobody(phone_of, cast, leave):
    assert leave("he").json["passed_to"] == {}
    owed = phone_of(cast.li).get("/api/v1/me").json["duties"]
    assert "warden" not in {each["post"] for each in owed}


def test_whoever_leaves_office_stands_in_for_nobody_any_more(cast, session, leave, mine):
    session.add(Absence(id=new_id(), person_id=cast.wang, substitute_id=cast.chen, from_day=date(2025, 6, 1)))
    session.flush()
    assert WANGS in mine(cast.chen)
    leave("chen")
    assert WANGS not in mine(cast.chen)


def test_a_post_ends_once_and_only_by_the_office_of_the_region(cast, leave):
    assert leave("wang", office="li").status_code == 403
    assert leave("wang", office="wu").status_code == 403
    assert leave("wang").status_code == 200
    assert leave("wang").status_code == 409


def test_an_office_ends_no_post_of_its_own_level_nor_its_own(cast, leave):
    assert leave("zhao").status_code == 403
    assert leave("sun").status_code == 403
    assert leave("sun", office="jin").status_code == 200


def test_a_new_chief_is_created_and_appointed_and_may_be_sent_again(phone_of, cast):
    office, person, post = phone_of(cast.sun), new_id(), new_id()
    body = {"name": "新村长", "phone": "12355556666"}
    created = office.put(f"/api/v1/people/{person}", json=body)
    assert created.status_code == 201
    assert office.put(f"/api/v1/people/{person}", json=body).status_code == 200
    assert office.put(f"/api/v1/people/{person}", json=body | {"name": "别人"}).status_code == 409
    assert office.put(f"/api/v1/people/{new_id()}", json=body).status_code == 409
    placing: dict[str, object] = {"id": str(post), "post": "village_chief", "region": VILLAGE, "from": TODAY}
    placing |= {"segments": [WANGS]}
    path = f"/api/v1/people/{person}/appointments"
    assert office.post(path, json=placing).status_code == 428
    stale = {"If-Match": created.headers["ETag"]}
    given = office.post(path, json=placing, headers=stale)
    assert given.status_code == 201
    assert office.post(path, json=placing, headers=stale).status_code == 200
    assert office.post(path, json=placing | {"segments": []}, headers=stale).status_code == 409
    again = placing | {"id": str(uuid4())}
    assert office.post(path, json=again, headers=stale).status_code == 412
    fresh = {"If-Match": given.headers["ETag"]}
    assert office.post(path, json=again | {"segments": ["TUHAI-371502-002"]}, headers=fresh).status_code == 422
    assert office.post(path, json=again | {"region": "371503001001"}, headers=fresh).status_code == 404
    assert phone_of(person).get("/api/v1/me").json["segments"][0]["code"] == WANGS


def test_a_substitute_must_fit_the_post(cast, come):
    unfit = come("village_chief", VILLAGE, substitute=str(cast.wu))[1]
    assert (unfit.status_code, unfit.json["errors"][0]["pointer"]) == (422, "/substitute")
    assert come("village_chief", VILLAGE, substitute=str(cast.chen))[1].status_code == 201


def test_phones_hear_of_a_change_on_its_day_and_not_before(phone_of, cast, clock, leave, told):
    wang, li = phone_of(cast.wang), phone_of(cast.li)
    cursors = [phone.get("/api/v1/sync").json["next"] for phone in (wang, li)]
    segment = str(cast.segments[WANGS].id)
    assert leave("wang", until="2025-08-01").status_code == 200
    wang, li = phone_of(cast.wang), phone_of(cast.li)
    assert told(wang, cursors[0]) == told(li, cursors[1]) == []
    clock.now += timedelta(days=30)
    assert told(phone_of(cast.wang), cursors[0]) == [("gone", segment)]
    assert told(phone_of(cast.li), cursors[1]) == [("put", segment)]


@pytest.mark.only_on("sqlite")  # on PostgreSQL the test's own transaction is still running
def test_a_leaver_and_the_heir_hear_of_it_the_same_day(phone_of, cast, leave, told):
    cursors = [phone_of(person).get("/api/v1/sync").json["next"] for person in (cast.wang, cast.li)]
    segment = str(cast.segments[WANGS].id)
    leave("wang")
    assert told(phone_of(cast.wang), cursors[0]) == [("gone", segment)]
    assert told(phone_of(cast.li), cursors[1]) == [("put", segment)]


def test_a_future_appointment_is_heard_of_on_its_day(phone_of, cast, clock, come, told):
    new, given = come("village_chief", VILLAGE, WANGS, since="2025-07-10")
    assert given.status_code == 201, given.json
    cursor = phone_of(new).get("/api/v1/sync").json["next"]
    assert told(phone_of(new), cursor) == []
    clock.now += timedelta(days=8)
    assert told(phone_of(new), cursor) == [("put", str(cast.segments[WANGS].id))]
