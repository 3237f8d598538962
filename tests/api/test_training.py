"""Training over the API: a code that changes, the clerk's list, a quiz, coverage, and reminders to new chiefs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backend.domain.terms import Post
from backend.models.changes import Record
from backend.models.notices import Notice
from backend.models.people import Absence, Appointment
from jobs import reminders
from tests.api.training_cases import QUIZ, TRAININGS, Held, body
from tests.cast import COUNTY, NEXT_VILLAGE, NOON, OTHER_COUNTY, TOWN, add_appointment, add_person
from tests.makers import new_id

NUMBERS = ("asked", "present", "guests", "credited", "doubtful")
HALL = {"lon": 115.98, "lat": 36.45}


def test_a_session_is_planned_once_and_whoever_is_asked_hears_of_it(phone_of, cast, session):
    begins = NOON + timedelta(days=2)
    held = Held(phone_of, cast.sun, begins_at=begins)
    assert held.answer.status_code == 201, held.answer.text
    assert held.answer.json["totals"] == dict.fromkeys(NUMBERS, 0) | {"asked": 4}
    assert phone_of(cast.sun).put(held.path, json=body(begins)).status_code == 200
    assert phone_of(cast.sun).put(held.path, json=body(begins, hours=3)).status_code == 409
    told = session.scalars(select(Notice.person_id).where(Notice.key == "training")).all()
    assert sorted(told) == sorted([cast.li, cast.tang, cast.wang, cast.chen])

    assert held.seen_by(cast.wang).json["totals"] is None
    assert [each["id"] for each in phone_of(cast.wang).get(f"{TRAININGS}?mine=true").json["items"]] == [str(held.id)]
    assert held.seen_by(cast.wu).status_code == 404
    assert phone_of(cast.wu).get(TRAININGS).json["items"] == []
    assert phone_of(cast.wang).put(f"{TRAININGS}/{new_id()}", json=body()).status_code == 403


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"regions": [OTHER_COUNTY]}, "/regions/0"),
        ({"ends_at": NOON.isoformat()}, "/ends_at"),
        ({"begins_at": "2020-01-01T09:00:00+08:00"}, "/ends_at"),
        ({"begins_at": "9999-12-20T00:00:00Z", "ends_at": "9999-12-31T23:59:59Z"}, "/begins_at"),
        ({"hours": 0}, "/hours"),
        ({"title": "  "}, "/title"),
        ({"links": ["javascript:alert(1)"]}, "/links"),
        ({"links": ["http://[x"]}, "/links"),
        ({"quiz": QUIZ | {"pass_mark": 3}}, "/quiz/pass_mark"),
        ({"quiz": {"questions": [{"text": "?", "choices": ["a", "b"], "right": [2]}], "pass_mark": 1}},
         "/quiz/questions/0/right"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named_by_its_place(phone_of, cast, changed, pointer):
    answer = phone_of(cast.sun).put(f"{TRAININGS}/{new_id()}", json=body() | changed)
    assert answer.status_code in (404, 422)
    assert answer.json["errors"][0]["pointer"] == pointer, answer.text


def test_the_code_on_the_screen_signs_in_whoever_is_there_and_nobody_at_home(phone_of, cast, clock, session):
    held = Held(phone_of, cast.sun, location=HALL)
    code = held.code()
    first = held.scan(cast.wang, code, location=HALL, accuracy_m=10)
    assert (first.status_code, first.json["new"], first.json["training"]["mine"]["hours"]) == (201, True, 2)
    assert first.json["training"]["mine"]["doubtful"] is False
    again = held.scan(cast.wang, code)
    assert (again.status_code, again.json["new"]) == (200, False)

    # One step later the code still holds; photographed and used from home it does not.
    clock.now += timedelta(seconds=20)
    assert held.code() != code
    far = held.scan(cast.chen, code, location={"lon": 116.08, "lat": 36.45})
    assert (far.status_code, far.json["training"]["mine"]["doubtful"]) == (201, True)
    assert far.json["training"]["mine"]["distance_m"] > 8_000
    clock.now += timedelta(seconds=20)
    late = held.scan(cast.li, code)
    assert (late.status_code, late.json["detail"].startswith("这个二维码已经过期了")) == (409, True)

    # What the house has not made, another session's proof, somebody of another county, and the wrong hour.
    assert held.scan(cast.li, code[:-1] + ("0" if code[-1] != "0" else "1")).status_code == 422
    assert held.scan(cast.li, "nonsense").status_code == 422
    assert held.scan(cast.wu).status_code == 404
    assert held.scan(cast.qian).status_code == 201  # a guest from above
    last = held.code()
    clock.now += timedelta(hours=5)
    assert phone_of(cast.sun).get(f"{held.path}/code").status_code == 409
    assert held.scan(cast.li, last).status_code == 409
    assert phone_of(cast.li).get(f"{held.path}/code").status_code == 403
    assert held.seen_by(cast.sun).json["totals"] == dict.fromkeys(NUMBERS, 0) | {
        "asked": 4,
        "present": 2,
        "credited": 2,
        "doubtful": 1,
    }
    assert list(held.people("doubtful")) == ["陈村长"]
    acts = session.scalars(select(Record.act).where(Record.thing_id == str(held.id))).all()
    assert acts == ["make", "attend", "attend", "attend"]


def test_of_those_who_were_asked_some_are_present_and_who_came_besides_is_a_guest(phone_of, cast, clock):
    held = Held(phone_of, cast.sun, posts=["town_chief"], regions=[TOWN])
    assert held.scan(cast.qian).status_code == 201
    off = {"If-Match": held.seen_by(cast.sun).headers["ETag"]}
    refused = phone_of(cast.sun).post(f"{held.path}/withdraw", json={"reason": "改期"}, headers=off)
    assert refused.status_code == 409  # somebody was there, of wherever they are
    for person in (cast.li, cast.wang, cast.zhao):
        assert held.scan(person).status_code == 201
    assert phone_of(cast.sun).get(f"{held.path}/code").json["present"] == 4
    # Each counts whom their list shows.
    for person, guests in ((cast.sun, 2), (cast.li, 1), (cast.qian, 3)):
        totals = held.seen_by(person).json["totals"]
        assert totals == {"asked": 1, "present": 1, "guests": guests, "credited": guests + 1, "doubtful": 0}
        (listed,) = phone_of(person).get(TRAININGS).json["items"]
        assert listed["totals"] == totals
        for status, count in (("present", 1), ("guest", guests), ("credited", guests + 1), ("absent", 0)):
            items = phone_of(person).get(f"{held.path}/people?status={status}").json["items"]
            assert len(items) == count, status


def test_the_clerk_ticks_and_a_mistake_is_taken_out_on_record(phone_of, cast, clock, session):
    held = Held(phone_of, cast.sun, begins_at=NOON + timedelta(hours=1))
    assert held.tick(cast.wang).status_code == 409
    clock.now += timedelta(hours=2)
    assert held.tick(cast.wang, cast.chen).json["totals"]["present"] == 2
    assert held.tick(cast.wang, away=(cast.chen,)).json["totals"]["present"] == 1
    assert held.tick(cast.wu).status_code == 404
    assert held.tick(cast.wang, away=(cast.wang,)).status_code == 422
    assert {name: bool(there) for name, there in held.people().items()} == {
        "李镇长": False, "王村长": True, "陈村长": False, "唐镇长": False,
    }  # fmt: skip
    assert sorted(held.people("absent")) == ["唐镇长", "李镇长", "陈村长"]
    page = phone_of(cast.sun).get(f"{held.path}/people?limit=2").json
    rest = phone_of(cast.sun).get(page["next"]).json
    assert [len(page["items"]), len(rest["items"]), rest["next"]] == [2, 2, None]
    acts = session.scalars(select(Record.act).where(Record.thing_id == str(held.id))).all()
    assert sorted(acts) == ["make", "tick", "tick", "untick"]
    assert phone_of(cast.li).post(f"{held.path}/attendance", json={"there": []}).status_code == 403


def test_with_a_quiz_hours_are_credited_once_it_is_passed(phone_of, cast, clock):
    held = Held(phone_of, cast.sun, quiz=QUIZ)
    path = f"{held.path}/quiz"
    assert phone_of(cast.wang).post(path, json={"answers": [[0], [0, 1]]}).status_code == 404
    seen = held.scan(cast.wang).json["training"]
    assert (seen["mine"]["hours"], "right" in seen["quiz"]["questions"][0]) == (0, False)
    assert held.seen_by(cast.sun).json["quiz"]["questions"][1]["right"] == [0, 1]
    for wrong in ([[0]], [[0.5], [0]], [["0"], [0]], [[1e30], [0]], [[-1], [0]]):
        assert phone_of(cast.wang).post(path, json={"answers": wrong}).status_code == 422
    tried = phone_of(cast.wang).post(path, json={"answers": [[0], [0]]}).json
    assert tried == {"right": 1, "of": 2, "pass_mark": 2, "passed": False, "hours": 0}
    tried = phone_of(cast.wang).post(path, json={"answers": [[0], [1, 0]]}).json
    assert (tried["passed"], tried["hours"]) == (True, 2)
    worse = phone_of(cast.wang).post(path, json={"answers": [[1], [1]]}).json
    assert (worse["right"], worse["passed"], worse["hours"]) == (0, False, 2)
    assert list(held.people("credited")) == ["王村长"]
    other = Held(phone_of, cast.sun)
    other.scan(cast.wang)
    assert phone_of(cast.wang).post(f"{other.path}/quiz", json={"answers": [[0]]}).status_code == 409


def test_a_session_is_put_right_or_called_off_with_a_reason(phone_of, cast, clock, session):
    held = Held(phone_of, cast.sun, begins_at=NOON + timedelta(days=1))
    office = phone_of(cast.sun)
    etag = {"If-Match": held.answer.headers["ETag"]}
    said = {"place": "三楼会议室", "reason": "停电"}
    assert office.post(f"{held.path}/correct", json=said).status_code == 428
    put = office.post(f"{held.path}/correct", json=said, headers=etag)
    assert (put.status_code, put.json["place"]) == (200, "三楼会议室")
    assert office.post(f"{held.path}/correct", json=said, headers=etag).status_code == 412
    etag = {"If-Match": put.headers["ETag"]}
    wrong = office.post(f"{held.path}/correct", json={"ends_at": NOON.isoformat(), "reason": "?"}, headers=etag)
    assert wrong.status_code == 422
    off = office.post(f"{held.path}/withdraw", json={"reason": "台风"}, headers=etag)
    assert (off.status_code, off.json["withdrawn"]["reason"]) == (200, "台风")
    etag = {"If-Match": off.headers["ETag"]}
    assert office.post(f"{held.path}/withdraw", json={"reason": "台风"}, headers=etag).status_code == 409
    assert office.post(f"{held.path}/correct", json=said, headers=etag).status_code == 409
    assert held.tick(cast.wang).status_code == 409
    assert set(session.scalars(select(Notice.key))) >= {"training", "training_changed", "training_off"}

    begun = Held(phone_of, cast.sun)
    begun.scan(cast.wang)
    seen = begun.seen_by(cast.sun).headers["ETag"]
    assert office.post(f"{begun.path}/withdraw", json={"reason": "?"}, headers={"If-Match": seen}).status_code == 409
    longer = office.post(f"{begun.path}/correct", json={"hours": 3, "reason": "延长"}, headers={"If-Match": seen})
    assert begun.people()["王村长"]["hours"] == 3, longer.text
    assert phone_of(cast.li).post(f"{begun.path}/withdraw", json={"reason": "?"}).status_code == 403


def test_coverage_counts_those_in_their_posts_today_and_names_who_is_missing(phone_of, cast, clock, session, keyring):
    held = Held(phone_of, cast.sun)
    held.tick(cast.wang, cast.li)
    office = phone_of(cast.sun)
    found = office.get(f"{TRAININGS}/coverage").json
    assert (found["year"], found["day"], found["region"]) == (2025, "2025-07-02", COUNTY)
    assert found["total"]["posts"]["village_chief"] | {"links": 0} == {
        "people": 2, "trained": 1, "share": 0.5, "links": 0,
    }  # fmt: skip
    assert (found["total"]["all"]["people"], found["total"]["all"]["trained"]) == (5, 2)
    assert {row["name"]: (row["all"]["trained"], row["all"]["people"]) for row in found["rows"]} == {
        "东昌府区": (0, 1), "古楼街道": (2, 3), "柳园街道": (0, 1),
    }  # fmt: skip
    for row in found["rows"]:  # the county's own chief is not in the list of those below it
        untrained = office.get(row["all"]["links"]["missing"]).json["items"]
        assert len(untrained) == row["all"]["people"] - row["all"]["trained"], row["name"]
    missing = office.get(found["total"]["all"]["links"]["missing"]).json["items"]
    assert [each["person"]["name"] for each in missing] == ["赵区长", "陈村长", "唐镇长"]
    assert len(office.get(found["total"]["posts"]["village_chief"]["links"]["trained"]).json["items"]) == 1

    # Wang leaves: his training goes with him, and no share is ever above the whole.
    session.get_one(Appointment, cast.appointments["wang"]).until_day = date(2025, 7, 2)
    session.flush()
    villages = office.get(f"{TRAININGS}/coverage?region={TOWN}").json["total"]["posts"]["village_chief"]
    assert (villages["people"], villages["trained"], villages["share"]) == (1, 0, 0)
    assert phone_of(cast.wu).get(f"{TRAININGS}/coverage?region={COUNTY}").status_code == 404
    assert phone_of(cast.wang).get(f"{TRAININGS}/coverage").status_code in (403, 404)
    assert phone_of(cast.wu).get(f"{TRAININGS}/coverage/people?region={COUNTY}").status_code == 404
    assert office.get(f"{TRAININGS}/coverage?year=2015").status_code == 422
    last_year = office.get(f"{TRAININGS}/coverage?year=2024").json
    assert (last_year["day"], last_year["total"]["all"]["trained"]) == ("2024-12-31", 0)
    assert last_year["total"]["posts"]["city_chief"]["share"] is None
    page = office.get(f"{TRAININGS}/coverage/people?limit=1").json
    assert office.get(page["next"]).json["items"][0]["person"]["name"] != page["items"][0]["person"]["name"]


def test_new_chiefs_without_training_are_reminded_by_the_policy_of_the_day(
    phone_of, cast, clock, session, keyring, house
):
    newcomer = add_person(session, keyring, "gu", "顾村长", 77)
    add_appointment(session, newcomer, Post.VILLAGE_CHIEF, NEXT_VILLAGE, since=date(2025, 6, 12))

    def reminded() -> list[object]:
        reminders.run(house, now=clock.now)
        return list(session.scalars(select(Notice.person_id).where(Notice.key == "untrained")))

    assert reminded() == []
    rule = phone_of(cast.jin).post(
        "/api/v1/rules/training",
        json={"body": {"remind_after_days": 20}, "valid_from": NOON.isoformat(), "reason": "新任河长尽快参训"},
    )
    assert (rule.status_code, rule.json["body"]["near_m"]) == (201, 500), rule.text
    said = {"body": {"remind_after_days": 1_000}, "valid_from": clock.now.isoformat()}
    assert phone_of(cast.jin).post("/api/v1/rules/training/estimate", json=said).status_code == 422
    found = phone_of(cast.jin).post("/api/v1/rules/training/estimate", json=said | {"body": {"new_for_days": 1}}).json
    assert (found["people"], found["reminders"], found["days"]) == (0, 0, 30)
    assert found["people_before"] >= 1
    assert phone_of(cast.wang).get("/api/v1/rules/training").json["body"]["remind_after_days"] == 20
    assert len(phone_of(cast.jin).get("/api/v1/rules/training/versions").json["items"]) == 2
    clock.now = NOON + timedelta(days=1)
    session.add(Absence(id=new_id(), person_id=cast.sun, substitute_id=cast.feng, from_day=date(2025, 7, 2)))
    session.flush()
    assert reminded() == [newcomer]
    assert reminded() == [newcomer]
    (office,) = session.scalars(select(Notice).where(Notice.key == "untrained_list"))
    assert (office.person_id, office.values["names"]) == (cast.feng, "顾村长")  # who acts for Sun
    Held(phone_of, cast.sun, begins_at=clock.now).scan(newcomer)
    clock.now += timedelta(days=16)
    assert reminded() == [newcomer]
