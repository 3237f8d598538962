"""One map at a desk: the page, the tiles behind it, what a click opens, and what a search finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import mapbox_vector_tile
import orjson
import pytest
from sqlalchemy import update

from backend.context import furnish, house
from backend.models.people import Person
from backend.models.risk import RiskChange, SegmentRisk
from backend.models.segments import Segment
from tests.api.drill_cases import drill_list
from tests.api.hazard_cases import Case
from tests.cast import LINE, NOON
from tests.counting import PAYLOAD
from tests.makers import new_id, patrol_body

TILE = "/console/tiles/14/13470/6409.mvt"
WALKS = "/console/tiles/walks/14/13470/6409.mvt"


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
    told = desk_of(cast.feng).get("/console/map/segment?id=TUHAI-371502-001")
    for word in ("徒骇河兴华村段", "王村长", "何巡河", "乱堆", "/console/segments/TUHAI-371502-001"):
        assert word in told.text
    assert "<html" not in told.text


def test_a_reach_or_a_hazard_of_another_county_is_not_there(desk_of, cast, phone_of):
    case, wu = Case(phone_of, cast.wang), desk_of(cast.wu)
    assert wu.get("/console/map/segment?id=TUHAI-371502-001").status_code == 404
    assert wu.get(f"/console/map/hazard?id={case.id}").status_code == 404
    assert wu.get("/console/map/hazard?id=nonsense").status_code == 404
    assert wu.get("/console/map/gauge?id=none").status_code == 404


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
        "/console/map/segment?id=TUHAI-371502-001",
        f"/console/map/hazard?id={case.id}",
        "/console/map/search?q=%3Cscript%3Ealert(1)",
    ):
        text = desk.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;alert(1)" in text
    assert "<script>" not in desk.get("/console/map?by=%22%3E%3Cscript%3E&region=%3Cscript%3E").text


@pytest.mark.parametrize(
    "path",
    [
        "/console/map",
        "/console/map?river=TUHAI&region=371502001&time=2025-07-01T09:00",
        "/console/map/list?river=TUHAI",
        "/console/map/warnings",
        "/console/map/segment?id=TUHAI-371502-001",
        TILE,
        f"{TILE}?time=2025-07-01T09:00",
        WALKS,
        "/console/map/search?q=徒骇",
    ],
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


def test_the_past_stands_in_the_address_and_in_the_tiles(desk_of, cast, clock):
    desk = desk_of(cast.feng)
    page = desk.get("/console/map?time=2025-07-01T09:00&region=371502001&by=days").text
    assert 'data-time="2025-07-01T09:00"' in page
    assert 'value="2025-07-01T09:00"' in page  # for whoever has no scripts
    assert 'data-first="2025-06-25T12:00"' in page
    now, then = desk.get(TILE), desk.get(f"{TILE}?time=2025-07-01T09:00")
    assert now.headers["ETag"] != then.headers["ETag"]
    assert mapbox_vector_tile.decode(then.data)["segments"]["features"]


@pytest.mark.parametrize("time", ["2025-06-20T09:00", "2025-07-09T09:00", "yesterday", "<script>alert(1)</script>"])
def test_a_moment_that_cannot_be_looked_at_is_told_and_the_map_is_of_now(desk_of, cast, time):
    page = desk_of(cast.feng).get("/console/map", query_string={"time": time})
    assert page.status_code == 200
    assert "只能看最近 7 天" in page.text
    assert 'data-time=""' in page.text
    assert "<script>alert" not in page.text


def test_a_tile_of_no_moment_is_refused(desk_of, cast):
    assert desk_of(cast.feng).get(f"{TILE}?time=yesterday").status_code == 422


def test_a_map_of_one_river_says_so_and_of_a_river_elsewhere_that_it_is_empty(desk_of, cast):
    desk = desk_of(cast.feng)
    assert "徒骇河<a" in desk.get("/console/map?river=TUHAI").text
    page = desk.get("/console/map?river=CHIPING")
    assert page.status_code == 200
    assert "没有这条河" in page.text
    assert "segments" not in mapbox_vector_tile.decode(desk.get(f"{TILE}?river=CHIPING").data or b"")


def test_a_search_finds_rivers_and_the_reaches_of_a_chief(desk_of, cast):
    desk = desk_of(cast.feng)
    found = desk.get("/console/map/search?q=徒骇").text
    assert 'data-river="TUHAI"' in found
    found = desk.get("/console/map/search?q=王村").text
    assert "TUHAI-371502-001" in found
    assert "TUHAI-371502-002" not in found
    assert "没有找到" in desk_of(cast.wu).get("/console/map/search?q=王村").text


def test_who_may_not_look_for_people_finds_no_reach_by_its_chief(desk_of, cast):
    """A village chief sees the name of whoever answers for the own reach, and cannot ask where somebody walks."""
    desk = desk_of(cast.wang)
    assert "王村长" in desk.get("/console/map/segment?id=TUHAI-371502-001").text
    assert "没有找到" in desk.get("/console/map/search?q=王村").text
    assert "TUHAI-371502-001" in desk.get("/console/map/search?q=兴华").text


def test_a_click_on_a_walk_tells_who_walked_and_whether_it_counts(desk_of, cast, phone_of):
    walk = new_id()
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE)).status_code == 201
    told = desk_of(cast.feng).get(f"/console/map/walk?id={walk}")
    assert "王村长" in told.text
    assert "算数" in told.text
    assert f"/console/patrols/{walk}" in told.text
    assert desk_of(cast.wu).get(f"/console/map/walk?id={walk}").status_code == 404
    drawn = mapbox_vector_tile.decode(desk_of(cast.feng).get(WALKS).data)
    assert [each["properties"]["id"] for each in drawn["walked"]["features"]] == [str(walk)]
    assert desk_of(cast.wu).get(WALKS).data == b""


def test_a_warning_in_force_lies_on_the_map_with_its_colour_for_whoever_it_concerns(desk_of, cast, night):
    sent = night.red()
    desk = desk_of(cast.feng)
    (area,) = orjson.loads(desk.get("/console/map/warnings").data)["features"]
    assert area["properties"]["level"] == "red"
    assert area["properties"]["label"] == "红色预警 · 徒骇河超警戒"
    told = desk.get(f"/console/map/warning?id={sent}").text
    assert "立即上堤巡查" in told
    assert f"/console/warnings/{sent}" in told
    assert "演练" not in told
    wu = desk_of(cast.wu)
    assert orjson.loads(wu.get("/console/map/warnings").data)["features"] == []
    assert wu.get(f"/console/map/warning?id={sent}").status_code == 404


def test_the_same_can_be_read_as_a_list(desk_of, cast, session):
    reach = cast.segments["TUHAI-371502-001"]
    kept = {"segment_id": reach.id, "level": "high", "score": 61, "factors": [], "rule_version": 1}
    session.add(SegmentRisk(**kept, at=NOON))
    session.add(
        RiskChange(**kept | {"level": "low"}, at=NOON - timedelta(days=3), region_code=reach.region_code, because="day")
    )
    session.flush()
    desk = desk_of(cast.feng)
    assert "高风险" in desk.get("/console/map/list?river=TUHAI").text
    then = desk.get("/console/map/list?time=2025-07-01T09:00").text
    assert "低风险" in then
    assert "2025-07-01 09:00" in then
    assert "这里还没有评估过" in desk.get("/console/map/list?time=2025-06-26T09:00").text
    assert "这里还没有评估过" in desk_of(cast.wu).get("/console/map/list").text


def test_a_drill_on_the_map_says_that_it_is_one(desk_of, cast, night):
    people = drill_list(night, [cast.wang, cast.chen])
    made = night.warn(drill=True, drill_list=people, level="yellow")
    assert made.status_code == 201, made.json
    desk = desk_of(cast.feng)
    (area,) = orjson.loads(desk.get("/console/map/warnings").data)["features"]
    assert area["properties"]["drill"] is True
    assert area["properties"]["label"].startswith("【演练】")
    assert "演练，不是真的预警" in desk.get(f"/console/map/warning?id={made.json['id']}").text
