"""The map as tiles: what is in one, who sees what of it, and that one seen before is not drawn again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import mapbox_vector_tile
import pytest
from sqlalchemy import delete, update

from backend.models.risk import SegmentRisk
from backend.models.segments import Assignment, Segment
from backend.models.stations import Station, StationValue
from tests.api.hazard_cases import Case
from tests.cast import COUNTY, LINE, NOON, RIVER
from tests.makers import new_id, patrol_body

CLOSE, TOWN_ZOOM, FAR = (
    "/api/v1/tiles/14/13470/6409.mvt",
    "/api/v1/tiles/11/1683/801.mvt",
    "/api/v1/tiles/8/210/100.mvt",
)
"""Around the cast's river: by zoom the village, town and county reaches."""


def layers(answer) -> dict[str, list[dict]]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    found = mapbox_vector_tile.decode(answer.data) if answer.data else {}
    return {name: [each["properties"] for each in layer["features"]] for name, layer in found.items()}


def codes(answer) -> set[str]:
    return {each["code"] for each in layers(answer).get("segments", [])}


def test_the_nearer_one_comes_the_smaller_are_the_reaches(phone_of, cast):
    feng = phone_of(cast.feng)
    assert codes(feng.get(FAR)) == {"TUHAI-371502"}
    assert codes(feng.get(TOWN_ZOOM)) == {"TUHAI-371502001", "TUHAI-371502002"}
    assert "TUHAI-371502-001" in codes(feng.get(CLOSE))
    assert "TUHAI-371502001" not in codes(feng.get(CLOSE))


def test_a_reach_says_its_name_its_risk_and_for_how_many_days_nobody_has_walked_it(phone_of, cast, session, clock):
    wang, reach = phone_of(cast.wang), cast.segments["TUHAI-371502-001"]
    assert wang.put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).json["verdict"]["counts"]
    session.add(SegmentRisk(segment_id=reach.id, level="high", score=61, factors=[], at=NOON, rule_version=1))
    session.flush()
    clock.now += timedelta(days=2)
    (shown,) = [each for each in layers(phone_of(cast.feng).get(CLOSE))["segments"] if each["code"] == reach.code]
    assert shown == {
        "code": reach.code,
        "name": "徒骇河兴华村段",
        "level": 1,
        "region": reach.region_code,
        "river": RIVER,
        "river_name": "徒骇河",
        "risk": "high",
        "days": 2,
    }


def test_what_nobody_has_walked_has_no_days(phone_of, cast):
    assert all("days" not in each for each in layers(phone_of(cast.feng).get(CLOSE))["segments"])


def test_a_chief_of_another_county_sees_an_empty_map(phone_of, cast):
    Case(phone_of, cast.wang)
    assert layers(phone_of(cast.wu).get(CLOSE)) == {}


def test_a_village_chief_sees_the_own_reach_at_any_zoom_and_nothing_of_the_neighbours(phone_of, cast):
    wang = phone_of(cast.wang)
    for path in (CLOSE, TOWN_ZOOM, FAR):
        assert codes(wang.get(path)) == {"TUHAI-371502-001"}


def test_whoever_has_no_business_with_reaches_has_no_map(phone_of, cast):
    assert phone_of(cast.shen).get(CLOSE).status_code == 403
    assert phone_of(None).get(CLOSE).status_code == 401


def test_open_hazards_are_on_the_map_and_closed_or_rejected_ones_are_not(phone_of, cast):
    case, feng = Case(phone_of, cast.wang), phone_of(cast.feng)
    (shown,) = layers(feng.get(CLOSE))["hazards"]
    assert UUID(shown["id"]) == case.id
    assert (shown["kind"], shown["severity"], shown["state"]) == ("four_illegal.dump", "ordinary", "reported")
    assert case.act(cast.feng, "reject", note="重复上报").status_code in (200, 201)
    assert "hazards" not in layers(feng.get(CLOSE))


def test_from_far_only_severe_hazards_are_shown(phone_of, cast):
    Case(phone_of, cast.wang, severity="ordinary")
    feng = phone_of(cast.feng)
    assert "hazards" not in layers(feng.get(FAR))
    Case(phone_of, cast.wang, severity="critical")
    assert [each["severity"] for each in layers(feng.get(FAR))["hazards"]] == ["critical"]


