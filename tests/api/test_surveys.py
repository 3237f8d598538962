"""Drawing: a new reach, another line for one that is there, and what that does to what stands on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString
from sqlalchemy import select

from backend.models.changes import Change, Record
from backend.models.hazards import Hazard
from backend.models.segments import Checkpoint, Segment
from geo.chainage import cut, locate_m
from geo.datum import Crs, from_wgs84
from tests.api.hazard_cases import Case
from tests.cast import LINE, VILLAGE
from tests.makers import new_id, patrol_body

ONE = "TUHAI-371502-001"
SURVEY = f"/api/v1/segments/{ONE}/survey"
PIECE = cut(LINE, 100.0, 700.0)


def geojson(line: Any) -> dict[str, Any]:
    return {"type": line.geom_type, "coordinates": shapely.geometry.mapping(line)["coordinates"]}


def drawn(line: Any = PIECE, **changed: Any) -> dict[str, Any]:
    body = {"code": "TUHAI-371502-090", "name": "兴华村支段", "river": "TUHAI", "region": VILLAGE, "from": "2025-07-07"}
    return body | {"line": geojson(line) if isinstance(line, LineString) else line, "width_m": 12.5} | changed


def put(phone, body: dict[str, Any], segment_id: Any = None) -> Any:
    return phone.put(f"/api/v1/segments/{segment_id or new_id()}", json=body)


def redraw(phone, line: Any, *, etag: str | None = None, **said: Any) -> Any:
    etag = phone.get(SURVEY).headers["ETag"] if etag is None else etag
    body = {"line": geojson(line), "reason": "按划界成果修正"} | said
    return phone.post(SURVEY, json=body, headers={"If-Match": etag} if etag else {})


def shifted(line: LineString, lat: float) -> LineString:
    return shapely.transform(line, lambda places: places + np.array([0.0, lat]))


def test_a_new_reach_lies_in_the_one_around_it_at_its_metre_of_the_river(phone_of, cast, session):
    feng, key = phone_of(cast.feng), new_id()
    made = put(feng, drawn(), key)
    assert made.status_code == 201, made.json
    shown = made.json
    assert (shown["level"], shown["parent"], shown["survey"]) == ("village", "TUHAI-371502001", 1)
    assert (shown["width_m"], round(shown["length_m"])) == (12.5, 600)
    row = session.get_one(Segment, key)
    assert round(row.from_m) == 100
    assert session.scalars(select(Record.act).where(Record.thing_id == str(key))).all() == ["draw_segment"]
    again = put(feng, drawn(), key)
    assert (again.status_code, again.headers["ETag"]) == (200, made.headers["ETag"])
    assert put(feng, drawn(name="别的"), key).status_code == 409
    assert put(feng, drawn(), ONE).status_code == 404, "a code is no id"
    assert put(phone_of(cast.jin), drawn(), key).status_code == 200


def test_a_line_in_another_datum_and_one_that_is_wrapped_up_are_taken(phone_of, cast, session):
    feng, key = phone_of(cast.feng), new_id()
    foreign = shapely.transform(PIECE, lambda places: from_wgs84(np.asarray(places), Crs.GCJ02))
    assert put(feng, drawn(foreign, crs="GCJ02"), key).status_code == 201
    assert session.get_one(Segment, key).line.equals_exact(PIECE, 1e-7)
    wrapped = geojson(MultiLineString([PIECE]))
    assert put(feng, drawn(wrapped, code="TUHAI-371502-091")).status_code == 201


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"line": {"type": "Point", "coordinates": [115.97, 36.43]}}, "/line"),
        ({"line": {"type": "LineString", "coordinates": [[115.97, 36.43]]}}, "/line"),
        ({"line": {"type": "LineString", "coordinates": [[115.97, 36.43], [115.97, 36.43]]}}, "/line"),
        ({"line": {"type": "LineString", "coordinates": [[36.43, 115.97], [36.44, 115.98]]}}, "/line"),
        ({"line": {"type": "LineString", "coordinates": [[115.97, 36.43], [115.97001, 36.43]]}}, "/line"),
        ({"line": {"type": "LineString", "coordinates": [[1.0, 2.0], [1.01, 2.01]]}}, "/line"),
        ({"line": {"type": "LineString", "coordinates": "x"}}, "/line"),
        ({"line": "x"}, "/line"),
        ({"line": {"type": "LineString", "coordinates": [[115.97, 36.43, 1]] * 20_001}}, "/line"),
        ({"line": {"type": "MultiLineString", "coordinates": [[[115.97, 36.43], [115.98, 36.43]]] * 2}}, "/line"),
        ({"code": ONE}, "/code"),
        ({"code": "a b"}, "/code"),
        ({"name": ""}, "/name"),
        ({"name": "x\u0001"}, "/name"),
        ({"river": "NILE"}, "/river"),
        ({"region": "371503001001"}, "/region"),
        ({"region": "371502001999"}, "/region"),
        ({"region": "37"}, "/region"),
        ({"width_m": -1}, "/width_m"),
        ({"crs": "XIAN80"}, "/crs"),
        ({"from": "0001-01-01"}, "/from"),
    ],
)
def test_what_cannot_be_meant_is_named_by_its_field(phone_of, cast, changed, pointer):
    answer = put(phone_of(cast.feng), drawn() | changed)
    assert (answer.status_code, [each["pointer"] for each in answer.json["errors"]]) == (422, [pointer])


def test_a_whole_province_has_no_reach_and_several_flaws_are_told_at_once(phone_of, cast, session):
    answer = put(phone_of(cast.jin), drawn(region="3715", code=ONE, river="NILE"))
    assert {each["pointer"] for each in answer.json["errors"]} == {"/code", "/river"}
    assert session.scalar(select(Segment.id).where(Segment.code == "TUHAI-371502-090")) is None


def test_the_first_reach_of_a_river_begins_at_nought(phone_of, cast, session):
    key = new_id()
    body = drawn(river="CHIPING", region="371502")
    assert put(phone_of(cast.feng), body, key).status_code == 201
    row = session.get_one(Segment, key)
    assert (row.parent_id, row.from_m, row.level) == (None, 0.0, 3)


def test_another_line_is_looked_at_and_then_kept_as_a_new_survey(phone_of, cast, session):
    here = LINE.interpolate(0.1, normalized=True)
    reach = cast.segments[ONE]
    session.add(
        Checkpoint(id=new_id(), code="S1", name="闸", kind="sluice", segment_id=reach.id, point=here, chainage_m=1.0)
    )
    session.flush()
    case = Case(phone_of, cast.wang)
    feng, line = phone_of(cast.feng), shifted(cut(reach.line, 100.0, 800.0), 0.003)
    look = redraw(feng, line, dry_run=True)
    assert look.status_code == 200, look.json
    seen = look.json
    assert (round(seen["length_m"]), round(seen["before_m"]), seen["applied"]) == (700, round(reach.length_m), False)
    assert 300 < seen["off_m"] < 500
    assert (seen["hazards"], seen["turned"], seen["survey"]) == (1, False, 1)
    assert [(each["code"], each["far"]) for each in seen["checkpoints"]] == [("S1", True)]
    assert session.get_one(Segment, reach.id).version == 1

    done = redraw(feng, line, width_m=44)
    assert (done.status_code, done.json["survey"], done.json["applied"]) == (200, 2, True)
    session.expire_all()
    row = session.get_one(Segment, reach.id)
    assert (row.version, row.width_m, round(row.to_m - row.from_m)) == (2, 44.0, 700)
    assert (row.west, row.north) == (line.bounds[0], line.bounds[3])
    hazard = session.scalars(select(Hazard).where(Hazard.id == case.id)).one()
    assert hazard.chainage_m == pytest.approx(float(locate_m(line, [[hazard.lon, hazard.lat]])[0]), abs=0.01)
    assert session.scalars(select(Checkpoint.chainage_m)).one() == pytest.approx(
        float(locate_m(line, [[here.x, here.y]])[0]), abs=0.01
    )
    assert session.scalars(select(Record.act).where(Record.thing_id == str(reach.id))).all() == ["redraw_segment"]
    told = set(session.scalars(select(Change.person_id).where(Change.thing_type == "segment")))
    assert told == {cast.wang, cast.he}


def test_walks_are_counted_anew_on_the_new_line(phone_of, cast):
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).status_code == 201
    feng = phone_of(cast.feng)
    walked = f"/api/v1/segments/{ONE}/walked?from=2025-07-02T00:00:00%2B08:00&to=2025-07-03T00:00:00%2B08:00"
    assert feng.get(walked).json["share"] > 0.7
    assert redraw(feng, shifted(cast.segments[ONE].line, 0.008)).status_code == 200
    assert feng.get(walked).json["share"] == 0.0


def test_a_line_that_runs_the_other_way_is_noticed(phone_of, cast):
    assert redraw(phone_of(cast.feng), cast.segments[ONE].line.reverse(), dry_run=True).json["turned"] is True


def test_nothing_is_kept_without_a_reason_or_over_what_another_drew(phone_of, cast):
    feng, line = phone_of(cast.feng), shifted(cast.segments[ONE].line, 0.001)
    etag = feng.get(SURVEY).headers["ETag"]
    bare = feng.post(SURVEY, json={"line": geojson(line)}, headers={"If-Match": etag})
    assert (bare.status_code, bare.json["errors"][0]["pointer"]) == (422, "/reason")
    assert redraw(feng, line, etag="").status_code == 428
    assert redraw(feng, line).status_code == 200
    stale = redraw(feng, line, etag=etag)
    assert (stale.status_code, stale.json["present"]["survey"]) == (412, 2)


def test_a_line_far_from_the_reach_around_is_refused(phone_of, cast):
    feng = phone_of(cast.feng)
    for answer in (redraw(feng, shifted(cast.segments[ONE].line, 0.05)), put(feng, drawn(shifted(PIECE, 0.05)))):
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/line")
        assert "上级河段" in answer.json["errors"][0]["detail"]


def test_a_reach_that_is_to_be_cut_or_has_ended_keeps_its_line(phone_of, cast, session):
    feng = phone_of(cast.feng)
    seen = feng.get(f"/api/v1/segments/{ONE}/split?at_m=400&from=2025-07-07")
    parts = [{"code": "A", "name": "上"}, {"code": "B", "name": "下"}]
    body = {"id": str(new_id()), "at_m": 400.0, "from": "2025-07-07", "parts": parts, "reason": "太长"}
    path = f"/api/v1/segments/{ONE}/split"
    assert feng.post(path, json=body, headers={"If-Match": seen.headers["ETag"]}).status_code == 201
    assert redraw(feng, cast.segments[ONE].line).status_code == 409
    reach = session.get_one(Segment, cast.segments["TUHAI-371502-002"].id)
    reach.until_day = reach.from_day
    session.flush()
    other = f"/api/v1/segments/{reach.code}/survey"
    etag = feng.get(other).headers["ETag"]
    said = {"line": geojson(reach.line), "reason": "x"}
    assert feng.post(other, json=said, headers={"If-Match": etag}).status_code == 409


def test_rivers_to_draw_on_are_those_of_ones_part_or_of_a_name(phone_of, cast):
    feng = phone_of(cast.feng)

    def rivers(**asked: str) -> list[str]:
        return [each["code"] for each in feng.get("/api/v1/rivers", query_string=asked).json["items"]]

    assert rivers(mine="true") == ["TUHAI"]
    assert rivers(q="茌新") == rivers(q="CHIPING") == ["CHIPING"]
    assert rivers(q="茌新", mine="true") == rivers(q="%") == []


def test_another_county_and_other_posts_draw_nothing(phone_of, cast):
    for person in ("wu", "li", "zhao", "wang", "deng", "shen"):
        phone = phone_of(cast.people[person])
        assert put(phone, drawn()).status_code == 403, person
        assert phone.get(SURVEY).status_code == 403, person
    assert phone_of(cast.feng).get("/api/v1/segments/CHIPING-371503/survey").status_code == 404
    assert phone_of(cast.sun).get(SURVEY).status_code == 200
