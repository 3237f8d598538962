"""Rivers and segments as GeoJSON: by box, by region, by nearness; the same on both databases."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from shapely import MultiLineString

from backend.models.regions import Region
from tests.cast import LINE, NEXT_TOWN, TOWN
from tests.makers import new_id, patrol_body

SEGMENTS = "/api/v1/segments"


def codes(answer) -> list[str]:
    return [feature["properties"]["code"] for feature in answer.json["features"]]


def test_a_county_lists_its_lowest_reaches_with_todays_chiefs(phone_of, cast):
    phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE))
    answer = phone_of(cast.zhao).get(SEGMENTS)
    assert answer.mimetype == "application/geo+json"
    assert codes(answer) == ["TUHAI-371502-001", "TUHAI-371502-002", "TUHAI-371502-003"]
    first = answer.json["features"][0]["properties"]
    assert [chief["name"] for chief in first["chiefs"]] == ["王村长", "何巡河"]
    assert first["last_patrol_at"] == "2025-07-02T08:00:00+08:00"
    assert answer.json["features"][2]["properties"]["chiefs"] == []
    line = answer.json["features"][0]["geometry"]
    assert shapely.geometry.shape(line).distance(LINE) < 1e-5


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"level": "town"}, ["TUHAI-371502001", "TUHAI-371502002"]),
        ({"region": NEXT_TOWN}, ["TUHAI-371502-003"]),
        ({"river": "CHIPING"}, []),
        ({"bbox": "115.96,36.42,115.972,36.44"}, ["TUHAI-371502-001"]),
        ({"bbox": "115.0,36.0,115.1,36.1"}, []),
        ({"bbox": "115.97,36.4335,115.9705,36.44"}, []),
        ({"region": TOWN, "limit": 1}, ["TUHAI-371502-001"]),
    ],
)
def test_questions_narrow_the_list(phone_of, cast, query, expected):
    assert codes(phone_of(cast.zhao).get(SEGMENTS, query_string=query)) == expected


def test_a_list_goes_on_where_it_stopped(phone_of, cast):
    found, path = [], f"{SEGMENTS}?limit=1&bbox=115,36,117,37"
    while path:
        page = phone_of(cast.zhao).get(path)
        found += codes(page)
        path = page.json["next"]
    assert found == ["TUHAI-371502-001", "TUHAI-371502-002", "TUHAI-371502-003"]


def test_by_person_and_for_a_village_chief(phone_of, cast):
    assert codes(phone_of(cast.zhao).get(SEGMENTS, query_string={"person": str(cast.he)})) == ["TUHAI-371502-001"]
    assert codes(phone_of(cast.wang).get(SEGMENTS)) == ["TUHAI-371502-001"]


def test_the_nearest_are_told_with_metres_in_any_datum(phone_of, cast):
    phone = phone_of(cast.zhao)
    near = phone.get(f"{SEGMENTS}/nearest", query_string={"lon": 115.97, "lat": 36.4327, "limit": 2}).json["features"]
    assert [feature["properties"]["code"] for feature in near] == ["TUHAI-371502-001", "TUHAI-371502-002"]
    assert near[0]["properties"]["distance_m"] == pytest.approx(273, abs=8)
    far = phone.get(f"{SEGMENTS}/nearest", query_string={"lon": 116.9, "lat": 36.4, "limit": 1}).json["features"]
    assert far[0]["properties"]["distance_m"] > 75_000
    gcj = {"lon": 115.97, "lat": 36.43, "crs": "GCJ02", "limit": 1}
    turned = phone.get(f"{SEGMENTS}/nearest", query_string=gcj).json["features"][0]["properties"]
    assert 50 < turned["distance_m"] < 700


def test_one_segment_has_an_etag_and_other_counties_do_not_exist(phone_of, cast):
    phone = phone_of(cast.zhao)
    one = phone.get(f"{SEGMENTS}/TUHAI-371502-001")
    assert one.json["properties"]["parent"] == "TUHAI-371502001"
    same = phone.get(f"{SEGMENTS}/{one.json['id']}", headers={"If-None-Match": one.headers["ETag"]})
    assert same.status_code == 304
    assert phone.get(f"{SEGMENTS}/CHIPING-371503").status_code == 404


def test_a_phone_is_told_by_what_its_walk_will_be_judged(phone_of, cast, session):
    levee = MultiLineString([[(115.97, 36.4312345678), (115.979, 36.434)], [(115.98, 36.434), (115.985, 36.435)]])
    reach = cast.segments["TUHAI-371502-001"]
    reach.levee, reach.until_day = levee, date(2025, 12, 1)
    session.flush()
    phone = phone_of(cast.wang)
    told = phone.get(f"{SEGMENTS}/TUHAI-371502-001").json
    assert told["properties"]["until"] == "2025-12-01"
    assert told["properties"]["levee"]["type"] == "MultiLineString"
    shape = shapely.geometry.shape(told["properties"]["levee"])
    assert shapely.equals_exact(shape, levee, tolerance=6e-7)  # six decimals, as the line
    synced = next(each["body"] for each in phone.get("/api/v1/sync").json["changes"] if each["type"] == "segment")
    assert (synced["geometry"], synced["properties"]["levee"]) == (told["geometry"], told["properties"]["levee"])
    bare = phone_of(cast.chen).get(f"{SEGMENTS}/TUHAI-371502-002").json["properties"]
    assert (bare["until"], bare["levee"]) == (None, None)
    assert "levee" not in phone.get(SEGMENTS).json["features"][0]["properties"]


def test_regions_are_found_by_padded_codes(phone_of, cast):
    phone = phone_of(cast.wang)
    assert phone.get("/api/v1/regions/371502000000").json["name"] == "东昌府区"
    assert phone.get("/api/v1/regions/999999").status_code == 404
    assert phone.get("/api/v1/regions/nonsense").status_code == 404
    towns = phone.get("/api/v1/regions", query_string={"parent": "371502"}).json["items"]
    assert [town["code"] for town in towns] == [TOWN, NEXT_TOWN]
    assert [top["code"] for top in phone.get("/api/v1/regions").json["items"]] == ["37"]
    assert phone.get("/api/v1/rivers", query_string={"limit": 1}).json["next"]


def test_a_region_whose_parent_is_unknown_stands_at_the_top(phone_of, cast, session):
    session.add(Region(code="371599001", name="孤镇", level=2, parent_code="371599"))
    session.flush()
    tops = phone_of(cast.zhao).get("/api/v1/regions").json["items"]
    assert [top["code"] for top in tops] == ["37", "371599001"]


def test_a_box_at_the_far_end_of_the_widest_segment_finds_it(phone_of, cast):
    _, south, east, north = cast.segments["TUHAI-3715"].line.bounds
    box = f"{east - 0.0005},{south - 0.001},{east + 0.5},{north + 0.001}"
    found = phone_of(cast.qian).get(SEGMENTS, query_string={"bbox": box, "level": "city"})
    assert codes(found) == ["TUHAI-3715"]


def test_a_word_finds_reaches_by_river_and_by_chief_and_rivers_on_which_one_sees_a_reach(phone_of, cast):
    feng, wu = phone_of(cast.feng), phone_of(cast.wu)

    def codes(phone, q: str) -> list[str]:
        found = phone.get("/api/v1/segments", query_string={"q": q}).json["features"]
        return [each["properties"]["code"] for each in found]

    assert codes(feng, "王村") == ["TUHAI-371502-001"]
    assert len(codes(feng, "徒骇")) == 3
    assert codes(wu, "王村") == []
    assert codes(phone_of(cast.wang), "王村") == []  # who may not look for people
    rivers = {"feng": feng, "wu": wu}
    names = {
        who: [
            each["code"] for each in phone.get("/api/v1/rivers", query_string={"q": "河", "mine": "true"}).json["items"]
        ]
        for who, phone in rivers.items()
    }
    assert names == {"feng": ["TUHAI"], "wu": ["CHIPING"]}
