"""Drills over HTTP: lists and consent, that nobody else hears of one, and the numbers that lead nowhere."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from backend.channels.sending import Accepted, DeliveryFailed
from backend.models.alarms import Alarm
from backend.models.changes import Record
from backend.models.flood_events import FloodEvent
from backend.models.notices import Letter, Notice
from backend.services import wording
from tests.api.drill_cases import LISTS, MINE, OF_STAFF, drill_list, say, told
from tests.api.warning_cases import WARNINGS, night
from tests.carriers import office, push, sms, voice
from tests.cast import CITY, COUNTY, OTHER_COUNTY, TOWN
from tests.makers import new_id

__all__ = ["night", "office", "push", "sms", "voice"]


def test_people_are_asked_and_take_part_by_their_own_word(night, cast, session):
    list_id = drill_list(night, [cast.wang, cast.chen, cast.li], agreed=False)
    asked = night.phone_of(cast.wang).get(MINE).json["items"]
    assert [(each["list"], each["takes_part"], each["said_by"]) for each in asked] == [(list_id, False, None)]
    assert told(session, drill=False)[cast.wang] == ["drill_asked"]

    say(night, list_id, cast.wang, agree=True)
    say(night, list_id, cast.wang, agree=True)
    say(night, list_id, cast.chen, agree=False)
    people = night.phone_of(cast.sun).get(f"{LISTS}/{list_id}/people?limit=2")
    rest = night.phone_of(cast.sun).get(people.json["next"])
    found = {each["name"]: (each["takes_part"], each["said_by"]) for each in people.json["items"] + rest.json["items"]}
    assert found == {"王村长": (True, str(cast.wang)), "陈村长": (False, str(cast.chen)), "李镇长": (False, None)}
    (counted,) = night.phone_of(cast.sun).get(LISTS).json["items"]
    assert (counted["asked"], counted["agreed"]) == (3, 1)
    assert night.phone_of(cast.wu).put(f"{MINE}/{list_id}", json={"agree": True}).status_code == 404


def test_a_paper_is_kept_with_its_place_but_a_no_of_their_own_stands(night, cast, session):
    list_id = drill_list(night, [cast.wang, cast.chen], agreed=False)
    clerk, path = night.phone_of(cast.sun), f"{LISTS}/{list_id}/people"
    paper = clerk.put(f"{path}/{cast.wang}", json={"agree": True, "note": "档案12号"})
    assert (paper.json["takes_part"], paper.json["said_by"]) == (True, str(cast.sun))
    say(night, list_id, cast.chen, agree=False)
    refused = clerk.put(f"{path}/{cast.chen}", json={"agree": True, "note": "档案13号"})
    assert (refused.status_code, refused.json["detail"]) == (409, "本人已表示不参加，只能由本人改变主意。")
    say(night, list_id, cast.chen, agree=True)
    assert clerk.put(f"{path}/{cast.wu}", json={"agree": True, "note": "-"}).status_code == 404
    assert clerk.put(f"{path}/{cast.wang}", json={"agree": True}).status_code == 422
    notes = session.scalars(select(Record.body).where(Record.act == "say").order_by(Record.seq)).all()
    assert notes[0] == {"person": str(cast.wang), "agrees": True, "note": "档案12号"}


def test_a_list_is_made_once_by_whoever_may_of_people_who_are_there(night, cast):
    body = {"name": "名单", "region": COUNTY, "people": [str(cast.wang)]}
    path, clerk = f"{LISTS}/{new_id()}", night.phone_of(cast.sun)
    assert clerk.put(path, json=body).status_code == 201
    assert clerk.put(path, json=body).status_code == 200
    assert clerk.put(path, json=body | {"name": "别的"}).status_code == 409
    assert night.phone_of(cast.deng).put(path, json=body).status_code == 409
    assert clerk.put(f"{LISTS}/{new_id()}", json=body | {"region": OTHER_COUNTY}).status_code == 404
    elsewhere = clerk.put(f"{LISTS}/{new_id()}", json=body | {"people": [str(cast.wang), str(cast.wu)]})
    assert (elsewhere.status_code, [each["pointer"] for each in elsewhere.json["errors"]]) == (404, ["/people/1"])
    more = clerk.post(f"{path}/people", json={"people": [str(cast.wang), str(cast.chen)]})
    assert more.status_code == 200
    assert len(clerk.get(f"{path}/people").json["items"]) == 2
    assert night.phone_of(cast.deng).get(f"{path}/people").status_code == 200
    assert clerk.get(f"{LISTS}/{new_id()}/people").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"people": ["nobody"]}, "/people/0"),
        ({"people": None}, "/people"),
        ({"name": ""}, "/name"),
        ({"monthly": {"day": 31, "hour": 10}}, "/monthly/day"),
        ({"monthly": {"day": 5, "hour": 3}}, "/monthly/hour"),
        ({"monthly": {"day": "5", "hour": 10}}, "/monthly/day"),
        ({"more": 1}, "/more"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_by_its_place(night, cast, wrong, pointer):
    body = {"name": "名单", "region": COUNTY, "people": []} | wrong
    refused = night.phone_of(cast.sun).put(f"{LISTS}/{new_id()}", json=body)
    assert refused.status_code == 422
    assert pointer in [each["pointer"] for each in refused.json["errors"]]


def test_a_drill_calls_nobody_who_has_not_agreed_whoever_is_silent(night, cast, session, office):
    list_id = drill_list(night, [cast.wang, cast.li])
    night.phone_of(cast.sun).post(f"{LISTS}/{list_id}/people", json={"people": [str(cast.chen)]})
    drill = night.red(drill=True, drill_list=list_id, regions=[TOWN])
    night.at(35)

    assert set(night.roll(drill)) == {"wang", "li"}  # Chen was asked and has not answered
    steps = [step[:2] for step in night.steps(drill, "wang") if step[0] != "call"]
    assert {who for _, who in steps if who} == {"li"}
    assert ("county_duty", None) in steps
    heard = {person: set(keys) - set(OF_STAFF) for person, keys in told(session, drill=True).items()}
    assert {person for person, keys in heard.items() if keys} == {cast.wang, cast.li}
    assert all(set(keys) == {"drill_asked"} for keys in told(session, drill=False).values())
    assert "warning_sign" in told(session, drill=True)[cast.qian]
    for notice in session.scalars(select(Notice).where(Notice.is_drill)):
        assert wording.sentence(notice, "zh-CN", office.settings.zone).startswith("【演练】")
    assert session.scalars(select(FloodEvent)).all() == []
    assert session.scalars(select(Alarm)).all() == []


def test_drills_have_numbers_of_their_own_and_are_counted_apart(night, cast):
    list_id = drill_list(night, [cast.wang])
    real = night.red()
    drill = night.red(drill=True, drill_list=list_id)
    phone = night.phone_of(cast.deng)
    numbers = {each: phone.get(f"{WARNINGS}/{each}").json["number"] for each in (real, drill)}
    assert numbers == {real: "YJ2025-0001", drill: "YL2025-0001"}
    for asked, ids in (("?drill=true", [drill]), ("?drill=false", [real]), ("", [drill, real])):
        assert [each["id"] for each in phone.get(f"{WARNINGS}{asked}").json["items"]] == ids
    assert set(night.roll(drill)) == {"wang"}
    assert set(night.roll(real)) == {"wang", "chen", "li"}


def test_whoever_leaves_hears_nothing_more_of_it_and_the_rest_goes_on(night, cast, session):
    list_id = drill_list(night, [cast.wang, cast.chen, cast.li])
    drill = night.red(drill=True, drill_list=list_id)
    night.keys = {cast.chen: "1"}
    night.at(4)
    say(night, list_id, cast.wang, agree=False)
    say(night, list_id, cast.chen, agree=False)
    before = {person: len(keys) for person, keys in told(session, drill=True).items()}
    sent = len(night.voice.sent)
    night.at(12)
    assert night.roll(drill)["wang"]["state"] == "ended"
    phone = night.phone_of(cast.deng)
    update = phone.post(
        f"{WARNINGS}/{drill}/update", json={"id": str(new_id()), "headline": "仍在演练", "reason": "续"}
    )
    assert update.status_code == 201
    assert phone.post(f"{WARNINGS}/{update.json['id']}/all-clear", json={"text": "演练结束"}).status_code == 200
    after = {person: len(keys) for person, keys in told(session, drill=True).items()}
    assert [after[each] - before[each] for each in (cast.wang, cast.chen)] == [0, 0]
    assert after[cast.li] > before[cast.li]
    assert all(letter.address.endswith("4") for letter in night.voice.sent[sent:])  # Li's number


def test_neighbours_who_have_left_are_not_sent_to_doors(night, cast):
    list_id = drill_list(night, [cast.wang, cast.chen])
    drill = night.red(drill=True, drill_list=list_id)
    night.keys = {cast.chen: "2"}
    night.at(5)
    say(night, list_id, cast.chen, agree=False)
    night.at(11)
    assert ("door", None) in [step[:2] for step in night.steps(drill, "wang")]


def test_what_is_meant_goes_before_every_drill(night, cast, session):
    list_id = drill_list(night, [cast.wang, cast.chen, cast.li])
    night.red(drill=True, drill_list=list_id, focus=[TOWN])
    night.red()
    night.tick()
    letters = session.scalars(select(Letter).where(Letter.lane == "urgent").order_by(Letter.priority)).all()
    drills = {notice.id for notice in session.scalars(select(Notice).where(Notice.is_drill))}
    assert {letter.notice_id in drills for letter in letters} == {True, False}
    order = [letter.notice_id in drills for letter in letters]
    assert order == sorted(order)


def test_a_drill_of_an_empty_list_and_one_that_is_over_wake_nobody(night, cast, session):
    list_id = drill_list(night, [])
    night.red(drill=True, drill_list=list_id)
    ends = (night.clock.now + timedelta(minutes=1)).isoformat()
    late = night.warn(drill=True, drill_list=list_id, expires_at=ends).json["id"]
    night.clock.now += timedelta(minutes=3)
    night.tick()
    assert night.phone_of(cast.deng).get(f"{WARNINGS}/{late}").json["state"] == "expired"
    assert session.scalars(select(Alarm)).all() == []


no_such_number = DeliveryFailed("code_1001", permanent=True)


def test_dead_numbers_are_told_from_those_who_only_did_not_answer(night, cast, session):
    list_id = drill_list(night, [cast.wang, cast.chen, cast.li], region=CITY, by=cast.deng)
    for carrier in (night.voice, night.sms):
        carrier.plan = lambda letter, _: no_such_number if letter.address.endswith("06") else Accepted()
    drill = night.red(drill=True, drill_list=list_id)
    night.keys = {cast.li: "1"}
    night.at(1)
    phone = night.phone_of(cast.deng)
    report = phone.get(f"{WARNINGS}/{drill}/dead-numbers").json
    assert (report["number"], report["drill"], report["dead"], report["unanswered"]) == ("YL2025-0001", True, 1, 1)
    assert [(each["person"]["name"], each["dead"]) for each in report["items"]] == [("王村长", True), ("陈村长", False)]
    assert {"channel": "voice", "reason": "code_1001"} in report["items"][0]["failures"]

    book = phone.get(f"{WARNINGS}/{drill}/dead-numbers?format=xlsx")
    page = openpyxl.load_workbook(io.BytesIO(book.data)).worksheets[0]
    assert [row[1] for row in page.iter_rows(values_only=True)] == ["姓名", "王村长", "陈村长"]
    assert session.scalars(select(Record.act).where(Record.act == "export_dead_numbers")).all()
    assert night.phone_of(cast.wu).get(f"{WARNINGS}/{drill}/dead-numbers").status_code == 404


def test_one_list_is_seen_with_the_name_of_its_region(night):
    made = drill_list(night, [night.cast.wang])
    found = night.phone_of(night.cast.sun).get(f"{LISTS}/{made}")
    assert (found.json["region_name"], found.json["asked"], found.json["agreed"]) == ("东昌府区", 1, 1)
    assert night.phone_of(night.cast.sun).get(f"{LISTS}/{new_id()}").status_code == 404
    assert night.phone_of(night.cast.wang).get(f"{LISTS}/{made}").status_code == 403