def test_a_gauge_shows_in_which_band_the_water_stands(phone_of, cast, session):
    session.add(
        station := Station(
            id=new_id(),
            code="G-1",
            name="徒骇河水文站",
            kind="river",
            river_code=RIVER,
            region_code=COUNTY,
            point=LINE.interpolate(0.1, normalized=True),
            lon=LINE.interpolate(0.1, normalized=True).x,
            lat=LINE.interpolate(0.1, normalized=True).y,
            silent_since=NOON,
        )
    )
    session.flush()
    session.add(StationValue(station_id=station.id, quantity="water_level_m", at=NOON, value=31.2, band="warning"))
    session.flush()
    (shown,) = layers(phone_of(cast.feng).get(CLOSE))["gauges"]
    assert (shown["code"], shown["band"], shown["silent"] in (True, 1)) == ("G-1", "warning", True)


def test_a_gauge_that_was_never_heard_is_not_shown_as_one_with_a_normal_level(phone_of, cast, session):
    place = LINE.interpolate(0.1, normalized=True)
    said = {"kind": "river", "river_code": RIVER, "region_code": COUNTY, "point": place, "lon": place.x, "lat": place.y}
    mute, heard = (Station(id=new_id(), code=code, name=code, **said) for code in ("G-1", "G-2"))
    session.add_all([mute, heard])
    session.flush()
    session.add(StationValue(station_id=heard.id, quantity="rain_mm_1h", at=NOON, value=3.0, band="normal"))
    session.flush()
    shown = layers(phone_of(cast.feng).get(CLOSE))["gauges"]
    assert {each["code"]: each["silent"] in (True, 1) for each in shown} == {"G-1": True, "G-2": False}


def test_a_tile_seen_before_is_answered_without_a_look_at_any_shape(phone_of, cast, questions):
    feng = phone_of(cast.feng)
    first = feng.get(CLOSE)
    questions.clear()
    again = feng.get(CLOSE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert not [each for each in questions if ".line" in each or ".point" in each]
    assert feng.get(CLOSE).data == first.data  # the same from memory, for somebody who has lost it
    assert not [each for each in questions if "segment.line" in each]


def test_a_walk_a_hazard_and_another_day_each_make_another_map(phone_of, cast, clock):
    feng, wang = phone_of(cast.feng), phone_of(cast.wang)
    seen = [feng.get(CLOSE).headers["ETag"]]
    Case(phone_of, cast.wang)
    seen.append(feng.get(CLOSE).headers["ETag"])
    walk = new_id()
    assert wang.put(f"/api/v1/patrols/{walk}", json=patrol_body(LINE)).status_code == 201
    seen.append(feng.get(CLOSE).headers["ETag"])
    etag = phone_of(cast.li).get(f"/api/v1/patrols/{walk}").headers["ETag"]
    said = {"outcome": "invalid", "note": "没有走"}
    li = phone_of(cast.li)
    assert li.post(f"/api/v1/patrols/{walk}/review", json=said, headers={"If-Match": etag}).status_code == 200
    seen.append(feng.get(CLOSE).headers["ETag"])
    clock.now += timedelta(days=1)
    seen.append(phone_of(cast.feng).get(CLOSE).headers["ETag"])
    assert len(set(seen)) == len(seen)


def test_another_person_has_another_version(phone_of, cast):
    assert phone_of(cast.feng).get(CLOSE).headers["ETag"] != phone_of(cast.wang).get(CLOSE).headers["ETag"]


@pytest.mark.parametrize("place", ["19/0/0", "14/16384/0", "3/0/8", "a/0/0", "14/1/x", "-1/0/0", "14/1.5/2"])
def test_a_tile_that_no_map_has_is_not_found(phone_of, cast, place):
    answer = phone_of(cast.feng).get(f"/api/v1/tiles/{place}.mvt")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_map_program_is_told_where_the_tiles_are_and_what_they_hold(phone_of, cast):
    told = phone_of(cast.feng).get("/api/v1/tiles").json
    assert told["tiles"] == ["/api/v1/tiles/{z}/{x}/{y}.mvt"]
    assert told["bounds"] == pytest.approx([*LINE.coords[0], *LINE.coords[-1]], abs=1e-6)
    fields = {layer["id"]: set(layer["fields"]) for layer in told["vector_layers"]}
    assert {"code", "risk", "days"} <= fields["segments"]


def test_whoever_has_no_reach_is_shown_the_world(phone_of, cast, session):
    session.execute(delete(Assignment))
    session.execute(update(Segment).values(until_day=NOON.date()))
    assert phone_of(cast.feng).get("/api/v1/tiles").json["bounds"][0] == -180
