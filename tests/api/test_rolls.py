"""The board of a roll: numbers down to the village as each sees them, the silent, the times, and the doors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from backend.channels.sending import Outcome
from backend.domain.lines import Lines
from backend.domain.ways import Way
from backend.services import rolls
from backend.store.flood_warnings import held
from jobs import callouts, delivery, flood_warnings
from tests.api.warning_cases import WARNINGS, act, night, revise, texts
from tests.carriers import office, push, sms, tell, voice
from tests.cast import CITY, COUNTY, NEXT_TOWN, NEXT_VILLAGE, OTHER_COUNTY, TOWN, VILLAGE

__all__ = ["night", "office", "push", "sms", "tell", "voice"]
DOORS = "/api/v1/flood/doors"
NO_SUCH = "0197d0c1-0000-7000-8000-00000000dead"


def places(board):
    return {each["region"]: each["people"] for each in board["places"]}


def test_each_sees_the_numbers_of_their_part_split_by_what_lies_below_it(night, cast):
    warning = night.red(regions=[CITY])
    assert places(night.board(warning)) == {CITY: 1, COUNTY: 5, OTHER_COUNTY: 1}
    assert night.board(warning)["total"]["people"] == 7
    assert places(night.board(warning, cast.zhao)) == {COUNTY: 1, TOWN: 3, NEXT_TOWN: 1}
    assert places(night.board(warning, cast.li)) == {TOWN: 1, VILLAGE: 1, NEXT_VILLAGE: 1}
    assert places(night.board(warning, cast.wu)) == {OTHER_COUNTY: 1}
    assert places(night.board(warning, region=TOWN)) == {TOWN: 1, VILLAGE: 1, NEXT_VILLAGE: 1}
    assert places(night.board(warning, region=VILLAGE)) == {VILLAGE: 1}
    for by, region in ((cast.zhao, OTHER_COUNTY), (cast.li, NEXT_TOWN)):
        seen = night.phone_of(by).get(f"{WARNINGS}/{warning}", query_string={"region": region})
        assert seen.status_code == 404, region
    assert night.phone_of(cast.deng).get(f"{WARNINGS}/{warning}?region=x").status_code == 422


def test_the_numbers_add_up_and_times_are_those_of_the_answers(night, cast):
    warning = night.red(regions=[COUNTY])
    night.tick()
    for seconds, name, status in ((20, "wang", "received"), (40, "chen", "acting"), (90, "li", "unable")):
        night.clock.now = night.began + timedelta(seconds=seconds)
        night.ack(warning, name, status)
    board = night.board(warning)
    total = board["total"]
    assert (total["people"], total["called"], total["answered"], total["silent"]) == (5, 5, 3, 2)
    assert (total["received"], total["acting"], total["unable"], total["unreached"]) == (1, 1, 1, 0)
    assert (board["median_s"], board["slowest_s"]) == (40, 90)
    for name in total:
        assert sum(place[name] for place in board["places"]) == total[name], name
    assert {each["person"]["name"] for each in board["silent"]} == {"赵区长", "唐镇长"}
    assert all("****" in each["person"]["phone"] for each in board["silent"])
    assert night.board(warning, cast.tang)["median_s"] is None


def test_how_long_a_round_lasts_is_foretold_by_who_still_waits_and_by_calls_that_had_time_to_end(night, session):
    ways = {"voice": Way(1.0, lines=Lines(2, 30.0))}
    office, warning = replace(night.office, ways=night.office.ways | ways), night.red(regions=[CITY])
    row = held(session, UUID(warning))

    def foretold(seconds: float):
        return rolls.board(session, row, [CITY], ways, now=night.began + timedelta(seconds=seconds)).forecast

    assert foretold(1).lasts == timedelta(seconds=1 + 7 * 30 / 2)
    for job in (flood_warnings, callouts, delivery):
        job.run(office, now=night.began)
    first, second = night.voice.taken
    night.clock.now = night.began + timedelta(seconds=2)
    night.hear(first.id, Outcome.FAILED, reason="busy")
    assert foretold(3).call_s == 30, "a short call says nothing while the long ones last"
    night.clock.now = night.began + timedelta(seconds=37)
    night.hear(second.id, Outcome.ANSWERED, "2")
    settled = foretold(60)
    assert settled.call_s == pytest.approx((2 + 37) / 2)
    assert settled.lasts == timedelta(seconds=60 + 5 * 19.5 / 2)
    assert settled.until == night.began + settled.lasts
    waiting = [name for name, each in night.roll(warning).items() if each["state"] == "open"]
    for name in waiting:
        night.ack(warning, name, "acting")
    assert foretold(70) is None, "nobody waits for a first call"


def test_the_list_of_the_silent_goes_on_page_by_page(night, cast):
    warning = night.red(regions=[CITY])
    night.tick()
    night.ack(warning, "wang", "acting")
    path, seen = f"{WARNINGS}/{warning}/people?state=silent&limit=2", []
    while path:
        page = night.phone_of(cast.deng).get(path).json
        assert len(page["items"]) <= 2
        seen += [each["person"]["name"] for each in page["items"]]
        path = page["next"]
    assert sorted(seen) == sorted(["钱市长", "赵区长", "李镇长", "唐镇长", "陈村长", "吴区长"])
    assert set(night.roll(warning, state="acting")) == {"wang"}
    for wrong in ("people?state=asleep", "dead-numbers?format=pdf"):
        refused = night.phone_of(cast.deng).get(f"{WARNINGS}/{warning}/{wrong}")
        assert refused.status_code == 422
        assert refused.json["errors"][0]["detail"].startswith("只能是："), wrong
    assert set(night.roll(warning, region=NEXT_TOWN)) == {"tang"}
    people = f"{WARNINGS}/{warning}/people"
    assert night.phone_of(cast.deng).get(people, query_string={"state": "dead"}).status_code == 422
    assert night.phone_of(cast.deng).get(people, query_string={"cursor": "x"}).status_code == 422
    assert night.phone_of(cast.deng).get(people, query_string={"limit": "0"}).status_code == 422


def test_a_board_that_has_not_changed_is_not_sent_again_and_every_answer_changes_it(night, cast):
    warning = night.red()
    night.tick()
    deng, path = night.phone_of(cast.deng), f"{WARNINGS}/{warning}"
    etag = deng.get(path).headers["ETag"]
    assert deng.get(path, headers={"If-None-Match": etag}).status_code == 304
    seen = {etag, deng.get(f"{path}?region={VILLAGE}").headers["ETag"]}
    assert len(seen) == 2
    for name, status in (("wang", "received"), ("wang", "acting"), ("chen", "acting")):
        night.ack(warning, name, status)
        changed = deng.get(path, headers={"If-None-Match": etag})
        assert changed.status_code == 200
        etag = changed.headers["ETag"]
        assert etag not in seen
        seen.add(etag)
    act(night, warning, "all-clear", text="退了")
    assert deng.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_a_roll_that_was_closed_is_open_again_when_people_are_called_anew(night, cast):
    night.keys = {cast.wang: "2", cast.chen: "2", cast.li: "2"}
    warning = night.red(level="orange")
    night.at(0.2)
    assert night.board(warning)["closed_at"]
    made = revise(night, warning, level="red").json
    act(night, made["id"], "sign", cast.qian)
    assert night.board(made["id"])["closed_at"] is None
    night.at(0.5)
    assert night.board(made["id"])["closed_at"]
    assert night.board(made["id"])["total"]["acting"] == 3


def test_who_could_not_be_reached_is_an_alarm_when_the_roll_closes(night, cast):
    night.keys = {cast.wang: "2", cast.li: "2"}
    warning = night.red()
    night.at(31, every_s=15)
    assert night.board(warning)["total"]["unreached"] == 1
    alarms = night.phone_of(cast.sun).get("/api/v1/alarms", query_string={"open": "true"}).json["items"]
    assert [each["about"] for each in alarms if each["kind"] == "unreached"] == [f"{warning}/{COUNTY}"]
    late = night.ack(warning, "chen", "acting")
    assert late.json["state"] == "acting"
    assert night.board(warning)["total"]["unreached"] == 0


# Doors


@pytest.fixture
def knock(night, cast):
    """Chen has answered, Wang has not: ten minutes later Chen is sent to his door."""
    night.keys = {cast.chen: "2"}
    warning = night.red()
    night.at(10.1, every_s=10)
    (door,) = night.phone_of(cast.deng).get(f"{WARNINGS}/{warning}/doors?limit=1").json["items"]
    return warning, door


def test_a_neighbour_who_answered_is_sent_and_what_is_met_there_is_the_answer(night, cast, knock, session):
    warning, door = knock
    assert (door["person"]["name"], door["given_to"], door["state"]) == ("李镇长", "陈村长", "open")
    doors = night.phone_of(cast.deng).get(f"{WARNINGS}/{warning}/doors").json["items"]
    (wang,) = [each for each in doors if each["person"]["name"] == "王村长"]
    assert wang["given_to"] == "陈村长"
    assert len(texts(session, cast.chen, "door_knock")) == 2
    chen, path = night.phone_of(cast.chen), f"{DOORS}/{wang['id']}"
    assert chen.get(path).json["person"]["name"] == "王村长"
    said = {"outcome": "met", "status": "acting", "note": "手机没电，已上堤"}
    first = chen.post(path, json=said)
    assert (first.status_code, first.json["outcome"], first.json["state"]) == (200, "met", "acting")
    assert chen.post(path, json=said).status_code == 200
    assert chen.post(path, json=said | {"outcome": "absent"}).status_code == 409
    called = night.callout(warning, "wang")
    assert (called["how"], called["answers"][0]["by"]) == ("door", "陈村长")
    assert night.board(warning)["total"]["door"] == 2


def test_who_is_not_at_home_stays_silent_and_goes_on_climbing(night, cast, knock):
    warning, _ = knock
    doors = night.phone_of(cast.deng).get(f"{WARNINGS}/{warning}/doors").json["items"]
    (wang,) = [each for each in doors if each["person"]["name"] == "王村长"]
    told = night.phone_of(cast.chen).post(f"{DOORS}/{wang['id']}", json={"outcome": "absent", "note": "门锁着"})
    assert (told.status_code, told.json["state"]) == (200, "open")
    night.at(12.1, every_s=10)
    assert "county_duty" in [step[0] for step in night.steps(warning, "wang")]


def test_a_door_of_which_the_neighbour_says_nothing_goes_to_the_town_or_above(night, cast, knock, session):
    warning, _ = knock
    night.at(20.5, every_s=20)
    doors = night.phone_of(cast.deng).get(f"{WARNINGS}/{warning}/doors").json["items"]
    (wang,) = [each for each in doors if each["person"]["name"] == "王村长"]
    assert wang["passed_at"]
    assert wang["given_to"] == "李镇长"
    assert len(texts(session, cast.li, "door_knock")) == 1
    assert night.phone_of(cast.li).get(f"{DOORS}/{wang['id']}").status_code == 200


def test_a_door_is_seen_and_reported_by_whoever_was_sent_or_has_the_region(night, cast, knock):
    warning, door = knock
    path, said = f"{DOORS}/{door['id']}", {"outcome": "met"}
    for who in ("he", "wang", "wu", "tang", "yang"):
        assert night.phone_of(cast.people[who]).get(path).status_code == 404, who
        assert night.phone_of(cast.people[who]).post(path, json=said).status_code == 404, who
    assert night.phone_of(cast.feng).get(path).status_code == 200
    assert night.phone_of(cast.feng).post(path, json=said).status_code == 403, "a clerk of the bureau answers for none"
    assert night.phone_of(cast.sun).post(path, json=said).status_code == 200
    assert night.phone_of(cast.sun).get(f"{DOORS}/{NO_SUCH}").status_code == 404
    assert night.phone_of(cast.wu).get(f"{WARNINGS}/{warning}/doors").status_code == 404


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"outcome": "perhaps"}, "/outcome"),
        ({"outcome": None}, "/outcome"),
        ({"status": "maybe"}, "/status"),
        ({"note": 3}, "/note"),
        ({"note": "x" * 1001}, "/note"),
        ({"id": str(NO_SUCH)}, "/id"),
    ],
)
def test_a_report_from_a_door_that_cannot_be_meant_is_refused_by_its_place(night, cast, knock, said, pointer):
    _, door = knock
    refused = night.phone_of(cast.chen).post(f"{DOORS}/{door['id']}", json={"outcome": "met"} | said)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


def test_doors_go_on_page_by_page(night, cast, knock):
    warning, _ = knock
    path, seen = f"{WARNINGS}/{warning}/doors?limit=1", []
    while path:
        page = night.phone_of(cast.li).get(path).json
        seen += [each["person"]["name"] for each in page["items"]]
        path = page["next"]
    assert seen == ["李镇长", "王村长"]
    assert night.phone_of(cast.li).get(f"{WARNINGS}/{warning}/doors?cursor=x").status_code == 422


def test_whoever_is_silent_to_a_graver_warning_is_sought_at_their_door_again(night, cast):
    night.keys = {cast.chen: "2"}
    warning = night.red(level="orange", regions=[VILLAGE])
    night.at(30.1, every_s=20)
    first = _wangs_door(night, warning)
    told = {"outcome": "absent", "note": "门锁着"}
    assert night.phone_of(cast.deng).post(f"{DOORS}/{first['id']}", json=told).status_code == 200
    graver = revise(night, warning, level="red", headline="漫堤在即").json["id"]
    act(night, graver, "sign", cast.qian)
    night.began = night.clock.now
    night.at(10.1, every_s=20)
    again = _wangs_door(night, graver)
    assert (again["outcome"], again["done_at"]) == (None, None)
    assert again["given_at"] > first["given_at"]


def _wangs_door(night, warning):
    doors = night.phone_of(night.cast.deng).get(f"{WARNINGS}/{warning}/doors").json["items"]
    return max((each for each in doors if each["person"]["name"] == "王村长"), key=lambda each: each["given_at"])
