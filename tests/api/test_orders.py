"""Orders over HTTP: given once to people who are fixed by that, read, signed and answered, put right, withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from backend.domain.terms import Post
from backend.models.changes import Change, Record
from backend.models.notices import Notice
from backend.models.people import Appointment
from tests.api.campaign_cases import every, found_on
from tests.api.order_cases import DUE, ORDERS, Given, body
from tests.cast import CITY, COUNTY, LINE, NEXT_VILLAGE, NOON, OTHER_COUNTY, TOWN, VILLAGE, add_appointment, add_person
from tests.makers import look, new_id, patrol_body, upload
from tests.pictures import drawn, sha


def test_an_order_is_kept_once_and_whoever_gets_it_hears_of_it(phone_of, cast, session):
    given = Given(phone_of, cast.li)
    assert (given.answer.status_code, given.answer.json["people"]) == (201, 2)
    assert given.answer.json["by"]["post"] == "town_chief"
    chief = phone_of(cast.li)
    assert chief.put(given.path, json=body()).status_code == 200
    assert chief.put(given.path, json=body(title="另一份")).status_code == 409
    told = session.scalars(select(Change.person_id).where(Change.thing_type == "order")).all()
    assert sorted(told) == sorted([cast.wang, cast.chen])
    assert sorted(session.scalars(select(Notice.person_id).where(Notice.key == "order"))) == sorted(told)
    assert session.scalars(select(Record.act).where(Record.thing_id == str(given.id))).all() == ["make"]


def test_the_same_id_from_another_chief_tells_nothing(phone_of, cast):
    given = Given(phone_of, cast.li)
    answer = phone_of(cast.tang).put(given.path, json=body())
    assert (answer.status_code, "title" in answer.json and answer.json["title"] == "暴雨后巡查") == (409, False)


def test_a_stand_in_gets_it_for_the_absent(phone_of, cast):
    leave = {"from": "2025-07-02", "until": "2025-07-20", "substitute": str(cast.chen)}
    assert phone_of(cast.wang).put(f"/api/v1/me/absences/{new_id()}", json=leave).status_code == 201
    given = Given(phone_of, cast.li)
    mine = given.seen_by(cast.chen).json["mine"]
    assert [each["for"] and each["for"]["name"] for each in mine] == ["王村长", None]
    assert given.people() == ["陈村长", "陈村长"]
    # Whose turn it is was fixed by the issue: it is the stand-in's also after the absent one is back.
    assert given.say(cast.chen, "sign").status_code == 201
    assert given.total()["signed"] == 2


@pytest.mark.parametrize(
    ("changed", "status", "pointer"),
    [
        ({"to": {}}, 422, "/to"),
        ({"to": None}, 422, "/to"),
        ({"to": {"posts": ["town_chief"]}}, 422, "/to/posts/0"),
        ({"to": {"posts": ["prosecutor"], "regions": [VILLAGE]}}, 422, "/to"),
        ({"to": {"regions": [TOWN]}}, 422, "/to/regions/0"),
        ({"to": {"posts": ["village_chief"], "regions": [OTHER_COUNTY]}}, 404, "/to/regions/0"),
        ({"to": {"posts": ["village_chief"], "regions": ["371502001777"]}}, 404, "/to/regions/0"),
        ({"to": {"rivers": ["NOWHERE"]}}, 422, "/to/rivers/0"),
        ({"to": {"people": [str(new_id())]}}, 404, "/to/people/0"),
        ({"to": {"posts": ["emperor"]}}, 422, "/to/posts/0"),
        ({"kind": "county_list"}, 422, "/kind"),
        ({"kind": "chief_order"}, 422, "/kind"),
        ({"due_at": NOON.isoformat()}, 422, "/due_at"),
        ({"due_at": (NOON - timedelta(days=1)).isoformat()}, 422, "/due_at"),
        ({"due_at": "9999-12-31T23:59:59Z"}, 422, "/due_at"),
        ({"segment": "CHIPING-371503"}, 404, "/segment"),
        ({"segment": "TUHAI-371502-001"}, 422, "/segment"),
        ({"segment": "TUHAI-371502-001", "wanted": "sign"}, 422, "/segment"),
        ({"title": ""}, 422, "/title"),
        ({"wanted": None}, 422, "/wanted"),
        ({"tilte": "巡查"}, 422, "/tilte"),
    ],
)
def test_an_order_that_cannot_be_meant_is_refused_by_its_place(phone_of, cast, changed, status, pointer):
    answer = Given(phone_of, cast.li, **changed).answer
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (status, pointer), answer.json
    assert phone_of(cast.li).get(ORDERS).json["items"] == []


def test_nobody_orders_themselves_their_superior_a_stranger_or_who_left_yesterday(phone_of, cast, session):
    def refused(*people: UUID) -> tuple[int, str, str]:
        answer = Given(phone_of, cast.li, to={"people": [str(each) for each in people]}).answer
        flaw = answer.json["errors"][0]
        return answer.status_code, flaw["pointer"], flaw["detail"]

    assert refused(cast.wang, cast.li) == (422, "/to/people/1", "不能给自己下指令。")
    assert refused(cast.zhao)[:2] == (404, "/to/people/0")
    assert refused(cast.wu)[:2] == (404, "/to/people/0")
    left = update(Appointment).where(Appointment.person_id == cast.wang)
    session.execute(left.values(until_day=date(2025, 7, 2)))
    assert refused(cast.chen, cast.wang) == (422, "/to/people/1", "这个人已经离任，收不到了。")
    # Of the posts of the town there is one less, and that the village has nobody is said.
    given = Given(phone_of, cast.li)
    assert (given.answer.json["people"], given.answer.json["vacant"]) == (1, 1)


def test_an_order_is_not_for_everybody_to_give(phone_of, cast):
    for player in ("wang", "he", "feng", "deng", "yang", "jin", "shen"):
        assert Given(phone_of, cast.people[player]).answer.status_code == 403, player


def test_a_region_means_its_chief_and_a_river_whoever_answers_for_it(phone_of, cast):
    counties = Given(phone_of, cast.qian, kind="county_list", wanted="answer", to={"regions": [COUNTY, OTHER_COUNTY]})
    assert counties.people() == ["赵区长", "吴区长"]
    river = Given(phone_of, cast.zhao, to={"rivers": ["TUHAI"]})
    assert sorted(river.people()) == sorted(["李镇长", "唐镇长", "王村长", "陈村长"])
    wardens = Given(phone_of, cast.sun, to={"rivers": ["TUHAI"], "posts": ["warden"]})
    assert wardens.people() == ["何巡河"]
    # From the office nothing goes to the chief beside it.
    assert Given(phone_of, cast.sun, to={"people": [str(cast.zhao)]}).answer.status_code == 422


def test_each_sees_what_touches_their_region_and_of_the_board_their_own_part(phone_of, cast):
    given = Given(
        phone_of, cast.zhao, wanted="sign", to={"posts": ["town_chief", "village_chief"], "regions": [COUNTY]}
    )
    for player, people in {"zhao": 4, "sun": 4, "qian": 4, "deng": 4, "li": 3, "tang": 1}.items():
        person = cast.people[player]
        assert given.total(person)["people"] == people, player
        assert [each["id"] for each in phone_of(person).get(ORDERS).json["items"]] == [str(given.id)]
    assert given.seen_by(cast.li, f"/board?region={CITY}").json["total"]["people"] == 3
    assert given.seen_by(cast.li, "/board?region=371502002").status_code == 404
    for rest in ("", "/board", "/board?format=xlsx", "/people"):
        assert given.seen_by(cast.wu, rest).status_code == 404, rest
        assert given.seen_by(cast.yang, rest).status_code == 404, rest
    # Whoever got it sees their own row, and no board.
    assert (given.seen_by(cast.wang).json["totals"], len(given.seen_by(cast.wang).json["mine"])) == (None, 1)
    assert given.seen_by(cast.wang, "/board").status_code == 404


@pytest.mark.parametrize("rest", ["", f"?region={COUNTY}", f"?region={TOWN}"])
def test_the_list_behind_each_number_holds_as_many_as_it_says(phone_of, cast, session, rest):
    add_appointment(session, cast.sun, Post.OFFICE_CLERK, OTHER_COUNTY)
    asked = {"posts": ["county_chief", "town_chief", "village_chief"], "regions": [CITY]}
    given = Given(phone_of, cast.qian, kind="chief_order", wanted="sign", to=asked)
    board = given.seen_by(cast.sun, f"/board{rest}").json
    assert board["region"] == (rest.partition("=")[2] or CITY)
    for row in (*board["rows"], board["total"]):
        assert len(phone_of(cast.sun).get(row["links"]["people"]).json["items"]) == row["people"], row


def test_looking_is_not_reading_and_read_is_not_signed(phone_of, cast):
    given = Given(phone_of, cast.li, wanted="sign")
    assert given.mine(cast.wang)["read_at"] is None
    assert given.say(cast.wang, "read").status_code == 201
    assert given.total() == dict.fromkeys(("done", "late", "overdue", "signed"), 0) | {
        "people": 2,
        "read": 1,
        "open": 2,
    }
    assert given.say(cast.chen, "sign").status_code == 201
    assert given.total() == {"people": 2, "read": 2, "signed": 1, "done": 1, "late": 0, "open": 1, "overdue": 0}
    assert given.people("open") == ["王村长"]
    assert given.people("done") == ["陈村长"]
    assert given.say(cast.tang, "read").status_code == 404


def test_a_word_is_kept_once_and_the_first_date_stands(phone_of, cast, clock):
    given = Given(phone_of, cast.li, wanted="answer")
    word, path = {"said": "answer", "text": "已落实", "at": NOON.isoformat()}, f"{given.path}/words/{new_id()}"
    wang = phone_of(cast.wang)
    clock.now += timedelta(minutes=5)
    assert wang.put(path, json=word).status_code == 201
    assert wang.put(path, json=word).status_code == 200
    assert wang.put(path, json=word | {"text": "没有"}).status_code == 409
    assert phone_of(cast.chen).put(path, json=word).status_code == 409
    assert given.say(cast.wang, "answer").status_code == 422
    later = NOON + timedelta(minutes=3)
    assert given.say(cast.wang, "answer", "补充：已拍照", at=later).status_code == 201
    row = given.mine(cast.wang)
    assert (row["answer"], row["answered_at"], row["late"]) == ("补充：已拍照", "2025-07-02T12:00:00+08:00", False)


def test_a_report_is_a_hazard_of_ones_own_place_or_the_word_that_there_is_none(phone_of, cast):
    given = Given(phone_of, cast.li, wanted="report")
    found_on(phone_of, cast.wang, "TUHAI-371502-001")
    assert given.say(cast.chen, "answer", "没有发现问题").status_code == 201
    assert given.total()["done"] == 2


def test_a_named_reach_is_walked_by_whoever_answers_for_it(phone_of, cast, clock):
    given = Given(phone_of, cast.li, segment="TUHAI-371502-001", to={"people": [str(cast.wang)]})
    assert given.answer.status_code == 201, given.answer.json
    alone = Given(phone_of, cast.li, segment="TUHAI-371502-001", to=None)
    assert alone.people() == ["王村长"]
    (task,) = (each for each in phone_of(cast.wang).get("/api/v1/me").json["tasks"] if each["id"] == str(given.id))
    assert (task["type"], task["what"], task["segment"], task["is_late"]) == (
        "order",
        "patrol",
        "TUHAI-371502-001",
        False,
    )


def test_a_correction_is_on_record_and_what_was_signed_was_another_text(phone_of, cast, clock, session):
    given = Given(phone_of, cast.li, wanted="sign")
    given.say(cast.wang, "sign")
    clock.now += timedelta(hours=1)
    later = (DUE + timedelta(hours=2)).isoformat()
    said: dict[str, Any] = {"id": str(new_id()), "reason": "推迟", "due_at": later}
    assert phone_of(cast.li).post(f"{given.path}/correct", json=said).status_code == 428
    moved = given.act("correct", **said)
    assert (moved.status_code, moved.json["corrections"][0]["reason"]) == (200, "推迟")
    assert given.act("correct", **said).status_code == 200
    assert given.act("correct", **(said | {"reason": "又"})).status_code == 409
    assert given.total()["signed"] == 1
    assert given.act("correct", id=str(new_id()), reason="改字", text="只走险工险段。").status_code == 200
    assert given.total() == {"people": 2, "read": 0, "signed": 0, "done": 0, "late": 0, "open": 2, "overdue": 0}
    given.say(cast.wang, "sign", at=clock.now)
    assert given.total()["signed"] == 1
    assert given.act("correct", id=str(new_id()), reason="无", title="暴雨后巡查").status_code == 422
    past = given.act("correct", id=str(new_id()), reason="错", due_at=NOON.isoformat())
    assert (past.status_code, past.json["errors"][0]["pointer"]) == (422, "/due_at")
    assert given.act("correct", cast.wang, id=str(new_id()), reason="我改", title="不去").status_code == 403
    acts = session.scalars(select(Record.act).where(Record.thing_id == str(given.id))).all()
    assert acts == ["make", "say", "correct", "correct", "say"]


def test_a_withdrawn_order_asks_for_nothing_and_stays_on_record(phone_of, cast, session):
    given = Given(phone_of, cast.li)
    stale = given.seen_by(cast.li).headers["ETag"]
    assert given.act("withdraw", reason="").status_code == 422
    assert given.act("withdraw", cast.sun, reason="与市里的一致").status_code == 200
    assert given.act("withdraw", etag=stale, reason="发错了").status_code == 412
    assert given.act("withdraw", reason="发错了").status_code == 409
    assert given.say(cast.wang, "read").status_code == 409
    assert phone_of(cast.wang).get("/api/v1/me").json["tasks"] == []
    assert given.seen_by(cast.wang).json["withdrawn"]["reason"] == "与市里的一致"
    told = session.scalars(select(Notice.person_id).where(Notice.key == "order_withdrawn")).all()
    assert sorted(told) == sorted([cast.wang, cast.chen])


def test_lists_come_page_by_page(phone_of, cast):
    made = [str(Given(phone_of, cast.li).id) for _ in range(3)]
    assert [each["id"] for each in every(phone_of(cast.li), ORDERS)] == made[::-1]
    assert [each["id"] for each in every(phone_of(cast.chen), f"{ORDERS}?mine=true")] == made[::-1]
    assert every(phone_of(cast.li), f"{ORDERS}?kind=supervision") == []
    given = Given(phone_of, cast.zhao, wanted="sign", to={"posts": ["town_chief", "village_chief"]})
    given.say(cast.li, "sign")
    names = [each["person"]["name"] for each in every(phone_of(cast.zhao), f"{given.path}/people")]
    assert names == ["王村长", "陈村长", "唐镇长", "李镇长"]


def test_a_phone_without_signal_hands_its_word_in_later_and_hears_what_became_of_it(lasting):
    given = Given(lasting.phone_of, lasting.cast.li, wanted="sign")
    chen = lasting.phone_of(lasting.cast.chen)
    start = chen.get("/api/v1/sync").json
    assert [each["id"] for each in start["changes"] if each["type"] == "order"] == [str(given.id)]
    item: dict[str, Any] = {"type": "order_word", "id": str(new_id())}
    item |= {"body": {"order": str(given.id), "said": "sign", "at": NOON.isoformat()}}
    (result,) = chen.post("/api/v1/sync", json={"items": [item]}).json["results"]
    assert (result["status"], result["thing"]["said"]) == ("created", "sign")
    (again,) = chen.post("/api/v1/sync", json={"items": [item]}).json["results"]
    assert again["status"] == "unchanged"
    changed = chen.get(f"/api/v1/sync?since={start['next']}").json["changes"]
    assert [each["body"]["mine"][0]["signed_at"] for each in changed] == ["2025-07-02T12:00:00+08:00"]


def test_a_look_before_the_issue_says_whom_it_reaches(phone_of, cast, session, keyring):
    other = add_person(session, keyring, "new", "新村长", 901)
    add_appointment(session, other, Post.VILLAGE_CHIEF, NEXT_VILLAGE)
    found = phone_of(cast.li).post(f"{ORDERS}/preview", json=body()).json
    assert (found["people"], found["without_reach"], found["vacant_count"]) == (3, 1, 0)
    assert phone_of(cast.li).get(ORDERS).json["items"] == []


def test_a_photo_of_an_order_is_seen_by_whoever_got_it(phone_of, cast):
    content = drawn("JPEG", (40, 41))
    assert upload(phone_of(cast.li), content).status_code == 201
    given = Given(phone_of, cast.li, photos=[sha(content)])
    assert given.answer.json["photos"] == [{"sha256": sha(content), "state": "stored"}]
    assert look(phone_of(cast.wang), content).status_code == 200
    assert look(phone_of(cast.tang), content).status_code == 404


def test_a_walk_is_not_ordered_where_a_response_keeps_people_off(phone_of, cast):
    declared = {"id": str(new_id()), "regions": [TOWN], "level": "II", "reason": "徒骇河超警戒水位"}
    assert phone_of(cast.deng).post("/api/v1/flood/responses", json=declared).status_code == 201
    answer = Given(phone_of, cast.li).answer
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/is_safe_to_patrol")
    assert Given(phone_of, cast.li, is_safe_to_patrol=True).answer.status_code == 201
    assert Given(phone_of, cast.li, wanted="answer").answer.status_code == 201


def test_a_walk_that_began_before_the_order_or_does_not_count_does_not_fulfil_it(phone_of, cast, clock):
    clock.now = NOON + timedelta(hours=1)
    given = Given(phone_of, cast.li)
    walk = patrol_body(LINE)
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=walk).status_code == 201
    assert given.total()["done"] == 0
