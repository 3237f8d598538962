"""Warnings over HTTP: written, signed by a second person and let out, each by whoever may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.domain.terms import Post
from backend.models.callouts import Callout
from backend.models.changes import Record
from backend.models.flood_warnings import FloodWarning
from tests.api.warning_cases import NIGHT, WARNINGS, act, body, night, revise, shown, texts
from tests.carriers import office, push, sms, tell, voice
from tests.cast import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE, add_appointment
from tests.makers import new_id

__all__ = ["night", "office", "push", "sms", "tell", "voice"]
MINUTE = timedelta(minutes=1)
NO_SUCH = "0197d0c1-0000-7000-8000-00000000dead"


def test_a_red_warning_waits_for_a_second_name_and_goes_out_by_it(night, cast, session):
    made = night.warn()
    assert (made.status_code, made.json["state"]) == (201, "draft")
    assert made.json["number"] == "YJ2025-0001"
    assert made.json["sign_by"] == "2025-07-28T02:02:00+08:00"
    assert made.json["board"] is None
    assert texts(session, cast.qian, "warning_sign")
    assert not texts(session, cast.deng, "warning_sign"), "whoever wrote it cannot sign it"
    night.clock.now += timedelta(seconds=40)
    signed = act(night, made.json["id"], "sign", cast.qian)
    assert (signed.status_code, signed.json["state"], signed.json["issued_how"]) == (200, "issued", "signed")
    assert (signed.json["made_by"], signed.json["signed_by"]) == ("邓值班", "钱市长")
    assert signed.json["board"]["total"]["people"] == 3
    assert act(night, made.json["id"], "sign", cast.qian).status_code == 409


def test_signed_before_its_issue_is_asked_for_it_waits_for_that(night, cast):
    made = night.warn(issue=False).json
    assert (made["sign_by"], made["allowed"]) == (None, ["sign", "issue", "drop"])
    assert act(night, made["id"], "sign", cast.qian).json["state"] == "signed"
    night.at(30)
    assert shown(night, made["id"])["state"] == "signed"
    assert act(night, made["id"], "issue").json["issued_how"] == "signed"


def test_whoever_wrote_it_cannot_sign_it_and_asking_twice_does_not_begin_the_wait_anew(night, cast):
    made = night.warn().json
    refused = act(night, made["id"], "sign")
    assert (refused.status_code, refused.json["detail"]) == (409, "自己写的预警要由另一个人会签。")
    night.clock.now += MINUTE
    asked = act(night, made["id"], "issue")
    assert (asked.status_code, asked.json["sign_by"]) == (200, made["sign_by"])


def test_a_yellow_one_needs_one_name_only_and_a_duty_officer_may_let_it_out(night):
    made = night.warn(level="yellow").json
    assert (made["state"], made["issued_how"], made["signed_by"]) == ("issued", "alone", None)


def test_what_nobody_signs_goes_out_by_itself_and_not_a_second_before(night):
    made = night.warn().json
    night.began = night.clock.now
    night.at(1.99)
    assert shown(night, made["id"])["state"] == "draft"
    night.at(2)
    told = shown(night, made["id"])
    assert (told["state"], told["issued_how"]) == ("issued", "unanswered")
    assert told["issued_at"] == "2025-07-28T02:02:00+08:00"
    assert told["board"]["total"]["called"] == 3


def test_what_was_over_before_anybody_let_it_out_is_an_alarm_and_calls_nobody(night, cast, session):
    made = night.warn(expires_at=(NIGHT + MINUTE).isoformat()).json
    night.clock.now = NIGHT + 3 * MINUTE
    night.tick()
    assert shown(night, made["id"])["state"] == "expired"
    alarms = night.phone_of(cast.sun).get("/api/v1/alarms").json["items"]
    assert [each["kind"] for each in alarms] == ["late_warning"]
    assert session.scalar(select(func.count()).select_from(Callout)) == 0


def test_nobody_signs_or_lets_out_what_is_over_already(night, cast, session):
    late = night.warn(expires_at=(NIGHT + MINUTE).isoformat()).json["id"]
    kept = night.warn(issue=False, expires_at=(NIGHT + MINUTE).isoformat()).json["id"]
    night.clock.now = NIGHT + 1.5 * MINUTE
    for warning, what, by in ((late, "sign", cast.qian), (late, "issue", None), (kept, "issue", None)):
        refused = act(night, warning, what, by)
        assert (refused.status_code, refused.json["detail"]) == (409, "这条预警已过有效时间，请重新起草。"), what
    assert session.scalar(select(func.count()).select_from(Callout)) == 0


# Who may


@pytest.mark.parametrize(
    ("who", "region", "status"),
    [
        ("deng", CITY, 201),
        ("deng", OTHER_COUNTY, 201),
        ("sun", COUNTY, 403),
        ("qian", CITY, 403),
        ("zhao", COUNTY, 403),
        ("wu", TOWN, 403),
        ("li", TOWN, 403),
        ("wang", VILLAGE, 403),
        ("he", VILLAGE, 403),
        ("yang", COUNTY, 403),
        ("shen", COUNTY, 403),
        ("jin", CITY, 403),
    ],
)
def test_who_may_write_a_warning_for_where(night, cast, who, region, status):
    answer = night.warn(cast.people[who], regions=[region], issue=False)
    assert answer.status_code == status, answer.json
    if status == 404:
        assert [error["pointer"] for error in answer.json["errors"]] == ["/regions/0"]


def test_a_duty_officer_of_a_county_warns_that_county_and_no_other_place(night, cast, session):
    add_appointment(session, cast.yang, Post.DUTY_OFFICER, COUNTY)
    add_appointment(session, cast.he, Post.OFFICE_CLERK, TOWN)
    assert night.warn(cast.yang, regions=[VILLAGE], issue=False).status_code == 201
    assert night.warn(cast.he, regions=[TOWN], issue=False).status_code == 403, "a clerk of a town"
    for place in (CITY, OTHER_COUNTY):
        refused = night.warn(cast.yang, regions=[TOWN, place], focus=[place])
        assert refused.status_code == 404
        assert [error["pointer"] for error in refused.json["errors"]] == ["/regions/1", "/focus/0"]


def test_another_county_sees_signs_and_changes_nothing_of_it(night, cast, session):
    warning = night.red()
    add_appointment(session, cast.wu, Post.DUTY_OFFICER, OTHER_COUNTY)
    wu = night.phone_of(cast.wu)
    assert wu.get(f"{WARNINGS}/{warning}").status_code == 404
    assert wu.get(f"{WARNINGS}/{warning}/people").status_code == 404
    assert wu.get(f"{WARNINGS}/{warning}/doors").status_code == 404
    assert wu.get(WARNINGS).json["items"] == []
    for what, said in (("sign", None), ("issue", None), ("all-clear", {"text": "退了"}), ("drop", {"text": "x"})):
        assert wu.post(f"{WARNINGS}/{warning}/{what}", json=said).status_code == 404, what
    assert revise(night, warning, by=cast.wu, headline="别的").status_code == 404


def test_below_the_county_one_sees_one_s_part_and_changes_nothing(night, cast):
    warning = night.red()
    assert shown(night, warning, cast.li)["headline"] == "徒骇河超警戒"
    for who in ("wang", "he", "jin", "yang", "shen"):
        assert night.phone_of(cast.people[who]).get(f"{WARNINGS}/{warning}").status_code == 403, who
    for who in ("li", "wang", "he", "chen", "qian"):
        assert act(night, warning, "all-clear", cast.people[who], text="退了").status_code == 403
        assert revise(night, warning, by=cast.people[who], level="blue").status_code == 403
    assert shown(night, warning)["state"] == "issued"


def test_one_county_cannot_change_what_the_city_said_for_several(night, cast, session):
    add_appointment(session, cast.sun, Post.DUTY_OFFICER, COUNTY)
    warning = night.red(regions=[CITY])
    assert shown(night, warning, cast.sun)["number"] == "YJ2025-0001"
    for what, said in (("all-clear", {"text": "退了"}), ("sign", None), ("issue", None), ("drop", {"text": "x"})):
        refused = night.phone_of(cast.sun).post(f"{WARNINGS}/{warning}/{what}", json=said)
        assert refused.status_code == 403, what
        assert "辖区以外" in refused.json["detail"], "why, and who can: not a sentence about rules"
    assert revise(night, warning, by=cast.sun, level="blue").status_code == 403


# Sent again


def test_the_same_one_sent_again_is_the_same_and_another_body_is_refused(night, cast, session):
    said = body()
    deng = night.phone_of(cast.deng)
    assert deng.post(WARNINGS, json=said).status_code == 201
    again = deng.post(WARNINGS, json=said)
    assert (again.status_code, again.json["number"]) == (200, "YJ2025-0001")
    assert deng.post(WARNINGS, json=said | {"level": "orange"}).status_code == 409
    add_appointment(session, cast.sun, Post.DUTY_OFFICER, COUNTY)
    assert night.phone_of(cast.sun).post(WARNINGS, json=said).status_code == 409, "an id of somebody else"
    act(night, said["id"], "sign", cast.qian)
    assert deng.post(WARNINGS, json=said).json["state"] == "issued"
    assert session.scalar(select(func.count()).select_from(FloodWarning)) == 1


def test_the_same_change_sent_again_is_the_same(night, cast, session):
    add_appointment(session, cast.sun, Post.DUTY_OFFICER, COUNTY)
    warning = night.red()
    change: dict[str, Any] = {"id": str(new_id()), "level": "orange", "reason": "雨小了"}
    first = revise(night, warning, **change)
    again = revise(night, warning, **change)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["revision"] == again.json["revision"] == 2
    assert revise(night, warning, **(change | {"level": "blue"})).status_code == 409
    assert revise(night, warning, by=cast.sun, **change).status_code == 409


def test_everything_that_was_done_is_on_record(night, cast, session):
    warning = night.red()
    act(night, warning, "all-clear", text="退了")
    acts = session.scalars(select(Record.act).where(Record.thing_id == warning).order_by(Record.seq)).all()
    assert acts == ["make", "ask_issue", "sign", "issue", "all_clear"]


def test_numbers_go_on_behind_the_ten_thousandth(night, cast, session):
    first = night.warn(issue=False).json["id"]
    session.get_one(FloodWarning, session.scalar(select(FloodWarning.seq))).number = "YJ2025-9999"
    session.flush()
    assert first
    assert [night.warn(issue=False).json["number"] for _ in range(2)] == ["YJ2025-10000", "YJ2025-10001"]


def test_the_list_goes_on_page_by_page_newest_first_and_by_state(night, cast):
    made = [night.warn(level="blue", issue=number % 2 == 0).json["number"] for number in range(5)]
    path, seen = f"{WARNINGS}?limit=2", []
    while path:
        page = night.phone_of(cast.deng).get(path).json
        seen += [each["number"] for each in page["items"]]
        path = page["next"]
    assert seen == made[::-1]
    drafts = night.phone_of(cast.li).get(WARNINGS, query_string={"state": "draft"}).json["items"]
    assert [each["number"] for each in drafts] == [made[3], made[1]]
    assert night.phone_of(cast.deng).get(WARNINGS, query_string={"state": "lost"}).status_code == 422
    assert night.phone_of(cast.deng).get(WARNINGS, query_string={"cursor": "x"}).status_code == 422
