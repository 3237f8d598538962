"""Somebody is away: a peer or superior looks after their segments, until they are back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.domain.absences import passing
from backend.domain.terms import Post
from backend.models.people import Appointment, Person
from backend.store import appointments
from tests.cast import CITY, COUNTY, LINE, NEXT_VILLAGE, NOON, VILLAGE, add_appointment, add_person
from tests.makers import new_id, patrol_body

TODAY = "2025-07-02"
WANGS = "TUHAI-371502-001"


@pytest.fixture
def away(phone_of, cast):
    """Somebody goes away and names who looks after things."""

    def goes(key, substitute, absence=None, **more):
        body = {"from": TODAY, "until": None, "substitute": str(cast.people[substitute])} | more
        return phone_of(cast.people[key]).put(f"/api/v1/me/absences/{absence or new_id()}", json=body)

    return goes


@pytest.fixture
def mine(phone_of):
    """The codes of somebody's segments."""
    return lambda person: {each["code"] for each in phone_of(person).get("/api/v1/me").json["segments"]}


def test_a_stand_in_sees_and_walks_the_absent_ones_segment_and_it_counts_for_the_post(phone_of, cast, away, mine):
    absence = new_id()
    assert away("wang", "chen", absence, until="2025-07-10").status_code == 201
    assert away("wang", "chen", absence, until="2025-07-10").status_code == 200
    assert away("wang", "chen", absence).status_code == 409
    assert away("chen", "wang", absence, until="2025-07-10").status_code == 409
    assert WANGS in mine(cast.chen)
    walk = phone_of(cast.chen).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).json
    assert (walk["verdict"]["outcome"], walk["duty_of"]) == ("valid", str(cast.wang))


def test_an_absence_ends_when_its_person_is_back(phone_of, cast, away, mine, clock):
    absence = new_id()
    away("wang", "chen", absence)
    wang, path = phone_of(cast.wang), f"/api/v1/me/absences/{absence}/end"
    assert [each["id"] for each in wang.get("/api/v1/me/absences").json] == [str(absence)]
    assert phone_of(cast.chen).post(path, json={}).status_code == 404
    assert wang.post(path, json={"until": "2025-07-01"}).status_code == 422
    assert wang.post(path, json={"until": "2025-07-05"}).json["until"] == "2025-07-05"
    assert WANGS in mine(cast.chen)
    for _ in range(2):
        assert wang.post(path, json={}).json["until"] == TODAY
    assert WANGS not in mine(cast.chen)
    assert wang.get("/api/v1/me/absences").json == []
    assert away("wang", "chen", absence).status_code == 200  # the phone's first try again, as it is now
    assert WANGS not in mine(cast.chen)


def test_a_leave_that_was_called_off_never_begins(phone_of, cast, away, mine, clock):
    absence = new_id()
    away("wang", "chen", absence, **{"from": "2025-07-10"})
    ended = phone_of(cast.wang).post(f"/api/v1/me/absences/{absence}/end", json={})
    assert ended.json["until"] == "2025-07-10"
    clock.now += timedelta(days=10)
    assert WANGS not in mine(cast.chen)


@pytest.mark.parametrize(
    ("absent", "substitute"), [("wang", "wu"), ("wang", "he"), ("zhao", "wu"), ("li", "wang"), ("sun", "zhao")]
)
def test_nobody_hands_their_post_to_somebody_it_does_not_fit(cast, away, absent, substitute):
    refused = away(absent, substitute)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/substitute")


def test_an_administrators_seat_never_passes(phone_of, cast, away, session, keyring):
    assert away("jin", "qian").status_code == 422
    clerk = add_person(session, keyring, "city-clerk", "石科员", 91)
    add_appointment(session, clerk, Post.OFFICE_CLERK, CITY)
    add_appointment(session, cast.jin, Post.OFFICE_CLERK, COUNTY)
    cast.people["shi"] = clerk
    assert away("jin", "shi").status_code == 201
    posts = {each["post"] for each in phone_of(clerk).get("/api/v1/me").json["posts"]}
    assert posts == {"office_clerk"}


@pytest.fixture
def heard(phone_of, cast):
    """What Chen's phone hears of since it last asked."""
    cursors = [phone_of(cast.chen).get("/api/v1/sync").json["next"]]

    def hears():
        answer = phone_of(cast.chen).get(f"/api/v1/sync?since={cursors[-1]}").json
        cursors.append(answer["next"])
        return [(each["op"], each["id"]) for each in answer["changes"]]

    return hears


def test_a_stand_ins_phone_hears_of_a_leave_on_its_first_and_its_last_day(cast, away, clock, heard):
    segment = str(cast.segments[WANGS].id)
    away("wang", "chen", **{"from": "2025-07-05", "until": "2025-07-08"})
    assert heard() == []
    clock.now += timedelta(days=3)
    assert heard() == [("put", segment)]
    assert heard() == []
    clock.now += timedelta(days=4)
    assert heard() == [("gone", segment)]


@pytest.mark.only_on("sqlite")  # on PostgreSQL the test's own transaction is still running
def test_a_stand_ins_phone_hears_at_once_of_a_leave_that_begins_or_ends_today(phone_of, cast, away, heard):
    segment, absence = str(cast.segments[WANGS].id), new_id()
    away("wang", "chen", absence)
    assert heard() == [("put", segment)]
    phone_of(cast.wang).post(f"/api/v1/me/absences/{absence}/end", json={})
    assert heard() == [("gone", segment)]


def named_by(phone, **asked):
    return phone.get("/api/v1/me/substitutes", query_string=asked).json


def test_whom_one_may_name_is_said_by_name_and_post_the_nearest_first(phone_of, cast, away):
    found = named_by(phone_of(cast.wang))
    assert [each["name"] for each in found] == ["陈村长", "李镇长", "赵区长", "钱市长"]
    assert found[0] == {
        "id": str(cast.chen),
        "name": "陈村长",
        "posts": [{"post": "village_chief", "region": NEXT_VILLAGE, "region_name": "站前村"}],
    }
    away("wang", "chen")
    (absence,) = phone_of(cast.wang).get("/api/v1/me/absences").json
    assert (absence["substitute"], absence["substitute_name"]) == (str(cast.chen), "陈村长")
    assert named_by(phone_of(cast.jin)) == []
    assert phone_of(cast.wang).get("/api/v1/me/substitutes?from=soon").status_code == 422


def test_exactly_those_are_listed_whom_an_absence_takes(phone_of, cast, session):
    add_appointment(session, cast.chen, Post.WARDEN, VILLAGE)
    add_appointment(session, cast.yang, Post.WARDEN, NEXT_VILLAGE)
    everybody = cast.people.values()
    seats = {each: appointments.seats_on(session, each, NOON.date()) for each in everybody}
    for who in everybody:
        fit = {str(each) for each in everybody if each != who and passing(seats[who], seats[each])}
        assert {each["id"] for each in named_by(phone_of(who))} == fit, seats[who]


def test_whoever_has_left_by_then_or_has_no_account_is_not_offered(phone_of, cast, session):
    session.get_one(Appointment, cast.appointments["chen"]).until_day = date(2025, 7, 10)
    session.get_one(Person, cast.li).is_active = False
    session.flush()
    assert [each["name"] for each in named_by(phone_of(cast.wang))][:2] == ["陈村长", "赵区长"]
    later = named_by(phone_of(cast.wang), **{"from": "2025-07-10"})
    assert next(iter(later))["name"] == "赵区长"
