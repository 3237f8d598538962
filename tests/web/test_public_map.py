"""The map for everybody: open and fixed cases, nobody's name, and one small question for a crowd that looks."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select, update

from backend.domain.proofs import Head
from backend.models.hazards import Hazard
from backend.models.segments import Segment
from backend.services import public_cases, timeline
from backend.services.signs import ShownSigns
from backend.services.timeline import Happened
from tests.api.hazard_cases import Case
from tests.api.points_cases import act, told
from tests.api.test_surveys import PIECE, redraw
from tests.cast import LINE, NOON
from tests.counting import questions
from tests.makers import new_id
from tests.web.test_public_reports import HERE, Citizen, solve


def test_everybody_sees_what_is_accepted_or_fixed_and_nothing_that_is_not_for_everybody(app, session, cast, phone_of):
    object.__setattr__(app.extensions["hezhang"], "public_map", ShownSigns(fresh_s=0.0))
    somebody = app.test_client()
    assert "没有可以显示" in somebody.get("/map").text
    Citizen(app).tell(description="王某家门口")
    assert somebody.get("/map/cases.json").json["features"] == []
    hazard = session.scalars(select(Hazard)).one()
    etag = phone_of(cast.feng).get(f"/api/v1/hazards/{hazard.id}").headers["ETag"]
    body = {"id": str(cast.feng), "action": "accept"}
    path = f"/api/v1/hazards/{hazard.id}/actions"
    assert phone_of(cast.feng).post(path, json=body, headers={"If-Match": etag}).status_code == 200
    (shown,) = somebody.get("/map/cases.json").json["features"]
    assert (shown["properties"]["is_open"], shown["properties"]["stage"]) == (True, "已受理")
    assert [len(str(each).partition(".")[2]) <= 3 for each in shown["geometry"]["coordinates"]] == [True, True]
    page = somebody.get("/map?river=TUHAI&language=en")
    assert "1 open · 0 solved" in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    for kept in ("王某", "冯", str(cast.feng)):
        assert kept not in page.text + somebody.get("/map").text

    with questions() as asked:
        again = somebody.get("/map?river=TUHAI&language=en", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, len(asked)) == (304, 1)
    Case(phone_of, cast.wang)
    session.execute(update(Hazard).values(state="closed", closed_at=NOON))
    assert "处理中 0 · 已解决 2" in somebody.get("/map").text
    session.execute(update(Hazard).values(handed_to="police_chief"))
    Case(phone_of, cast.wang)
    assert somebody.get("/map/cases.json").json["features"] == []


def test_what_the_public_told_stays_on_the_map_when_it_is_merged_into_what_a_chief_told(app, session, cast, phone_of):
    object.__setattr__(app.extensions["hezhang"], "public_map", ShownSigns(fresh_s=0.0))
    somebody, feng = app.test_client(), phone_of(cast.feng)
    first, second = Case(phone_of, cast.wang), Case(phone_of, cast.wang)
    first.act(cast.feng, "accept")
    second.act(cast.feng, "accept")
    _, _, told_of = told(app, session)
    act(feng, told_of, "accept")
    assert [each["id"] for each in somebody.get("/map/cases.json").json["features"]] == [str(told_of)]
    for merged, into in ((told_of, first.id), (first.id, second.id)):
        act(feng, merged, "merge", into=str(into), note="同一处")
        (shown,) = somebody.get("/map/cases.json").json["features"]
        assert (shown["id"], shown["properties"]["is_open"]) == (str(into), True)
        assert "处理中 1 · 已解决 0" in somebody.get("/map").text


def test_a_case_of_staff_is_on_the_map_as_soon_as_somebody_says_that_they_saw_it_too(app, cast, phone_of):
    object.__setattr__(app.extensions["hezhang"], "public_map", ShownSigns(fresh_s=0.0))
    somebody, neighbour, case = app.test_client(), Citizen(app), Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    assert somebody.get("/map/cases.json").json["features"] == []
    puzzle = re.findall(r'name="puzzle" value="([^"]*)"', neighbour.look().text)[0]
    form = HERE | {"puzzle": puzzle, "answer": solve(puzzle), "case": str(case.id)}
    assert neighbour.post("/report/join", form).status_code == 303
    assert [each["id"] for each in somebody.get("/map/cases.json").json["features"]] == [str(case.id)]


def test_a_reach_that_is_drawn_anew_is_on_the_map_as_it_is_now(app, cast, phone_of, clock, session):
    object.__setattr__(app.extensions["hezhang"], "public_map", ShownSigns(fresh_s=0.0))
    somebody, square = app.test_client(), "/map/reaches/841/400.json"
    before = somebody.get(square).data
    assert redraw(phone_of(cast.feng), PIECE).status_code == 200
    redrawn = somebody.get(square).data
    assert redrawn != before
    session.execute(update(Segment).values(name="改名段"))  # by import, of which no number tells
    assert somebody.get(square).data == redrawn
    clock.now += timedelta(minutes=5)
    assert "改名段" in somebody.get(square).text


def test_an_act_that_is_committed_late_is_not_overlooked(fresh_database):
    def shown():
        with fresh_database.reading() as look:
            return public_cases.version(look, now=NOON)

    def comment(session):
        timeline.write(session, timeline.prepare([Happened("hazard", new_id(), Head(), "comment")], now=NOON))
        session.flush()

    if fresh_database.dialect == "postgresql":
        with fresh_database.transaction() as late:
            comment(late)
            with fresh_database.transaction() as quick:
                comment(quick)
            before = shown()
    else:  # where one writes at a time
        before = shown()
        with fresh_database.transaction() as alone:
            comment(alone)
    assert shown() != before


def test_a_river_that_is_made_up_costs_no_question_and_is_the_page_of_none(app, cast, phone_of, session):
    Case(phone_of, cast.wang)
    session.execute(update(Hazard).values(state="closed", closed_at=NOON))
    somebody = app.test_client()
    page = somebody.get("/map")
    assert somebody.get("/map?river=x").data == page.data
    with questions() as asked:
        for river in ("y", "TUHAI\n", "zz" * 3_000):
            assert somebody.get("/map", query_string={"river": river}).data == page.data
    assert asked == []
    assert "<h2>徒骇河</h2>" in somebody.get("/map?river=TUHAI").text


def test_whoever_reports_chooses_a_place_beside_rivers_that_are_named_and_nobody_is(app, cast):
    somebody = app.test_client()
    page = somebody.get("/report").text
    if 'id="place-map"' in page:  # where scripts were built
        west, south, east, north = map(float, re.findall(r'data-extent="([^"]*)"', page)[0].split(","))
        assert west <= LINE.bounds[0] < east
        assert south <= LINE.bounds[1] < north
        drawn = re.findall(r'data-extent="([^"]*)" data-cells="10"', somebody.get("/map").text)
        assert drawn == re.findall(r'data-extent="([^"]*)"', page)
    x, y = 841, 400  # of 1024 squares around the world
    found = somebody.get(f"/map/reaches/{x}/{y}.json")
    assert (found.status_code, found.mimetype) == (200, "application/geo+json")
    (reach,) = [each for each in found.json["features"] if each["id"] == "TUHAI-371502-001"]
    assert reach["properties"] == {"name": "徒骇河兴华村段", "river": "徒骇河"}
    assert "王村长" not in found.text
    again = somebody.get(f"/map/reaches/{x}/{y}.json", headers={"If-None-Match": found.headers["ETag"]})
    assert again.status_code == 304
    assert somebody.get("/map/reaches/1/1.json").json["features"] == []
    assert somebody.get("/map/reaches/1024/1.json").status_code == 404
