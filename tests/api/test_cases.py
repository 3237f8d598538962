"""Cases that concern others: handed over to the law, given to a unit, merged into another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jobs import deadlines, reminders
from tests.api.hazard_cases import PLACE, Case
from tests.cast import NOON
from tests.makers import upload
from tests.pictures import GOOD, drawn, sha

NOON_SAID = "2025-07-02T12:00:00+08:00"
BEFORE, OTHER = GOOD, drawn("JPEG", (60, 40))


def picture(content: bytes) -> dict:
    return {"sha256": sha(content), "at": NOON.isoformat(), "location": PLACE}


@pytest.fixture
def barge(phone_of, cast) -> Case:
    """Reported with a photo; another one of the same county has a photo of its own."""
    case = Case(phone_of, cast.he, kind="four_illegal.mine", photos=[picture(BEFORE)])
    other = Case(phone_of, cast.he, photos=[picture(OTHER)])
    for content in (BEFORE, OTHER):
        upload(phone_of(cast.he), content)
    assert other.answer.status_code == 201
    case.act(cast.feng, "accept")
    return case


def look(phone, content: bytes, size: str = "original") -> int:
    with phone.get(f"/api/v1/photos/{sha(content)}", query_string={"size": size}) as answer:
        return answer.status_code


def test_the_police_see_the_originals_of_what_was_handed_over_for_as_long_as_they_have_it(barge, phone_of, cast):
    shen = phone_of(cast.shen)
    assert look(shen, BEFORE) == 404
    barge.act(cast.feng, "transfer", post="police_chief", note="涉嫌犯罪")
    assert (look(shen, BEFORE), look(shen, BEFORE, "view")) == (200, 200)
    assert look(shen, OTHER) == look(shen, OTHER, "view") == 404
    assert look(phone_of(cast.han), BEFORE) == 404
    barge.act(cast.shen, "hand_back", note="不予立案")
    assert look(shen, BEFORE) == look(shen, BEFORE, "view") == 404


def test_a_unit_sees_the_photos_of_what_it_has_to_mend_but_no_originals(barge, phone_of, cast):
    yang = phone_of(cast.yang)
    assert look(yang, BEFORE, "view") == 404
    barge.act(cast.feng, "assign", unit="HOUSING")
    assert (look(yang, BEFORE, "view"), look(yang, BEFORE)) == (200, 403)
    assert look(yang, OTHER, "view") == 404


def test_the_chief_of_a_reach_sees_the_photos_of_its_hazards_whoever_reported_them(barge, phone_of, cast):
    assert look(phone_of(cast.wang), BEFORE, "view") == 200
    assert look(phone_of(cast.chen), BEFORE, "view") == 404


def test_whoever_reported_one_that_was_merged_hears_what_becomes_of_the_other(phone_of, cast, session):
    first, second = Case(phone_of, cast.li), Case(phone_of, cast.wang)
    second.act(cast.feng, "merge", into=str(first.id))
    merged = second.seen_by(cast.wang)
    assert merged.json["merged_with"] == {"id": str(first.id), "state": "reported", "state_name": "已上报，待受理"}
    since = phone_of(cast.wang).get("/api/v1/sync").json["next"]
    first.act(cast.feng, "reject", note="不在河道范围内")
    again = second.seen_by(cast.wang)
    assert again.json["merged_with"]["state"] == "rejected"
    assert again.headers["ETag"] != merged.headers["ETag"]
    if session.get_bind().dialect.name == "sqlite":  # PostgreSQL shows only what is committed
        heard = phone_of(cast.wang).get("/api/v1/sync", query_string={"since": since}).json["changes"]
        assert str(second.id) in [each["id"] for each in heard]
    assert set(titles_of(phone_of(cast.wang))) == {"您报的问题不予受理", "您报的问题已合并"}


JULY = datetime(2025, 7, 25, 4, 0, tzinfo=UTC)


@pytest.fixture
def crack(phone_of, cast, clock) -> Case:
    """A levee defect of the key window, given to the housing office."""
    clock.now = JULY
    case = Case(phone_of, cast.wang, kind="flood.levee_defect", severity="major")
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", unit="HOUSING")
    return case


def needed_by(case: Case, person) -> str | None:
    return case.seen_by(person).json["interim_needed_by"]


def missing(phone, how: str = "missing") -> list[str]:
    return [each["id"] for each in phone.get("/api/v1/hazards", query_string={"interim": how}).json["items"]]


def test_a_flood_hazard_that_needs_more_time_in_the_window_must_be_made_safe_within_a_day(crack, phone_of, cast, clock):
    assert needed_by(crack, cast.feng) is None
    crack.act(cast.yang, "ask_extension", until="2025-09-30T00:00:00+08:00", note="汛后施工")
    assert needed_by(crack, cast.feng) == "2025-07-26T12:00:00+08:00"
    assert missing(phone_of(cast.feng)) == [str(crack.id)]
    crack.act(cast.yang, "add_interim", note="堤脚压沙袋", watcher=str(cast.wang), every_h=12)
    assert needed_by(crack, cast.feng) is None
    assert missing(phone_of(cast.feng)) == missing(phone_of(cast.feng), "late") == []
    clock.now += timedelta(hours=13)
    assert missing(phone_of(cast.feng), "late") == [str(crack.id)]
    assert crack.seen_by(cast.feng).json["interim"][0]["is_late"] is True


def test_so_must_one_whose_time_is_over_and_those_concerned_hear_of_it(crack, phone_of, cast, clock, house, session):
    due = datetime.fromisoformat(crack.seen_by(cast.feng).json["deadlines"]["due_at"])
    deadlines.run(house, now=due + timedelta(minutes=1))
    session.flush()
    reminders.run(house, now=due + timedelta(minutes=2))
    assert needed_by(crack, cast.feng) == (due + timedelta(days=1)).isoformat()
    clock.now = due + timedelta(days=1, minutes=1)
    reminders.run(house, now=clock.now)
    titles = {name: titles_of(phone_of(getattr(cast, name))) for name in ("yang", "feng", "li")}
    assert titles["yang"][:2] == titles["feng"][:2] == ["度汛措施未落实", "需要度汛措施"]
    assert "度汛措施未落实" in titles["li"]
    assert "需要度汛措施" not in titles["li"]


def titles_of(phone) -> list[str]:
    return [each["title"] for each in phone.get("/api/v1/notices").json["items"]]


def test_outside_the_window_and_for_rubbish_nobody_asks_for_a_measure(phone_of, cast, clock):
    for kind, when in (("flood.levee_defect", NOON), ("four_illegal.dump", JULY)):
        clock.now = when
        case = Case(phone_of, cast.wang, kind=kind, severity="major")
        case.act(cast.feng, "accept")
        case.act(cast.feng, "assign", unit="HOUSING")
        case.act(cast.yang, "ask_extension", until="2025-10-30T00:00:00+08:00", note="雨")
        assert needed_by(case, cast.feng) is None


def test_help_is_asked_of_the_level_above_and_answered_by_it_alone(barge, phone_of, cast):
    assert barge.seen_by(cast.li).json["coordination"] is None
    asked = barge.act(cast.li, "ask_coordination", note="需要县里协调执法力量").json["coordination"]
    assert (asked["level"], asked["by"], asked["note"]) == ("county", str(cast.li), "需要县里协调执法力量")
    assert (asked["asked_at"], asked["answered_at"], asked["answer"]) == (NOON_SAID, None, None)
    assert "请求协调" in titles_of(phone_of(cast.zhao))
    again = barge.act(cast.feng, "ask_coordination", note="再催")
    assert (again.status_code, again.json["type"].rsplit("/", 1)[-1]) == (409, "conflict")
    assert barge.act(cast.li, "answer_coordination", note="自己答").status_code == 403
    answered = barge.act(cast.zhao, "answer_coordination", note="已安排联合执法")
    told = answered.json["coordination"]
    assert (told["answered_at"], told["answered_by"], told["answer"]) == (NOON_SAID, str(cast.zhao), "已安排联合执法")
    listed = phone_of(cast.li).get("/api/v1/hazards").json["items"][-1]["coordination"]
    assert (listed["answered_at"], "answer" in listed) == (NOON_SAID, False)
    assert titles_of(phone_of(cast.li))[0] == "协调已答复"
    assert barge.act(cast.zhao, "answer_coordination", note="再答").status_code == 409
    of_county = barge.act(cast.feng, "ask_coordination", note="需要市里协调")
    again = of_county.json["coordination"]
    assert (again["level"], again["times"], again["answer"]) == ("city", 2, None)
    assert barge.act(cast.zhao, "answer_coordination", note="县里答").status_code == 403
    assert barge.act(cast.qian, "answer_coordination", note="市里答").status_code == 200


def tasks(phone) -> list[tuple[str, str]]:
    found = phone.get("/api/v1/me").json["tasks"]
    return [(each["what"], each["id"]) for each in found if each["type"] == "hazard"]


def test_what_waits_for_each_of_them_stands_among_their_tasks(barge, phone_of, cast, clock):
    others = [id for _, id in tasks(phone_of(cast.feng)) if id != str(barge.id)]
    assert set(tasks(phone_of(cast.feng))) == {("assign", str(barge.id)), *(("accept", id) for id in others)}
    barge.act(cast.feng, "assign", unit="HOUSING")
    assert tasks(phone_of(cast.yang)) == [("mend", str(barge.id))]
    assert tasks(phone_of(cast.wu)) == tasks(phone_of(cast.wang)) == []
    barge.act(cast.yang, "ask_extension", until="2025-12-01T00:00:00+08:00", note="雨")
    assert ("extension", str(barge.id)) in tasks(phone_of(cast.feng))
    barge.act(cast.li, "ask_coordination", note="请协调")
    assert tasks(phone_of(cast.zhao)) == [("help", str(barge.id))]
    assert tasks(phone_of(cast.qian)) == []
    barge.act(cast.yang, "add_interim", note="拉警戒线", watcher=str(cast.he), every_h=4)
    assert tasks(phone_of(cast.he)) == []
    clock.now += timedelta(hours=5)
    assert tasks(phone_of(cast.he)) == [("check", str(barge.id))]
    barge.act(cast.yang, "report_done", photos=[picture(OTHER)], note="已清退")
    assert ("verify", str(barge.id)) in tasks(phone_of(cast.feng))
    assert tasks(phone_of(cast.yang)) == []


def test_the_soonest_due_comes_first_and_what_is_late_says_so(phone_of, cast, clock):
    slow, quick = Case(phone_of, cast.wang), Case(phone_of, cast.wang, severity="critical", kind="flood.piping")
    clock.now += timedelta(hours=1)
    first, second = phone_of(cast.feng).get("/api/v1/me").json["tasks"]
    assert (first["id"], first["is_late"], second["id"], second["is_late"]) == (
        str(quick.id),
        True,
        str(slow.id),
        False,
    )
    assert phone_of(cast.feng).get(first["path"]).status_code == 200


def test_a_clerk_with_sixty_sees_the_fifty_that_are_due_first_and_all_of_them_in_the_list(phone_of, cast):
    late = [str(Case(phone_of, cast.wang, severity="critical").id) for _ in range(2)]
    for _ in range(58):
        Case(phone_of, cast.wang)
    feng = phone_of(cast.feng)
    me = feng.get("/api/v1/me").json
    assert (len(me["tasks"]), {each["id"] for each in me["tasks"][:2]}) == (50, set(late))
    assert me["tasks_path"] == "/api/v1/hazards?waiting=true"
    first = feng.get(me["tasks_path"]).json
    rest = feng.get(first["next"]).json
    assert (len({each["id"] for each in first["items"] + rest["items"]}), rest["next"]) == (60, None)
    assert phone_of(cast.li).get(me["tasks_path"]).json["items"] == []
    assert phone_of(cast.sun).get("/api/v1/hazards?waiting=false&limit=500").json["items"] != []
