"""Drawing at a desk, typed or on the map: a new reach, another line, and a reach cut in two."""

from __future__ import annotations

import re
from html import unescape

import orjson
import pytest
from shapely import LineString
from sqlalchemy import select, update

from backend.models.segments import Segment
from backend.web import lines
from geo.chainage import cut, point_at
from tests.api.hazard_cases import Case
from tests.cast import LINE, VILLAGE
from tests.counting import PAYLOAD
from tests.makers import new_id

ONE = "TUHAI-371502-001"
NEW, REDRAW, SPLIT = "/console/segments/new", f"/console/segments/{ONE}/line", f"/console/segments/{ONE}/split"
LATER = "2025-07-07"


def typed(line: LineString) -> str:
    return "\n".join(f"{lon},{lat}" for lon, lat in line.coords)


def fields(**changed: str) -> dict[str, str]:
    said = {"id": str(new_id()), "code": "TUHAI-371502-090", "name": "兴华村支段", "river": "徒骇河", "region": VILLAGE}
    return said | {"width_m": "12.5", "from": LATER, "crs": "WGS84", "line": typed(cut(LINE, 100, 700))} | changed


def hidden(text: str, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', text)
    assert found, name
    return unescape(found[1])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("115.97,36.43\n115.98,36.44", 2),
        ("115.97 36.43; 115.98 36.44;115.99，36.45", 3),
        ("[[115.97, 36.43], [115.98, 36.44]]", 2),
        ("(115.97, 36.43)、(115.98, 36.44)", 2),
    ],
)
def test_points_are_read_however_they_are_written(text, count):
    line = lines.line_of(text)
    assert line is not None
    assert len(line["coordinates"]) == count


@pytest.mark.parametrize(
    "text", ['{"a":' * 400 + "1" + "}" * 400, "{", "{}[]", '{"type":"FeatureCollection","features":[1]}']
)
def test_what_is_nested_without_end_or_nothing_at_all_is_no_line(text):
    assert not (lines.line_of(text) or {}).get("coordinates")


def test_pasted_geojson_is_read_with_what_is_wrapped_around_it():
    line = {"type": "LineString", "coordinates": [[115.97, 36.43], [115.98, 36.44]]}
    feature = {"type": "Feature", "properties": {}, "geometry": line}
    for tree in (line, feature, {"type": "FeatureCollection", "features": [feature]}):
        assert lines.line_of(orjson.dumps(tree).decode()) == line
    for text in (
        "",
        "{",
        "{}x",
        "一条河",
        "115.97",
        "115.97,36.43",
        "1,2,3",
        "1,2,x,4",
        '{"type":"FeatureCollection"}',
    ):
        assert lines.line_of(text) is None, text
    assert lines.place_of("115.97, 36.43") == (115.97, 36.43)
    assert lines.place_of("河边") is None
    assert lines.typed_of(line) == "115.970000,36.430000\n115.980000,36.440000"


def test_a_new_reach_is_typed_and_kept(desk_of, cast, session):
    desk = desk_of(cast.feng)
    page = desk.get(f"{NEW}?region={VILLAGE}")
    assert page.status_code == 200
    assert "徒骇河" in page.text
    done = desk.submit(NEW, **fields())
    assert (done.status_code, done.headers["Location"]) == (
        303,
        "/console/segments/TUHAI-371502-090?kept=console.did.reach",
    )
    row = session.scalars(select(Segment).where(Segment.code == "TUHAI-371502-090")).one()
    assert (row.width_m, round(row.length_m), row.river_code) == (12.5, 600, "TUHAI")


def test_a_region_is_chosen_step_by_step_and_nothing_typed_is_lost(desk_of, cast):
    desk = desk_of(cast.feng)
    desk.get(NEW)
    page = desk.submit(NEW, **fields(region="371502001", narrow="1"))
    assert page.status_code == 200
    for word in ("兴华村支段", "TUHAI-371502-090", "站前村", "115.97"):
        assert word in page.text


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"line": "河"}, "line"),
        ({"line": "36.43,115.97\n36.44,115.98"}, "line"),
        ({"line": '{"type":"Point","coordinates":[1,2]}'}, "line"),
        ({"line": '{"type":"LineString","coordinates":{"x":1}}'}, "line"),
        ({"code": ONE}, "code"),
        ({"code": ""}, "code"),
        ({"river": "尼罗河"}, "river"),
        ({"river": ""}, "river"),
        ({"region": ""}, "region"),
        ({"region": "371503001001"}, "region"),
        ({"width_m": "宽"}, "width_m"),
        ({"width_m": "nan"}, "width_m"),
        ({"from": "x"}, "from"),
        ({"crs": "x"}, "crs"),
    ],
)
def test_a_form_that_fails_keeps_what_was_typed_and_says_why(desk_of, cast, changed, name):
    desk = desk_of(cast.feng)
    desk.get(NEW)
    page = desk.submit(NEW, **fields(**changed))
    assert page.status_code == 422
    assert f'id="e-{name}"' in page.text
    assert 'class="summary"' in page.text
    assert "兴华村支段" in page.text


