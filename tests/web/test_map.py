"""One map at a desk: the page, the tiles behind it, what a click opens, and what a search finds."""

from __future__ import annotations

from dataclasses import replace

import mapbox_vector_tile
import pytest
from sqlalchemy import update

from backend.context import furnish, house
from backend.models.people import Person
from backend.models.segments import Segment
from tests.api.hazard_cases import Case

TILE = "/console/tiles/14/13470/6409.mvt"
PAYLOAD = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_the_map_says_what_its_colours_mean_and_begins_around_what_one_answers_for(desk_of, cast):
    page = desk_of(cast.feng).get("/console/map")
    assert page.status_code == 200
    for word in ("一张图", "极高风险", "从没有算数的巡河", "险情", "超警戒", "古楼街道"):
        assert word in page.text
    west, south, east, north = (float(edge) for edge in page.text.split('data-bounds="')[1].split('"')[0].split(","))
    assert (west, south) == pytest.approx((115.97, 36.43), abs=0.001)
    assert (east, north) == pytest.approx((116.012, 36.44), abs=0.001)


def test_the_map_speaks_english_too(desk_of, cast):
    desk = desk_of(cast.feng)
    desk.submit("/console/language", language="en")
    page = desk.get("/console/map")
    assert "Extreme risk" in page.text
    assert "Over warning level" in page.text


def test_the_session_opens_the_tiles_and_nobody_else_gets_them(desk_of, cast):
    answer = desk_of(cast.feng).get(TILE)
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    assert mapbox_vector_tile.decode(answer.data)["segments"]["features"]
    assert desk_of(None).get(TILE).status_code == 302


def test_a_tile_seen_before_comes_as_nothing(desk_of, cast):
    desk = desk_of(cast.feng)
    first = desk.get(TILE)
    again = desk.get(TILE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_map_of_another_county_is_another_map(desk_of, cast):
    assert desk_of(cast.wu).get(TILE).data == b""


def test_police_have_no_map_of_the_rivers(desk_of, cast):
    assert desk_of(cast.shen).get("/console/map").status_code == 403


def test_a_click_on_a_reach_opens_who_answers_for_it_and_what_is_open_there(desk_of, cast, phone_of):
    Case(phone_of, cast.wang)
    told = desk_of(cast.feng).get("/console/map/segment?code=TUHAI-371502-001")
    for word in ("徒骇河兴华村段", "王村长", "何巡河", "乱堆", "/console/segments/TUHAI-371502-001"):
        assert word in told.text
    assert "<html" not in told.text


def test_a_reach_or_a_hazard_of_another_county_is_not_there(desk_of, cast, phone_of):
    case, wu = Case(phone_of, cast.wang), desk_of(cast.wu)
    assert wu.get("/console/map/segment?code=TUHAI-371502-001").status_code == 404
    assert wu.get(f"/console/map/hazard?id={case.id}").status_code == 404
    assert wu.get("/console/map/hazard?id=nonsense").status_code == 404
    assert wu.get("/console/map/gauge?code=none").status_code == 404


def test_a_click_on_a_hazard_opens_where_it_stands(desk_of, cast, phone_of):
    case = Case(phone_of, cast.wang)
    told = desk_of(cast.feng).get(f"/console/map/hazard?id={case.id}")
    assert "桥下有一堆建筑垃圾" in told.text
    assert f"/console/hazards/{case.id}" in told.text


def test_a_search_finds_by_a_part_of_the_name_or_the_code(desk_of, cast):
    desk = desk_of(cast.feng)
    assert "TUHAI-371502-001" in desk.get("/console/map/search?q=兴华").text
    assert "徒骇河站前村段" in desk.get("/console/map/search?q=tuhai-371502-002").text
    assert "没有找到" in desk.get("/console/map/search?q=黄河").text
    assert "没有找到" in desk_of(cast.wu).get("/console/map/search?q=兴华").text


def test_what_people_have_typed_is_shown_as_they_typed_it(desk_of, cast, phone_of, session):
    reach = cast.segments["TUHAI-371502-001"]
    session.execute(update(Segment).where(Segment.id == reach.id).values(name=PAYLOAD))
    session.execute(update(Person).where(Person.id == cast.wang).values(name="王" * 39 + "<"))
    case, desk = Case(phone_of, cast.wang, description=PAYLOAD), desk_of(cast.feng)
    for path in (
        "/console/map/segment?code=TUHAI-371502-001",
        f"/console/map/hazard?id={case.id}",
        "/console/map/search?q=%3Cscript%3Ealert(1)",
    ):
        text = desk.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;alert(1)" in text
    assert "<script>" not in desk.get("/console/map?by=%22%3E%3Cscript%3E&region=%3Cscript%3E").text


@pytest.mark.parametrize(
    "path", ["/console/map", "/console/map/segment?code=TUHAI-371502-001", TILE, "/console/map/search?q=徒骇"]
)
def test_no_part_of_the_map_asks_the_database_more_than_twelve_times(desk_of, cast, questions, path):
    desk = desk_of(cast.feng)
    questions.clear()
    assert desk.get(path).status_code == 200
    assert len(questions) <= 12, "\n".join(questions)


def test_without_a_setting_nothing_foreign_is_loaded(desk_of, cast):
    assert "https:" not in desk_of(cast.feng).get("/console/map").headers["Content-Security-Policy"]


def test_pictures_of_the_setting_may_be_loaded_by_the_map_and_by_no_other_page(desk_of, cast, app):
    with app.app_context():
        here = house()
    address = "https://t{0-7}.tianditu.gov.cn/vec_w/wmts?x={x}&y={y}&z={z}&tk=KEY"
    furnish(app, replace(here, settings=replace(here.settings, basemap=(address,))))
    desk = desk_of(cast.feng)
    page = desk.get("/console/map")
    assert "img-src 'self' https://*.tianditu.gov.cn blob:" in page.headers["Content-Security-Policy"]
    assert "tk=KEY" in page.text
    assert "tianditu" not in desk.get("/console/").headers["Content-Security-Policy"]
