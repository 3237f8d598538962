"""Vacant reaches: which, since when, and who answers meanwhile; and everybody who ever answered for one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.models.people import Appointment, Person
from tests.cast import NOON, assign
from tests.makers import seen_by

TODAY = "2025-07-02"
WANGS, ORPHAN = "TUHAI-371502-001", "TUHAI-371502-003"
VACANT = "/api/v1/segments/vacancies"


@pytest.fixture
def leave(phone_of, cast):
    """Somebody's post ends today."""

    def leaves(key, by="sun"):
        phone, person = phone_of(cast.people[by]), cast.people[key]
        path = f"/api/v1/people/{person}/appointments/{cast.appointments[key]}/close"
        done = phone.post(path, json={"until": TODAY, "reason": "调任"}, headers=seen_by(phone, person))
        assert done.status_code == 200, done.json

    return leaves


def listed(phone, query: str = "") -> dict[str, dict]:
    answer = phone.get(VACANT + query)
    assert answer.status_code == 200, answer.json
    return {each["code"]: each for each in answer.json["items"]}


def test_a_reach_that_never_had_a_chief_is_vacant_since_it_began_and_the_town_answers(phone_of, cast):
    found = listed(phone_of(cast.sun))
    assert set(found) == {ORPHAN}
    one = found[ORPHAN]
    assert (one["since"], one["last"], one["acting"], one["coming"]) == ("2020-01-01", None, [], None)
    assert [each["name"] for each in one["above"]] == ["唐镇长"]


def test_a_reach_for_whose_chief_somebody_acts_is_vacant_all_the_same(phone_of, cast, leave):
    leave("wang")
    one = listed(phone_of(cast.sun))[WANGS]
    assert (one["since"], one["last"]["name"], one["above"]) == (TODAY, "王村长", [])
    assert [(each["name"], each["from"]) for each in one["acting"]] == [("李镇长", TODAY)]


def test_who_will_be_its_chief_is_told(phone_of, cast, session):
    row = assign(session, cast.tang, cast.segments[ORPHAN], since=NOON.date() + timedelta(days=5))
    row.appointment_id = cast.appointments["tang"]
    session.flush()
    assert listed(phone_of(cast.sun))[ORPHAN]["coming"]["from"] == "2025-07-07"


def test_whoever_was_never_in_office_was_never_its_chief(phone_of, cast, session):
    row = assign(session, cast.tang, cast.segments[ORPHAN], since=date(2025, 6, 1))
    row.appointment_id, row.until_day = cast.appointments["tang"], date(2025, 6, 1)
    session.flush()
    assert listed(phone_of(cast.sun))[ORPHAN]["last"] is None


def test_above_whoever_has_left_nobody_is_asked_but_the_next(phone_of, cast, session):
    session.get_one(Person, cast.tang).is_active = False
    session.flush()
    assert [each["name"] for each in listed(phone_of(cast.sun))[ORPHAN]["above"]] == ["赵区长"]


def test_the_list_is_narrowed_and_paged(phone_of, cast, leave):
    leave("wang")
    leave("li")
    sun = phone_of(cast.sun)
    assert set(listed(sun)) == {WANGS, ORPHAN, "TUHAI-371502001"}
    assert set(listed(sun, "?level=town")) == {"TUHAI-371502001"}
    assert set(listed(sun, "?region=371502002")) == {ORPHAN}
    assert set(listed(sun, f"?segment={WANGS}")) == {WANGS}
    first = sun.get(f"{VACANT}?limit=2").json
    rest = sun.get(first["next"]).json
    assert [each["code"] for each in first["items"] + rest["items"]] == sorted({WANGS, ORPHAN, "TUHAI-371502001"})


def test_another_county_has_no_such_vacancies(phone_of, cast):
    assert listed(phone_of(cast.wu)) == {}
    assert phone_of(cast.wang).get(VACANT).status_code == 403
    assert set(listed(phone_of(cast.jin))) == {ORPHAN}


def test_a_reach_tells_who_answered_for_it_and_who_does(phone_of, cast, leave):
    leave("wang")
    rows = phone_of(cast.feng).get(f"/api/v1/segments/{WANGS}/assignments").json
    assert [(row["name"], row["duty"], row["post"], row["from"], row["until"]) for row in rows] == [
        ("李镇长", "chief", None, TODAY, None),
        ("王村长", "chief", "village_chief", "2020-01-01", TODAY),
        ("何巡河", "warden", "warden", "2020-01-01", None),
    ]
    assert phone_of(cast.wu).get(f"/api/v1/segments/{WANGS}/assignments").status_code == 404
    assert phone_of(cast.shen).get(f"/api/v1/segments/{WANGS}/assignments").status_code == 403


def test_a_post_that_ends_later_is_none_today(phone_of, cast, session):
    session.get_one(Appointment, cast.appointments["wang"]).until_day = date(2025, 8, 1)
    session.flush()
    assert WANGS not in listed(phone_of(cast.sun))
