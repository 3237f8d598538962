"""Handovers: what goes over is looked at first, made once, and found again on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.terms import Duty, Post
from backend.models.changes import Change, Record
from backend.models.hazards import InterimMeasure
from backend.models.notices import Notice
from backend.models.people import Person
from jobs import succession
from tests.api.hazard_cases import Case
from tests.cast import COUNTY, NOON, OTHER_COUNTY, VILLAGE, add_appointment, add_person, assign
from tests.makers import new_id

TODAY, LATER = "2025-07-02", "2025-07-07"
WANGS, CHENS, ORPHAN = "TUHAI-371502-001", "TUHAI-371502-002", "TUHAI-371502-003"
PATH = "/api/v1/handovers"


@pytest.fixture
def next_one(session, keyring, cast):
    """Somebody new, chief of Wang's village already, without a reach."""
    person = add_person(session, keyring, "next", "新村长", 700)
    add_appointment(session, person, Post.VILLAGE_CHIEF, VILLAGE)
    return person


class Deal:
    """A handover that somebody looks at, and makes as they saw it."""

    def __init__(self, phone: Any, giver: Any, taker: Any, *codes: str, since: str = TODAY) -> None:
        self.phone, self.id = phone, str(new_id())
        self.body = {"giver": str(giver) if giver else None, "taker": str(taker), "from": since}
        asked = {name: value for name, value in self.body.items() if value} | {"segments": ",".join(codes)}
        self.seen = phone.get(f"{PATH}/preview", query_string=asked)
        self.codes = codes

    def make(self, *, etag: str | None = None, **more: Any) -> Any:
        codes = list(self.codes) or [each["code"] for each in self.seen.json["segments"]]
        body = self.body | {"id": self.id, "segments": codes, "reason": "换届接任"} | more
        etag = self.seen.headers.get("ETag", "") if etag is None else etag
        return self.phone.post(PATH, json=body, headers={"If-Match": etag} if etag else {})


def mine(phone) -> set[str]:
    return {each["code"] for each in phone.get("/api/v1/me").json["segments"]}


def given_to(phone_of, cast, person) -> Case:
    """A hazard on Wang's reach that somebody has to mend."""
    case = Case(phone_of, cast.wang)
    assert case.act(cast.feng, "accept").status_code in (200, 201)
    done = case.act(cast.feng, "assign", unit="HOUSING", person=str(person))
    assert done.status_code in (200, 201), done.json
    return case


def test_the_look_says_what_goes_over_and_what_stays(phone_of, cast, session, next_one):
    given_to(phone_of, cast, cast.wang)
    assign(session, cast.wang, cast.segments[CHENS])
    seen = Deal(phone_of(cast.sun), cast.wang, next_one, WANGS).seen.json
    assert (seen["giver"]["name"], seen["taker"]["name"]) == ("王村长", "新村长")
    (reach,) = seen["segments"]
    assert (reach["code"], reach["post"], reach["duty"], reach["open_hazards"]) == (WANGS, "village_chief", "chief", 1)
    assert [each["code"] for each in seen["stays"]] == [CHENS]
    assert [each["kind"] for each in seen["hazards"]] == ["four_illegal.dump"]
    assert seen["measures"] == 0


def test_what_was_looked_at_goes_over_with_hazards_and_watches_on_record(phone_of, cast, session, next_one):
    case = given_to(phone_of, cast, cast.wang)
    measure = new_id()
    session.add(
        InterimMeasure(
            id=measure,
            hazard_id=case.id,
            what="拉警戒线",
            watcher_id=cast.wang,
            every_h=24,
            added_by_id=cast.feng,
            added_at=NOON,
            next_check_at=NOON + timedelta(hours=24),
        )
    )
    session.flush()
    deal = Deal(phone_of(cast.sun), cast.wang, next_one)
    assert deal.seen.json["measures"] == 1
    made = deal.make()
    assert made.status_code == 201, made.json
    assert made.json["hazards"] == [str(case.id)]
    assert (mine(phone_of(cast.wang)), mine(phone_of(next_one))) == (set(), {WANGS})
    assert case.seen_by(cast.feng).json["assignee"]["name"] == "新村长"
    assert session.get_one(InterimMeasure, measure).watcher_id == next_one
    assert "随河段交接" in case.seen_by(cast.feng).json["timeline"][-1]["sentence"]
    assert session.scalars(select(Record.act).where(Record.thing_id == deal.id)).all() == ["hand_over"]
    assert session.scalars(select(Notice.person_id).where(Notice.key == "handover")).all() == [next_one]
    rows = phone_of(cast.feng).get(f"/api/v1/segments/{WANGS}/assignments").json
    came = next(row["handover"] for row in rows if row["name"] == "新村长")
    assert (came["from"], came["reason"], came["by"]) == ("王村长", "换届接任", "孙科员")


