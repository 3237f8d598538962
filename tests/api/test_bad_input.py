"""Bad input gets a clear 4xx that names the place, and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.models.patrols import Patrol
from tests.cast import LINE, NOON
from tests.makers import new_id, patrol_body

PATROLS = "/api/v1/patrols"


def changed(place: str, value: object) -> dict:
    body = deepcopy(patrol_body(LINE))
    *way, last = [int(step) if step.isdigit() else step for step in place.strip("/").split("/")]
    here: Any = body
    for step in way:
        here = here[step]
    here[last] = value
    return body


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("/segment", None),
        ("/segment", 7),
        ("/segment", "x" * 61),
        ("/started_at", "yesterday"),
        ("/started_at", "2025-07-02T06:10:00"),
        ("/started_at", "1969-12-31T23:59:59Z"),
        ("/ended_at", "9999-12-31T23:59:59-05:00"),
        ("/ended_at", "12025-07-02T06:10:00Z"),
        ("/track", []),
        ("/track/crs", "MARS2000"),
        ("/track/points", {}),
        ("/track/points/3/1", 91.0),
        ("/track/points/3/0", -180.5),
        ("/track/points/3/2", 253402300800000),
        ("/track/points/3/2", -1),
        ("/track/points/3/3", -5),
        ("/track/points/3", [115.9, 36.4]),
        ("/track/points/3/0", "115.9"),
        ("/track/points/3/0", True),
        ("/note", "x" * 5001),
        ("/note", "nul\x00"),
        ("/photos", ["not a digest"]),
        ("/readings", {"water_level_m": 1e9}),
        ("/readings", {"rain": "cats and dogs"}),
        ("/checklist", {"obstruction": "maybe"}),
        ("/no_such_field", 1),
        ("/on_behalf_of", "nobody"),
    ],
)
def test_a_flaw_is_named_by_its_place_and_nothing_is_kept(phone_of, cast, session, place, value):
    refused = phone_of(cast.wang).put(f"{PATROLS}/{new_id()}", json=changed(place, value))
    assert refused.status_code == 422, refused.json
    assert refused.mimetype == "application/problem+json"
    pointers = [error["pointer"] for error in refused.json["errors"]]
    assert any(pointer.startswith(place) or place.startswith(pointer) for pointer in pointers), pointers
    assert session.scalar(select(func.count()).select_from(Patrol)) == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"segment": NaN}', 400),
        (b'{"segment": Infinity}', 400),
        (b'{"segment": 1e999}', 400),
        (b'{"segment": "a", "segment": "b"}', 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 100_000, 400),
        (b"\xff\xfe", 400),
        (b'"\\ud800"', 400),
        (b"[]", 422),
        (b'"text"', 422),
        (b"null", 422),
        (b" " * (5 * 1024 * 1024 + 1), 413),
    ],
)
def test_what_is_no_json_of_ours_is_refused(phone_of, cast, raw, status):
    refused = phone_of(cast.wang).put(f"{PATROLS}/{new_id()}", data=raw, content_type="application/json")
    assert refused.status_code == status
    assert refused.json["type"].startswith("/problems/")


def test_a_name_that_stands_twice_is_told(phone_of, cast):
    raw = json.dumps(patrol_body(LINE)).replace('"crs": "WGS84"', '"crs": "WGS84", "crs": "GCJ02"')
    refused = phone_of(cast.wang).put(f"{PATROLS}/{new_id()}", data=raw, content_type="application/json")
    assert (refused.status_code, refused.json["type"]) == (400, "/problems/not-readable")
    assert refused.json["detail"].startswith("“crs”在同一个对象里写了两次")


def test_a_packed_body_is_taken_and_a_bomb_is_not(phone_of, cast):
    phone, packed = phone_of(cast.wang), {"Content-Encoding": "gzip"}

    def put(data: bytes) -> int:
        path = f"{PATROLS}/{new_id()}"
        return phone.put(path, data=data, content_type="application/json", headers=packed).status_code

    honest = gzip.compress(json.dumps(patrol_body(LINE)).encode())
    assert put(honest) == 201
    assert put(gzip.compress(b" " * 200_000_000, 9)) == 413
    assert put(honest[:-20]) == 400
    assert put(honest + b"more") == 400
    assert put(b"not gzip") == 400
    other = phone.put(
        f"{PATROLS}/{new_id()}", data=b"", headers={"Content-Encoding": "br"}, content_type="application/json"
    )
    assert other.status_code == 415


def test_other_content_types_methods_and_addresses_are_problems_too(phone_of, cast):
    phone = phone_of(cast.wang)
    assert phone.put(f"{PATROLS}/{new_id()}", data="segment=1").status_code == 415
    for answer, status in (
        (phone.delete(f"{PATROLS}/{new_id()}"), 405),
        (phone.get(f"{PATROLS}/not-a-uuid"), 404),
        (phone.get("/api/v1/nothing"), 404),
    ):
        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"


def test_a_track_has_at_most_twenty_thousand_points(phone_of, cast):
    body = patrol_body(LINE)
    body["track"]["points"] = [body["track"]["points"][0]] * 20_001
    refused = phone_of(cast.wang).put(f"{PATROLS}/{new_id()}", json=body)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/track/points")


def test_a_segment_of_another_county_does_not_exist_for_a_village_chief(phone_of, cast):
    wang, body = phone_of(cast.wang), patrol_body(LINE)
    foreign, unknown = [
        wang.put(f"{PATROLS}/{new_id()}", json=body | {"segment": name}) for name in ("CHIPING-371503", "nowhere")
    ]
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.json["errors"] == [{"pointer": "/segment", "detail": "没有这个河段，或不在您的辖区内。"}]
    assert foreign.json | {"instance": ""} == unknown.json | {"instance": ""}
    item = {"type": "patrol", "id": str(new_id()), "body": body | {"segment": "nowhere"}}
    result = wang.post("/api/v1/sync", json={"items": [item]}).json["results"][0]
    assert (result["status"], result["problem"]["status"]) == ("refused", 404)
    assert result["problem"]["errors"][0]["pointer"] == "/body/segment"


def test_an_office_is_told_whether_it_is_the_segment_or_the_person_that_it_cannot_enter(phone_of, cast):
    office, body = phone_of(cast.sun), patrol_body(LINE)

    def refused(**said: str) -> tuple[int, str]:
        answer = office.put(f"{PATROLS}/{new_id()}", json=body | said)
        return answer.status_code, answer.json["errors"][0]["pointer"]

    assert refused(on_behalf_of=str(cast.wang), segment="CHIPING-371503") == (404, "/segment")
    assert refused(on_behalf_of=str(cast.wang), segment="nowhere") == (404, "/segment")
    assert refused(on_behalf_of=str(cast.wu)) == (404, "/on_behalf_of")
    assert refused(on_behalf_of=str(new_id())) == (404, "/on_behalf_of")
    assert refused() == (404, "/segment")


def test_problems_speak_the_readers_language_and_keep_their_type(phone_of, cast):
    phone, body = phone_of(cast.wang), changed("/segment", None)
    chinese = phone.put(f"{PATROLS}/{new_id()}", json=body).json
    english = phone.put(f"{PATROLS}/{new_id()}", json=body, headers={"Accept-Language": "en-GB"}).json
    assert chinese["title"] == "填写的内容有误"
    assert english["title"] == "Something was filled in wrongly"
    assert chinese["type"] == english["type"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=x",
        "cursor=!!",
        "cursor=e30",
        "from=now",
        "outcome=great",
        "region=37a",
        "person=me",
    ],
)
def test_wrong_questions_are_told_so(phone_of, cast, query):
    assert phone_of(cast.li).get(f"{PATROLS}?{query}").status_code == 422


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "116,36,115,37", "115,36,116,36", "-181,0,0,1", "nan,0,1,1"])
def test_boxes_that_are_none_are_told_so(phone_of, cast, box):
    refused = phone_of(cast.li).get("/api/v1/segments", query_string={"bbox": box})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/bbox")


def test_in_a_batch_each_item_stands_alone(phone_of, cast):
    good, bad = str(new_id()), str(new_id())
    body = patrol_body(LINE)
    items = [
        {"type": "patrol", "id": good, "body": body},
        {"type": "patrol", "id": bad, "body": changed("/track/points/3/1", 91.0)},
        {"type": "patrol", "id": good, "body": body | {"note": "其他"}},
        {"type": "hazard", "id": str(new_id()), "body": {}},
        {"type": "patrol", "id": good, "body": body},
        "nothing",
        {},
    ]
    answer = phone_of(cast.wang).post("/api/v1/sync", json={"items": items})
    results = answer.json["results"]
    assert [each["status"] for each in results] == [
        "created",
        "refused",
        "conflict",
        "refused",
        "unchanged",
        "refused",
        "refused",
    ]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/body/track/points/3/1"
    assert results[0]["receipt"]["seq"] == results[4]["receipt"]["seq"]
    assert len(results[0]["receipt"]["body_sha256"]) == 64
    assert phone_of(cast.wang).post("/api/v1/sync", json={"items": [{}] * 201}).status_code == 422


def test_dates_of_1970_and_next_week_are_kept(phone_of, cast):
    phone = phone_of(cast.wang)
    for started in ("1970-01-01T00:00:00Z", "9999-12-30T00:00:00Z"):
        body = patrol_body(LINE) | {"started_at": started, "ended_at": started, "track": {"points": []}}
        kept = phone.put(f"{PATROLS}/{new_id()}", json=body)
        assert kept.status_code == 201, kept.json
        assert phone.get(f"{PATROLS}/{kept.json['id']}").status_code == 200
    assert NOON.year == 2025


@pytest.mark.parametrize("depth", [9, 400])
def test_what_a_phone_says_of_itself_is_not_nested_without_end(phone_of, cast, session, depth):
    raw = json.dumps(patrol_body(LINE))[:-1] + ', "client": {"odd": ' + "[" * depth + "]" * depth + "}}"
    wang = phone_of(cast.wang)
    refused = wang.put(f"{PATROLS}/{new_id()}", data=raw, content_type="application/json")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/client")
    item = f'{{"items": [{{"type": "patrol", "id": "{new_id()}", "body": {raw}}}]}}'
    synced = wang.post("/api/v1/sync", data=item, content_type="application/json").json["results"][0]
    assert (synced["status"], synced["problem"]["errors"][0]["pointer"]) == ("refused", "/body/client")
    assert session.scalar(select(func.count()).select_from(Patrol)) == 0
