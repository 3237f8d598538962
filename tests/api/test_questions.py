"""Whatever stands in an address is answered or refused with its place; nothing in it is a failure of ours."""

from __future__ import annotations

import pytest

from backend.api.paging import encode
from tests.cast import COUNTY, LINE, TOWN
from tests.makers import new_id, patrol_body, seen_by

LISTS = ("patrols", "people", "rivers", "segments", "regions", f"duties?region={COUNTY}")
CURSORS = (
    ["2025-07-02T00:00:00+00:00", 2**63],
    ["2025-07-02T00:00:00+00:00", "9" * 40],
    [2**64 - 1, 1],
    ["nul\x00", "nul\x00"],
    ["x" * 5000],
    [[["deep"]]],
    [None],
    [{"a": 1}],
)


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_that_nobody_gave_out_is_refused_by_every_list(phone_of, cast, cursor):
    office = phone_of(cast.sun)
    for noun in LISTS:
        answer = office.get(f"/api/v1/{noun}{'&' if '?' in noun else '?'}cursor={encode(cursor)}")
        assert answer.status_code in (200, 422), noun
    assert office.get("/api/v1/patrols", query_string={"cursor": encode(cursor)}).status_code == 422
    assert office.get("/api/v1/sync", query_string={"since": encode(cursor)}).status_code == 422


@pytest.mark.parametrize("place", [[2**63, 0], [0, 2**64 - 1], ["9" * 40, 1]])
def test_a_place_in_the_feed_beyond_every_number_is_refused(phone_of, cast, place):
    phone = phone_of(cast.wang)
    assert phone.get("/api/v1/sync", query_string={"since": encode(["sqlite", place, 0])}).status_code == 422


@pytest.mark.parametrize("region", ["３７１６", "372\n", "372", "37150200000", "", "37a", "3715020000000"])
def test_what_is_no_division_code_is_told_so_wherever_one_is_asked(phone_of, cast, region):
    office = phone_of(cast.sun)
    for noun, name in (("patrols", "region"), ("duties", "region"), ("segments", "region"), ("people", "region")):
        refused = office.get(f"/api/v1/{noun}", query_string={name: region})
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"/{name}"), noun
    assert office.get("/api/v1/regions", query_string={"parent": region}).status_code in (200, 422)
    post = {"id": str(new_id()), "post": "warden", "region": region, "from": "2025-07-01"}
    assert office.post(f"/api/v1/people/{cast.wang}/appointments", json=post).status_code == 422


def test_a_padded_division_code_means_the_region_itself(phone_of, cast):
    office = phone_of(cast.sun)
    assert phone_of(cast.wang).put(f"/api/v1/patrols/{new_id()}", json=patrol_body(LINE)).status_code == 201
    for code in (COUNTY, TOWN):
        padded = code.ljust(12, "0")
        for noun in ("patrols", "duties", "segments", "people"):
            asked = office.get(f"/api/v1/{noun}", query_string={"region": padded}).json
            assert asked == office.get(f"/api/v1/{noun}", query_string={"region": code}).json
            assert asked.get("items", asked.get("features")), noun
        assert office.get("/api/v1/regions", query_string={"parent": padded}).json["items"]
    post = {"id": str(new_id()), "post": "warden", "region": TOWN + "000", "from": "2025-07-01"}
    office.post(f"/api/v1/people/{cast.wang}/appointments", json=post, headers=seen_by(office, cast.wang))
    held = office.get(f"/api/v1/people/{cast.wang}").json["appointments"]
    assert TOWN in [each["region"] for each in held]


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31", "today"])
def test_a_day_around_which_no_quarter_lies_is_refused(phone_of, cast, day):
    refused = phone_of(cast.sun).get("/api/v1/duties", query_string={"region": COUNTY, "day": day})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/day")
    for last in ("1970-01-01", "9998-12-31"):
        asked = {"region": COUNTY, "day": last}
        assert phone_of(cast.sun).get("/api/v1/duties", query_string=asked).status_code == 200


def test_risk_of_a_moment_yet_to_come_is_that_of_now_however_far_away_it_is(phone_of, cast):
    present = phone_of(cast.sun).get("/api/v1/flood/risk").json
    for at in ("2025-07-09T00:00:00Z", "9999-12-31T23:59:59Z"):
        assert phone_of(cast.sun).get("/api/v1/flood/risk", query_string={"at": at}).json == present, at


@pytest.mark.parametrize(
    "address",
    [
        "people?q=%00",
        "people?%00=1",
        "segments?river=%00",
        "patrols?segment=a%00b",
        "patrols?cursor=%00",
        "sync?since=%00",
    ],
)
def test_a_question_with_a_nul_in_it_is_refused_on_both_databases(phone_of, cast, address):
    refused = phone_of(cast.sun).get(f"/api/v1/{address}")
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/bad-input")


@pytest.mark.parametrize("address", ["segments/%00", "segments/TUHAI%00", "regions/37%00", "photos/%00", "patrols/%00"])
def test_nothing_has_a_name_with_a_nul_in_it(phone_of, cast, address):
    assert phone_of(cast.sun).get(f"/api/v1/{address}").status_code == 404


@pytest.mark.parametrize(
    ("address", "unknown"),
    [
        ("patrols?segmnt=TUHAI-371502-001&limit=5", ["/segmnt"]),
        ("patrols?begin=2025-07-01T00:00:00Z", ["/begin"]),
        ("segments?bbox=1,2,3,4&regoin=37&a~b/c=1", ["/regoin", "/a~0b~1c"]),
        ("sync?cursor=x", ["/cursor"]),
        ("me?verbose=1", ["/verbose"]),
        ("rules/current?at=2025-07-01", ["/at"]),
        ("segments/TUHAI-371502-001?level=town", ["/level"]),
    ],
)
def test_a_question_that_nobody_knows_is_refused_by_its_name(phone_of, cast, address, unknown):
    refused = phone_of(cast.sun).get(f"/api/v1/{address}")
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert [each["pointer"] for each in refused.json["errors"]] == unknown


def test_a_question_that_nobody_knows_is_told_which_ones_there_are(phone_of, cast):
    phone, english = phone_of(cast.wang), {"Accept-Language": "en"}
    told = phone.get("/api/v1/patrols?segmnt=1", headers=english).json["errors"][0]["detail"]
    assert "segment" in told
    assert "from" in told
    sent = phone.put(f"/api/v1/patrols/{new_id()}?segment=1", json=patrol_body(LINE))
    assert (sent.status_code, sent.json["errors"][0]["detail"]) == (422, "这个地址后面不能带参数。")
    assert phone.head(f"/api/v1/photos/{'0' * 64}?siz=thumb").status_code == 422
