"""Notice boards over HTTP: put up, changed, printed, and listed when they are out of date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from backend.domain.signs import State
from backend.domain.terms import Post
from backend.models.changes import Record
from backend.models.segments import Assignment, NoticeBoard
from backend.models.signs import SignPrint
from backend.services import signs as service
from backend.services.access import actor_of
from backend.services.tokens import Claims
from tests.api.sign_cases import BASE, BODY, CODE, print_it, put_up
from tests.cast import CITY, NOON, VILLAGE, add_appointment, add_person, assign
from tests.makers import new_id, upload
from tests.pictures import GOOD, sha

TODAY = date(2025, 7, 2)


def follow(session, cast, keyring, *, since: date) -> None:
    """Wang leaves, and Zheng follows him on a day."""
    session.execute(update(Assignment).where(Assignment.person_id == cast.wang).values(until_day=since))
    zheng = add_person(session, keyring, "zheng", "郑村长", 77)
    post = add_appointment(session, zheng, Post.VILLAGE_CHIEF, VILLAGE, since=since)
    assign(session, zheng, cast.segments["TUHAI-371502-001"], since=since).appointment_id = post
    session.flush()


def codes(phone, question: str = "") -> list[str]:
    return [each["code"] for each in phone.get(f"{BASE}?{question}").json["items"]]


def test_a_board_is_put_up_with_a_code_for_anybody_and_the_names_of_today(phone_of, cast, session):
    sun = phone_of(cast.sun)
    made = put_up(sun)
    assert made["today"]["chiefs"] == [{"name": "王村长", "post": "village_chief", "region": "兴华村"}]
    assert made["page"].startswith("/s/")
    assert (made["printed"], made["overdue"]) == (None, True)
    assert made["location"] == {"lon": 115.97, "lat": 36.43}
    assert sun.put(f"{BASE}/{CODE}", json=BODY).status_code == 200
    acts = session.scalars(select(Record.act).where(Record.thing_type == "notice_board")).all()
    assert acts == ["make"]


def test_whoever_changes_one_says_which_version_they_saw(phone_of, cast):
    sun = phone_of(cast.sun)
    put_up(sun)
    seen = sun.get(f"{BASE}/{CODE}")
    assert sun.get(f"{BASE}/{CODE}", headers={"If-None-Match": seen.headers["ETag"]}).status_code == 304
    other = BODY | {"office_phone": "0635-0000001"}
    assert sun.put(f"{BASE}/{CODE}", json=other).status_code == 428
    assert sun.put(f"{BASE}/{CODE}", json=other, headers={"If-Match": '"sign-9.x"'}).status_code == 412
    changed = sun.put(f"{BASE}/{CODE}", json=other, headers={"If-Match": seen.headers["ETag"]})
    assert (changed.status_code, changed.json["office_phone"]) == (200, "0635-0000001")
    moved = other | {"location": {"lon": 115.975, "lat": 36.432}}
    again = sun.put(f"{BASE}/{CODE}", json=moved, headers={"If-Match": changed.headers["ETag"]})
    assert again.json["location"] == {"lon": 115.975, "lat": 36.432}


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        ({"segment": "CHIPING-371503"}, 404, "/segment"),
        ({"segment": "NOWHERE"}, 404, "/segment"),
        ({"put_up_on": "2025-07-03"}, 422, "/put_up_on"),
        ({"taken_down_on": "2025-01-01"}, 422, "/taken_down_on"),
        ({"office_phone": "1" * 41}, 422, "/office_phone"),
        ({"photo": "x"}, 422, "/photo"),
        ({"person": "x"}, 422, "/person"),
    ],
)
def test_what_cannot_be_meant_is_named_by_its_place(phone_of, cast, said, status, pointer):
    refused = phone_of(cast.sun).put(f"{BASE}/{CODE}", json=BODY | said)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (status, pointer)


def test_boards_are_kept_by_the_office_of_their_region_and_seen_by_staff_and_seniors(phone_of, cast):
    put_up(phone_of(cast.sun))
    for who, status in ((cast.feng, 200), (cast.li, 200), (cast.qian, 200), (cast.wu, 404), (cast.wang, 403)):
        assert phone_of(who).get(f"{BASE}/{CODE}").status_code == status
    for who in (cast.feng, cast.jin, cast.wang, cast.li):
        assert phone_of(who).put(f"{BASE}/{CODE}", json=BODY).status_code == 403
    assert codes(phone_of(cast.wu)) == codes(phone_of(cast.tang)) == []
    assert phone_of(cast.sun).put(f"{BASE}/a b", json=BODY).status_code == 404
    assert phone_of(None).get(BASE).status_code == 401


def test_an_ended_reach_gets_no_board(phone_of, cast, session):
    cast.segments["TUHAI-371502-001"].until_day = TODAY
    session.flush()
    refused = phone_of(cast.sun).put(f"{BASE}/{CODE}", json=BODY)
    assert refused.json["errors"][0]["pointer"] == "/segment"


def test_what_was_printed_is_kept_with_its_day_and_told_again_it_is_the_same(phone_of, cast, session):
    sun = phone_of(cast.sun)
    put_up(sun)
    assert print_it(sun, on="2025-05-20").json == {"noted": 1}
    assert print_it(sun, on="2025-05-20").json == {"noted": 0}
    seen = sun.get(f"{BASE}/{CODE}").json
    assert (seen["printed"]["on"], seen["differs"], seen["overdue"]) == ("2025-05-20", [], False)
    assert [(each["on"], each["said_by"]) for each in seen["prints"]] == [("2025-05-20", "孙科员")]
    assert print_it(sun).json == {"noted": 1}
    assert len(session.scalars(select(SignPrint.seq)).all()) == 2
    assert print_it(sun, on="2025-07-03").status_code == 422
    assert phone_of(cast.feng).post(f"{BASE}/printed", json={"signs": []}).status_code == 403


def test_a_sheet_that_says_what_is_no_longer_so_is_refused(phone_of, cast):
    sun = phone_of(cast.sun)
    put_up(sun)
    old = sun.post(f"{BASE}/printed", json={"signs": [{"code": CODE, "content": "0" * 32}]})
    assert (old.status_code, CODE in old.json["detail"]) == (409, True)
    none = sun.post(f"{BASE}/printed", json={"signs": [{"code": "NONE", "content": "0" * 32}]})
    assert none.status_code == 404


def test_a_board_is_out_of_date_fifteen_days_after_the_chief_has_changed(phone_of, cast, session, keyring, clock):
    sun = phone_of(cast.sun)
    put_up(sun)
    print_it(sun)
    follow(session, cast, keyring, since=TODAY + timedelta(days=5))
    assert sun.get(f"{BASE}/{CODE}").json["differs"] == []
    clock.now = NOON + timedelta(days=19)
    late = phone_of(cast.sun)
    seen = late.get(f"{BASE}/{CODE}").json
    assert seen["differs"] == [{"what": "chief", "since": "2025-07-07"}]
    assert (seen["overdue"], codes(late, "state=overdue")) == (False, [])
    clock.now = NOON + timedelta(days=20)
    late = phone_of(cast.sun)
    assert late.get(f"{BASE}/{CODE}").json["overdue"] is True
    assert codes(late, "state=overdue") == [CODE]
    assert print_it(late).json == {"noted": 1}
    assert late.get(f"{BASE}/{CODE}").json["printed"]["chiefs"][0]["name"] == "郑村长"
    assert codes(late, "state=overdue") == []


def test_texts_written_anew_and_a_chief_who_left_nobody_behind_are_differences_too(phone_of, cast, session, clock):
    sun = phone_of(cast.sun)
    put_up(sun)
    print_it(sun)
    etag = sun.get(f"{BASE}/{CODE}").headers["ETag"]
    changed = sun.put(f"{BASE}/{CODE}", json=BODY | {"goals": "水清"}, headers={"If-Match": etag}).json
    assert changed["differs"] == [{"what": "text", "since": "2025-07-02"}]
    session.execute(update(Assignment).where(Assignment.person_id == cast.wang).values(until_day=TODAY))
    assert [each["what"] for each in sun.get(f"{BASE}/{CODE}").json["differs"]] == ["chief", "text"]
    clock.now = NOON + timedelta(days=15)
    assert codes(phone_of(cast.sun), "state=overdue") == [CODE]


def test_boards_are_found_by_region_river_reach_state_and_words_page_by_page(phone_of, cast):
    sun = phone_of(cast.sun)
    for number in (1, 2):
        put_up(sun, f"A{number}", place=f"第{number}桥")
    put_up(sun, "B", segment="TUHAI-371502-003", taken_down_on="2025-07-01")
    first = sun.get(f"{BASE}?limit=1").json
    assert ([each["code"] for each in first["items"]], len(sun.get(first["next"]).json["items"])) == (["A1"], 1)
    assert codes(sun) == codes(sun, "region=371502001") == codes(sun, "segment=TUHAI-371502-001") == ["A1", "A2"]
    assert codes(sun, f"segment={cast.segments['TUHAI-371502-001'].id}&river=TUHAI") == ["A1", "A2"]
    assert codes(sun, "q=第2") == ["A2"]
    assert codes(sun, "state=taken_down") == ["B"]
    assert codes(sun, "river=CHIPING") == codes(sun, "region=371502002") == []
    assert sun.get(f"{BASE}?state=x").status_code == 422


def test_a_photo_of_a_board_may_come_later(phone_of, cast):
    sun = phone_of(cast.sun)
    assert put_up(sun, photo=sha(GOOD))["photo"] == {"sha256": sha(GOOD), "state": "pending"}
    assert upload(sun, GOOD).status_code in (200, 201)
    assert sun.get(f"{BASE}/{CODE}").json["photo"]["state"] == "stored"
    assert phone_of(cast.feng).get(f"/api/v1/photos/{sha(GOOD)}").status_code == 200


def test_a_board_goes_with_the_part_on_which_it_stands_when_its_reach_is_cut(phone_of, cast, session, clock):
    sun = phone_of(cast.sun)
    put_up(sun, location={"lon": 115.976, "lat": 36.432})
    print_it(sun)
    path = "/api/v1/segments/TUHAI-371502-001/split"
    seen = phone_of(cast.feng).get(path, query_string={"at_m": 300, "from": "2025-07-02"})
    parts = [{"code": f"TUHAI-P{number}", "name": f"徒骇河{number}段"} for number in (1, 2)]
    body = {"id": str(new_id()), "at_m": 300, "from": "2025-07-02", "parts": parts, "reason": "换届"}
    cut = phone_of(cast.feng).post(path, json=body, headers={"If-Match": seen.headers["ETag"]})
    assert cut.status_code == 201, cut.text
    found = sun.get(f"{BASE}/{CODE}").json
    assert (found["segment"]["code"], found["today"]["chiefs"][0]["name"]) == ("TUHAI-P2", "王村长")
    assert found["differs"] == [{"what": "reach", "since": "2025-07-02"}]
    assert phone_of(None).get(found["page"]).text.count("徒骇河2段") > 0
    clock.now = NOON + timedelta(days=15)
    assert codes(phone_of(cast.sun), "state=overdue") == [CODE]


def test_the_list_of_what_is_overdue_is_what_the_rule_says_of_each(phone_of, cast, session, keyring, clock):
    sun = phone_of(cast.sun)
    for number, segment in enumerate(("TUHAI-371502-001", "TUHAI-371502-002", "TUHAI-371502-003")):
        put_up(sun, f"S{number}", segment=segment)
    put_up(sun, "S3", put_up_on="2025-07-01")
    print_it(sun, "S0", "S1", "S2")
    follow(session, cast, keyring, since=TODAY + timedelta(days=1))
    session.execute(update(NoticeBoard).where(NoticeBoard.code == "S1").values(is_text_newer=True, text_on=TODAY))
    for days in range(0, 20, 2):
        clock.now = NOON + timedelta(days=days)
        day = TODAY + timedelta(days=days)
        actor = actor_of(session, Claims(cast.qian, 1), day)
        by_rule = [each for each in ("S0", "S1", "S2", "S3") if service.one(session, actor, each, today=day).is_overdue]
        assert codes(phone_of(cast.qian), f"state={State.OVERDUE}&region={CITY}") == by_rule, days
