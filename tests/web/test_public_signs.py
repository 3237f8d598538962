"""The page behind a board's code: for anybody, as it is today, and hardly any work when it is looked at again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from backend.models.hazards import Hazard
from backend.models.risk import SegmentRisk
from backend.models.segments import Assignment
from backend.services.signs import ShownSigns
from tests.api.hazard_cases import Case
from tests.api.sign_cases import CODE, put_up
from tests.cast import LINE, NOON
from tests.counting import questions
from tests.makers import new_id, patrol_body

TODAY = date(2025, 7, 2)


@pytest.fixture
def board(phone_of, cast, app):
    """A board whose pages are looked up anew each time."""
    object.__setattr__(app.extensions["hezhang"], "signs", ShownSigns(fresh_s=0.0))
    return put_up(phone_of(cast.sun))


def test_anybody_sees_who_answers_for_the_river_and_whom_to_call_and_nobodys_number(phone_of, cast, board):
    page = phone_of(None).get(board["page"])
    assert page.status_code == 200
    for said in ("徒骇河", "徒骇河兴华村段", "王村长", "村级河长", 'href="tel:0635-0371502"', "禁止非法采砂", "水清"):
        assert said in page.text
    for kept in ("123****", str(cast.wang), "何巡河", "李镇长"):
        assert kept not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert page.headers["Cache-Control"] == "no-cache"


def test_it_speaks_english_to_whoever_switches_or_asks_so(phone_of, board):
    page = phone_of(None).get(board["page"]).text
    assert 'href="?language=en"' in page
    for asked in (
        phone_of(None).get(f"{board['page']}?language=en"),
        phone_of(None).get(board["page"], headers={"Accept-Language": "en"}),
    ):
        assert "River chief notice board" in asked.text
        assert 'href="?language=zh-CN"' in asked.text
    assert "河湖长公示牌" in phone_of(None).get(f"{board['page']}?language=fr").text


def test_the_state_of_the_water_is_what_the_house_knows(phone_of, cast, session, board):
    assert "还没有记录" in phone_of(None).get(board["page"]).text
    Case(phone_of, cast.wang)
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).status_code == 201
    weighed = {"level": "high", "score": 60, "factors": [], "at": NOON, "rule_version": 0}
    session.merge(SegmentRisk(segment_id=cast.segments["TUHAI-371502-001"].id, **weighed))
    session.flush()
    page = phone_of(None).get(board["page"]).text
    for said in ("1 件", "2025年7月2日", "高风险"):
        assert said in page
    town = put_up(phone_of(cast.sun), "TOWN-B1", segment="TUHAI-371502001")
    assert "1 件" in phone_of(None).get(town["page"]).text
    session.execute(update(Hazard).values(state="closed"))
    assert "1 件" not in phone_of(None).get(board["page"]).text


def test_a_board_counts_nothing_that_would_warn_whom_the_law_is_after(phone_of, cast, board):
    mine = Case(phone_of, cast.wang, kind="four_illegal.mine")
    mine.act(cast.feng, "accept")
    assert " 件" not in phone_of(None).get(board["page"]).text
    heap = Case(phone_of, cast.wang)
    heap.act(cast.feng, "accept")
    assert "1 件" in phone_of(None).get(board["page"]).text
    heap.act(cast.feng, "transfer", post="police_chief", note="移送")
    assert " 件" not in phone_of(None).get(board["page"]).text


def test_it_names_the_chief_of_today_and_says_when_there_is_none(phone_of, cast, session, board, clock):
    session.execute(update(Assignment).where(Assignment.person_id == cast.wang).values(until_day=date(2025, 7, 3)))
    assert "王村长" in phone_of(None).get(board["page"]).text
    clock.now = NOON + timedelta(days=1)
    page = phone_of(None).get(board["page"]).text
    assert "王村长" not in page
    assert "暂缺" in page


def test_somebody_who_acts_for_a_vacant_post_is_named_as_acting(phone_of, cast, session, board):
    session.execute(update(Assignment).where(Assignment.person_id == cast.wang).values(appointment_id=None))
    assert "代理河长" in phone_of(None).get(board["page"]).text


@pytest.mark.parametrize("token", ["abcdefgh", "x", "公示牌", CODE, "a" * 200])
def test_a_board_that_is_not_there_is_told_in_a_page(phone_of, board, token):
    page = phone_of(None).get(f"/s/{token}")
    assert page.status_code == 404
    assert page.headers["Cache-Control"] == "no-store"
    assert "没有这块公示牌" in page.text


def test_one_that_was_taken_down_has_no_page(phone_of, cast, board):
    sun = phone_of(cast.sun)
    etag = sun.get(f"/api/v1/signs/{CODE}").headers["ETag"]
    body = {"segment": "TUHAI-371502-001", "put_up_on": "2025-05-20", "taken_down_on": "2025-07-02"}
    assert sun.put(f"/api/v1/signs/{CODE}", json=body, headers={"If-Match": etag}).status_code == 200
    assert phone_of(None).get(board["page"]).status_code == 404


def test_a_look_asks_one_question_and_what_is_known_is_not_sent_again(phone_of, cast, session, board, app):
    somebody = phone_of(None)
    with questions() as asked:
        seen = somebody.get(board["page"])
    assert len(asked) == 1
    with questions() as asked:
        again = somebody.get(board["page"], headers={"If-None-Match": seen.headers["ETag"]})
    assert (again.status_code, again.data, len(asked)) == (304, b"", 1)
    session.execute(update(Assignment).where(Assignment.person_id == cast.wang).values(until_day=TODAY))
    assert somebody.get(board["page"], headers={"If-None-Match": seen.headers["ETag"]}).status_code == 200

    object.__setattr__(app.extensions["hezhang"], "signs", ShownSigns(fresh_s=60.0))
    somebody.get(board["page"])
    with questions() as asked:
        assert somebody.get(board["page"]).status_code == 200
    assert asked == []
