"""Reaches at a desk: the list with its filters, one reach, what was walked of it, and what stands beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from backend.models.hazards import Hazard
from backend.models.people import Person
from backend.models.risk import SegmentRisk
from backend.models.segments import Assignment, Segment
from tests.api.hazard_cases import Case
from tests.cast import LINE, NOON
from tests.counting import PAYLOAD
from tests.makers import new_id, patrol_body

ONE = "/console/segments/TUHAI-371502-001"


@pytest.fixture
def walk(phone_of, cast):
    """A walk of Wang's on the first village reach."""
    patrol_id = new_id()
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{patrol_id}", json=patrol_body(LINE)).status_code == 201
    return patrol_id


def weighed(session, cast, code: str, level: str) -> None:
    factors = [{"name": "weak_points", "points": 5, "values": {"count": 2}}]
    risk = {"level": level, "score": 60, "factors": factors, "at": NOON, "rule_version": 1}
    session.add(SegmentRisk(segment_id=cast.segments[code].id, **risk))
    session.flush()


def shown(page) -> set[str]:
    assert page.status_code == 200
    return {each.split('"')[0] for each in page.text.split('class="name" href="/console/segments/')[1:]}


def test_a_reach_that_was_never_walked_is_not_called_late_for_it(desk_of, cast):
    desk = desk_of(cast.feng)
    for path in ("/console/segments", ONE):
        page = desk.get(path).text
        assert '<span class="muted">从没有</span>' in page, path
        assert '<span class="late">从没有</span>' not in page, path


def test_the_list_shows_the_lowest_reaches_with_who_answers_for_them(desk_of, cast):
    page = desk_of(cast.feng).get("/console/segments")
    assert shown(page) == {"TUHAI-371502-001", "TUHAI-371502-002", "TUHAI-371502-003"}
    for word in ("王村长", "徒骇河", "兴华村", "没有河长", "从没有"):
        assert word in page.text


def test_the_list_is_narrowed_by_all_that_the_address_says(desk_of, cast, session, walk):
    weighed(session, cast, "TUHAI-371502-002", "high")
    desk = desk_of(cast.feng)
    for query, codes in {
        "region=371502001": {"TUHAI-371502-001", "TUHAI-371502-002"},
        "level=town": {"TUHAI-371502001", "TUHAI-371502002"},
        "risk=high": {"TUHAI-371502-002"},
        "orphan=true": {"TUHAI-371502-003"},
        "q=站前": {"TUHAI-371502-002"},
        "q=tuhai-371502-003": {"TUHAI-371502-003"},
        "river=TUHAI&region=371502002": {"TUHAI-371502-003"},
        "idle=7": {"TUHAI-371502-002", "TUHAI-371502-003"},
    }.items():
        assert shown(desk.get(f"/console/segments?{query}")) == codes, query
    assert "没有这样的河段" in desk.get("/console/segments?river=HUANG").text


def test_a_reach_that_was_walked_long_ago_is_idle_again(desk_of, cast, walk, clock):
    clock.now += timedelta(days=8)
    assert "TUHAI-371502-001" in shown(desk_of(cast.feng).get("/console/segments?idle=7"))


def test_one_reach_says_who_answers_for_it_and_what_makes_its_risk(desk_of, cast, session):
    weighed(session, cast, "TUHAI-371502-001", "extreme")
    page = desk_of(cast.feng).get(ONE)
    for word in ("徒骇河兴华村段", "王村长", "何巡河", "极高风险", "险工险段", "/console/map?segment=TUHAI-371502-001"):
        assert word in page.text


def test_what_was_walked_is_told_in_metres_from_the_upper_end(desk_of, cast, walk):
    desk = desk_of(cast.feng)
    page = desk.get(f"{ONE}/walked?days=30")
    assert "<html" in page.text  # a page of its own without scripts
    assert 'class="done"' in page.text
    part = desk.get(f"{ONE}/walked", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "没人巡到的地方" in part.text
    assert desk.get(f"{ONE}/walked?days=nonsense").status_code == 200


def test_its_walks_and_its_open_hazards_stand_beside_it(desk_of, cast, walk, phone_of):
    case = Case(phone_of, cast.wang)
    desk = desk_of(cast.feng)
    text = desk.get(f"{ONE}/beside").text
    assert f"/console/patrols/{walk}" in text
    assert f"/console/hazards/{case.id}" in text
    assert case.act(cast.feng, "reject", note="重复").status_code in (200, 201)
    assert f"/console/hazards/{case.id}" not in desk.get(f"{ONE}/beside").text


def test_a_hazard_that_stands_open_is_not_hidden_by_newer_ones_that_are_over(desk_of, cast, phone_of, session):
    case, desk = Case(phone_of, cast.wang), desk_of(cast.feng)
    row = session.scalars(select(Hazard).where(Hazard.id == case.id)).one()
    alike = {column.name: getattr(row, column.name) for column in Hazard.__table__.columns if column.name != "seq"}
    session.execute(insert(Hazard), [alike | {"id": new_id(), "state": "closed"} for _ in range(60)])
    for page in (f"{ONE}/beside", f"{ONE}/panel", "/console/map/segment?id=TUHAI-371502-001"):
        assert f"/console/hazards/{case.id}" in desk.get(page).text, page


def test_a_reach_of_another_county_is_not_there(desk_of, cast, walk):
    desk = desk_of(cast.wu)
    for path in (ONE, f"{ONE}/walked"):
        assert desk.get(path).status_code == 404, path
    beside, nowhere = desk.get(f"{ONE}/beside").text, desk.get("/console/segments/NOWHERE/beside").text
    assert beside.replace("TUHAI-371502-001", "NOWHERE") == nowhere
    assert shown(desk.get("/console/segments")) == {"CHIPING-371503"}
    assert desk_of(cast.shen).get("/console/segments").status_code == 403


def test_a_region_without_reaches_says_so(desk_of, cast, session):
    session.execute(delete(Assignment))
    session.execute(update(Segment).values(until_day=NOON.date()))
    assert "没有这样的河段" in desk_of(cast.feng).get("/console/segments").text


def test_what_people_have_typed_is_shown_as_they_typed_it(desk_of, cast, session):
    reach = cast.segments["TUHAI-371502-001"]
    session.execute(update(Segment).where(Segment.id == reach.id).values(name=PAYLOAD))
    session.execute(update(Person).where(Person.id == cast.wang).values(name="王" * 37 + "<b>"))
    desk = desk_of(cast.feng)
    for path in (
        "/console/segments",
        ONE,
        "/console/segments?q=%22%3E%3Cscript%3Ealert(1)&river=%22%3E%3Cscript%3Ealert(1)",
    ):
        text = desk.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "王&lt;b&gt;" in desk.get(ONE).text


def test_the_pages_speak_english_too(desk_of, cast, walk):
    desk = desk_of(cast.feng)
    desk.submit("/console/language", language="en")
    assert "Who answers for it" in desk.get("/console/segments").text
    assert "What nobody walked" in desk.get(f"{ONE}/walked").text


def test_no_page_of_reaches_asks_the_database_more_than_twelve_times(desk_of, cast, walk, phone_of, questions):
    Case(phone_of, cast.wang)
    desk = desk_of(cast.feng)
    for path in ("/console/segments?orphan=true&idle=7", ONE, f"{ONE}/walked", f"{ONE}/beside"):
        questions.clear()
        assert desk.get(path).status_code == 200
        assert len(questions) <= 12, (path, len(questions))