def test_both_phones_hear_of_it(phone_of, cast, session, next_one):
    Deal(phone_of(cast.sun), cast.wang, next_one).make()
    told = session.execute(select(Change.person_id, Change.op).where(Change.thing_type == "segment")).all()
    assert {(person, op) for person, op in told} == {(next_one, "put"), (cast.wang, "gone")}


def test_sent_again_it_is_the_same_and_another_under_its_id_is_refused(phone_of, cast, next_one):
    deal = Deal(phone_of(cast.sun), cast.wang, next_one)
    assert deal.make().status_code == 201
    again = deal.make()
    assert (again.status_code, again.json["id"]) == (200, deal.id)
    assert deal.make(reason="别的").status_code == 409


def test_what_has_changed_since_it_was_looked_at_is_not_handed_over(phone_of, cast, next_one):
    deal = Deal(phone_of(cast.sun), cast.wang, next_one)
    given_to(phone_of, cast, cast.wang)
    stale = deal.make()
    assert (stale.status_code, len(stale.json["present"]["hazards"])) == (412, 1)
    assert mine(phone_of(cast.wang)) == {WANGS}
    assert deal.make(etag="").status_code == 428


def test_on_a_day_to_come_it_waits_for_that_day(phone_of, cast, session, next_one, house, clock):
    case = given_to(phone_of, cast, cast.wang)
    deal = Deal(phone_of(cast.sun), cast.wang, next_one, since=LATER)
    assert deal.make().json["settled_at"] is None
    assert succession.run(house, now=clock()) == 0
    assert (mine(phone_of(cast.wang)), mine(phone_of(next_one))) == ({WANGS}, set())
    assert case.seen_by(cast.feng).json["assignee"]["name"] == "王村长"

    clock.now += timedelta(days=5)
    assert succession.run(house, now=clock()) == 1
    assert succession.run(house, now=clock()) == 0
    assert (mine(phone_of(cast.wang)), mine(phone_of(next_one))) == (set(), {WANGS})
    assert case.seen_by(cast.feng).json["assignee"]["name"] == "新村长"


def test_a_vacant_reach_is_given_to_a_chief_who_is_there_and_nobody_acts_any_more(phone_of, cast, session, keyring):
    chief = add_person(session, keyring, "liu", "柳村长", 701)
    add_appointment(session, chief, Post.VILLAGE_CHIEF, "371502002001")
    assign(session, cast.tang, cast.segments[ORPHAN])  # without a post: acting
    deal = Deal(phone_of(cast.sun), None, chief, ORPHAN)
    assert [each["name"] for each in deal.seen.json["segments"][0]["acting"]] == ["唐镇长"]
    assert deal.make().status_code == 201
    assert mine(phone_of(chief)) == {ORPHAN}
    assert ORPHAN not in mine(phone_of(cast.tang))
    assert phone_of(cast.sun).get("/api/v1/segments/vacancies").json["items"] == []
    taken = Deal(phone_of(cast.sun), None, chief, WANGS)
    assert (taken.seen.status_code, pointers(taken.seen)) == (422, {"/taker"})


def test_a_wardens_reach_goes_to_a_warden(phone_of, cast, session, keyring, next_one):
    other = add_person(session, keyring, "other", "另一巡河员", 702)
    add_appointment(session, other, Post.WARDEN, VILLAGE)
    assert Deal(phone_of(cast.sun), cast.he, next_one).seen.status_code == 422
    made = Deal(phone_of(cast.sun), cast.he, other).make()
    assert made.status_code == 201, made.json
    rows = phone_of(cast.sun).get(f"/api/v1/segments/{WANGS}/assignments").json
    assert {(row["name"], row["duty"]) for row in rows if row["until"] is None} == {
        ("另一巡河员", Duty.WARDEN),
        ("王村长", Duty.CHIEF),
    }


def pointers(answer) -> set[str]:
    return {each["pointer"] for each in answer.json["errors"]}


def test_what_cannot_be_handed_over_is_named_by_its_field(phone_of, cast, session, next_one):
    sun = phone_of(cast.sun)
    for giver, taker, codes, since, where in [
        (cast.wang, cast.wang, (), TODAY, {"/taker"}),
        (cast.wang, cast.chen, (), TODAY, {"/taker"}),  # chief of another village
        (cast.wang, cast.li, (), TODAY, {"/taker"}),  # of another level
        (cast.wang, next_one, (CHENS,), TODAY, {"/segments/0"}),
        (cast.wang, next_one, ("NOWHERE",), TODAY, {"/segments/0"}),
        (cast.wang, next_one, (), "2025-07-01", {"/from"}),
        (cast.wang, next_one, (), "2027-07-01", {"/from"}),
        (next_one, cast.chen, (), TODAY, {"/segments"}),
        (None, next_one, (WANGS,), TODAY, {"/segments/0"}),
        (None, next_one, (), TODAY, {"/segments"}),
    ]:
        answer = Deal(sun, giver, taker, *codes, since=since).seen
        assert (answer.status_code, pointers(answer)) == (422, where), (giver, taker, codes, since, answer.json)
    assert Deal(sun, cast.wang, new_id()).seen.status_code == 404
    assert sun.get(f"{PATH}/preview?taker={next_one}&from={TODAY}&segments={'A,' * 300}").status_code == 422


