"""Where warnings are in force, as areas on a map: around the reaches concerned that one may see, now or then."""

from __future__ import annotations

from datetime import timedelta

import shapely
from shapely.geometry import shape

from tests.api.warning_cases import MINUTE, WARNINGS, act, body
from tests.cast import LINE, NEXT_TOWN, TOWN

AREAS = "/api/v1/flood/warnings/areas"


def areas(phone, **query):
    answer = phone.get(AREAS, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json["features"]


def test_a_warning_lies_around_the_reaches_of_its_region_and_no_further(night):
    sent = night.warn(level="yellow").json["id"]
    (found,) = areas(night.phone_of(night.cast.feng))
    assert found["properties"]["id"] == sent
    assert (found["properties"]["level"], found["properties"]["drill"]) == ("yellow", False)
    area = shape(found["geometry"])
    assert area.covers(shapely.Point(LINE.coords[0]))
    assert not area.covers(shapely.Point(LINE.coords[-1]))  # that reach lies in the next town


def test_a_warning_about_one_reach_lies_along_it(night):
    said = {key: value for key, value in body(level="yellow").items() if key != "regions"}
    made = night.phone_of(night.cast.deng).post(WARNINGS, json=said | {"segments": ["TUHAI-371502-003"]})
    assert made.status_code == 201, made.json
    (found,) = areas(night.phone_of(night.cast.feng))
    area = shape(found["geometry"])
    assert area.covers(shapely.Point(LINE.coords[-1]))
    assert not area.covers(shapely.Point(LINE.coords[0]))


def test_nobody_sees_the_warnings_of_another_county_nor_an_area_beyond_the_own_reaches(night):
    night.warn(level="yellow", regions=[TOWN, NEXT_TOWN])
    assert areas(night.phone_of(night.cast.wu)) == []
    assert night.phone_of(night.cast.wang).get(AREAS).status_code == 403
    (own,) = areas(night.phone_of(night.cast.li))
    assert not shape(own["geometry"]).covers(shapely.Point(LINE.coords[-1]))


def test_a_warning_was_in_force_from_its_issue_until_it_was_lifted(night):
    began = night.clock.now
    sent = night.warn(level="yellow").json["id"]
    night.clock.now = began + 60 * MINUTE
    assert act(night, sent, "all-clear", text="水位回落").status_code == 200
    night.clock.now = began + timedelta(hours=5)
    feng = night.phone_of(night.cast.feng)
    assert areas(feng) == []
    seen = [len(areas(feng, at=(began + minutes * MINUTE).isoformat())) for minutes in (-5, 30, 90)]
    assert seen == [0, 1, 0]


def test_before_anything_goes_out_it_is_seen_where_it_would_hold_and_how_many_are_called_where(night):
    deng = night.phone_of(night.cast.deng)
    typed = body(level="yellow")
    found = deng.post(
        f"{WARNINGS}/preview", json={key: typed[key] for key in ("level", "headline", "instruction", "regions")}
    )
    assert found.status_code == 200, found.text
    area = shape(found.json["area"])
    assert area.covers(shapely.Point(LINE.coords[0]))
    assert not area.covers(shapely.Point(LINE.coords[-1]))
    places = [each["at"] for each in found.json["places"] if each["at"]]
    assert places
    assert all(area.covers(shapely.Point(each)) for each in places)
    words = {key: typed[key] for key in ("level", "headline", "instruction")}
    assert deng.post(f"{WARNINGS}/preview", json=words).json["area"] is None


def test_what_has_not_changed_is_not_sent_again(night):
    night.warn(level="yellow")
    feng = night.phone_of(night.cast.feng)
    etag = feng.get(AREAS).headers["ETag"]
    assert feng.get(AREAS, headers={"If-None-Match": etag}).status_code == 304
    assert feng.get(f"{AREAS}?at=yesterday").status_code == 422