def test_another_line_is_looked_at_then_kept(desk_of, cast, session, phone_of):
    Case(phone_of, cast.wang)
    desk = desk_of(cast.feng)
    page = desk.get(REDRAW)
    said = {
        "version": hidden(page.text, "version"),
        "line": typed(cut(LINE, 100, 800)),
        "width_m": "33",
        "crs": "WGS84",
    }
    look = desk.submit(REDRAW, **said)
    assert look.status_code == 200
    for word in ("变为 700 米", "1 个，位置不变"):
        assert word in look.text
    bare = desk.submit(REDRAW, sure="1", **said)
    assert (bare.status_code, 'id="e-reason"' in bare.text) == (422, True)
    done = desk.submit(REDRAW, sure="1", reason="划界", **said)
    assert (done.status_code, done.headers["Location"]) == (303, f"/console/segments/{ONE}?kept=console.did.line")
    assert session.scalars(select(Segment.version).where(Segment.code == ONE)).one() == 2
    stale = desk.submit(REDRAW, sure="1", reason="又一次", **said)
    assert (stale.status_code, "又一次" in stale.text) == (412, True)


def test_a_split_is_looked_at_by_metres_or_by_a_place_then_made(desk_of, cast, session, phone_of):
    case = Case(phone_of, cast.wang)
    desk = desk_of(cast.feng)
    assert desk.get(SPLIT).status_code == 200
    here = point_at(LINE, 500.0)
    by_place = desk.get(f"{SPLIT}?place={here.x},{here.y}&from={LATER}").text
    assert "在 500 米处拆成两段" in by_place
    page = desk.get(f"{SPLIT}?at_m=500&from={LATER}")
    for word in (f"/console/hazards/{case.id}", "王村长", "（上）", f"{ONE}-2", "留在原河段"):
        assert word in page.text
    sent = {name: hidden(page.text, name) for name in ("id", "seen", "code_1", "code_2")}
    sent |= {"at_m": "500", "from": LATER, "name_1": "上半段", "name_2": "下半段", "reason": "太长"}
    taken = desk.submit(SPLIT, **(sent | {"code_2": "TUHAI-371502-002"}))
    assert (taken.status_code, 'id="e-code_2"' in taken.text, "下半段" in taken.text) == (422, True, True)
    done = desk.submit(SPLIT, **sent)
    assert (done.status_code, done.headers["Location"]) == (303, f"/console/segments/{ONE}?kept=console.did.split")
    assert "从 2025-07-07 起拆分为" in desk.get(f"/console/segments/{ONE}/held").text
    again = desk.get(f"{SPLIT}?at_m=500&from={LATER}")
    assert (again.status_code, "已经拆分" in again.text) == (422, True)
    assert session.scalars(select(Segment.name).where(Segment.code == f"{ONE}-1")).one() == "上半段"


def test_a_place_where_nothing_can_be_cut_is_told_beside_its_field(desk_of, cast):
    desk = desk_of(cast.feng)
    for query, name in [("at_m=5", "at_m"), ("at_m=x", "at_m"), ("place=x", "place"), ("place=999,1", "place")]:
        page = desk.get(f"{SPLIT}?{query}&from={LATER}")
        assert (page.status_code, f'id="e-{name}"' in page.text) == (422, True), query
    page = desk.get(f"{SPLIT}?at_m=500&from=2020-01-01")
    assert (page.status_code, 'id="e-from"' in page.text) == (422, True)
    broken = desk.submit(SPLIT, at_m="x", **{"from": LATER})
    assert broken.status_code == 422


def test_another_county_and_other_posts_draw_and_cut_nothing(desk_of, cast):
    for person in ("li", "deng", "wu"):
        for path in (NEW, REDRAW, SPLIT):
            assert desk_of(cast.people[person]).get(path).status_code == 403, (person, path)
    for path in (REDRAW, SPLIT):
        assert desk_of(cast.feng).get(path.replace(ONE, "CHIPING-371503")).status_code == 404
    assert REDRAW not in desk_of(cast.li).get(f"/console/segments/{ONE}").text
    assert REDRAW in desk_of(cast.feng).get(f"/console/segments/{ONE}").text


def test_what_people_typed_is_shown_as_typed_and_english_is_spoken(desk_of, cast, session):
    session.execute(update(Segment).where(Segment.code == ONE).values(name=PAYLOAD))
    desk = desk_of(cast.feng)
    desk.get(NEW)
    pages = [desk.get(path).text for path in (REDRAW, f"{SPLIT}?at_m=500&from={LATER}", f"{SPLIT}?place=%22%3E%3Cimg")]
    pages.append(desk.submit(NEW, **fields(name=PAYLOAD, line=PAYLOAD, code=PAYLOAD)).text)
    for text in pages:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    desk.submit("/console/language", language="en")
    assert "Cut in two" in desk.get(f"/console/segments/{ONE}").text


def test_no_page_for_drawing_asks_more_than_twelve_times(desk_of, cast, phone_of, questions):
    Case(phone_of, cast.wang)
    desk = desk_of(cast.feng)
    cut_there = f"{SPLIT}?at_m=500&from={LATER}"
    for path in (f"{NEW}?region={VILLAGE}", REDRAW, SPLIT, cut_there, f"/console/segments/{ONE}/panel"):
        questions.clear()
        assert desk.get(path).status_code == 200
        assert len(questions) <= 12, (path, len(questions))


def test_the_panel_beside_the_list_says_what_one_should_know(desk_of, cast, phone_of):
    case = Case(phone_of, cast.wang)
    desk = desk_of(cast.feng)
    assert f'data-beside="/console/segments/{ONE}/panel"' in desk.get("/console/segments").text
    part = desk.get(f"/console/segments/{ONE}/panel", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    for word in ("王村长", f"/console/hazards/{case.id}", f"/console/segments/{ONE}"):
        assert word in part
    assert desk_of(cast.wu).get(f"/console/segments/{ONE}/panel").status_code == 404