def test_a_reach_that_the_taker_has_already_is_not_given_again(phone_of, cast, session, next_one):
    row = assign(session, cast.chen, cast.segments[WANGS])
    assert row.appointment_id is None
    add_appointment(session, cast.chen, Post.VILLAGE_CHIEF, VILLAGE, since=NOON.date())
    row.appointment_id = cast.appointments["chen"]
    session.flush()
    had = Deal(phone_of(cast.sun), cast.wang, cast.chen).seen
    assert (had.status_code, pointers(had)) == (422, {"/segments/0"})


def test_back_and_forth_on_one_day_is_refused_and_not_a_crash(phone_of, cast, next_one):
    sun = phone_of(cast.sun)
    assert Deal(sun, cast.wang, next_one).make().status_code == 201
    assert Deal(sun, next_one, cast.wang).make().status_code == 201
    third = Deal(sun, cast.wang, next_one).seen
    assert (third.status_code, pointers(third)) == (422, {"/segments/0"})


def test_whoever_has_no_account_any_more_takes_nothing(phone_of, cast, session, next_one):
    session.get_one(Person, next_one).is_active = False
    session.flush()
    gone = Deal(phone_of(cast.sun), cast.wang, next_one).seen
    assert (gone.status_code, pointers(gone)) == (404, {"/taker"})


def test_the_office_of_the_region_does_it_and_nobody_else_nor_for_themselves(phone_of, cast, session, next_one):
    for other in ("li", "zhao", "feng", "wang"):
        assert Deal(phone_of(cast.people[other]), cast.wang, next_one).seen.status_code == 403
    add_appointment(session, cast.shen, Post.OFFICE_CLERK, OTHER_COUNTY)
    assert Deal(phone_of(cast.shen), cast.wang, next_one).seen.status_code == 404
    add_appointment(session, cast.sun, Post.VILLAGE_CHIEF, VILLAGE)
    assert Deal(phone_of(cast.sun), cast.wang, cast.sun).seen.status_code == 403
    assert Deal(phone_of(cast.jin), cast.wang, next_one).make().status_code == 201


def test_a_county_chiefs_reach_is_not_the_county_offices_to_hand_over(phone_of, cast, session, keyring):
    other = add_person(session, keyring, "other", "新区长", 703)
    add_appointment(session, other, Post.COUNTY_CHIEF, COUNTY)
    assert Deal(phone_of(cast.sun), cast.zhao, other).seen.status_code == 403
    assert Deal(phone_of(cast.jin), cast.zhao, other).seen.status_code == 200


def test_what_somebody_gave_and_took_is_listed(phone_of, cast, next_one):
    Deal(phone_of(cast.sun), cast.wang, next_one).make()
    for person in (cast.wang, next_one):
        (one,) = phone_of(cast.feng).get(f"{PATH}?person={person}").json
        assert (one["giver"]["name"], one["taker"]["name"], one["reason"]) == ("王村长", "新村长", "换届接任")
        assert [each["code"] for each in one["segments"]] == [WANGS]
    assert phone_of(cast.feng).get(f"{PATH}?person={cast.chen}").json == []
    assert phone_of(cast.wu).get(f"{PATH}?person={cast.wang}").status_code == 404


def test_a_village_chief_sees_what_the_one_before_has_left(phone_of, cast, next_one):
    case = given_to(phone_of, cast, cast.wang)
    Deal(phone_of(cast.sun), cast.wang, next_one).make()
    new = phone_of(next_one)
    (one,) = new.get(PATH).json
    assert (one["giver"]["name"], one["taker"]["name"], one["by"]["name"]) == ("王村长", "新村长", "孙科员")
    assert ([each["code"] for each in one["segments"]], one["hazards"]) == ([WANGS], [str(case.id)])
    assert new.get(f"/api/v1/hazards/{case.id}").status_code == 200
    assert [each["id"] for each in new.get("/api/v1/hazards?limit=50").json["items"]] == [str(case.id)]
    assert phone_of(cast.wang).get(f"{PATH}?person={cast.wang}").json == [one]
    assert phone_of(cast.chen).get(PATH).json == []
    assert new.get(f"{PATH}?person={cast.wang}").status_code == 403
