"""What somebody sends by mistake or on purpose breaks no list, proves nothing, and reaches nobody who cannot act."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from tests.api.hazard_cases import HAZARDS, Case, photo, report
from tests.cast import NOON
from tests.makers import new_id


@pytest.fixture
def heap(phone_of, cast) -> Case:
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", unit="HOUSING")
    return case


def refused(answer, pointer: str) -> None:
    assert answer.status_code in (404, 422), answer.json
    assert [each["pointer"] for each in answer.json["errors"]] == [pointer]


def test_more_time_than_a_year_is_refused_and_every_list_can_be_read(heap, phone_of, cast):
    refused(heap.act(cast.yang, "ask_extension", until="9999-12-31T23:59:59Z", note="很久"), "/until")
    for who in (cast.feng, cast.wang, cast.qian):
        assert phone_of(who).get(HAZARDS).status_code == 200
        assert phone_of(who).get("/api/v1/notices").status_code == 200


@pytest.mark.parametrize("every_h", [0, -5, 721, 10**15, 1.5, 1e300, "6"])
def test_a_measure_is_checked_every_hour_to_every_month(heap, cast, every_h):
    said = {"note": "沙袋", "watcher": str(cast.wang), "every_h": every_h}
    refused(heap.act(cast.feng, "add_interim", **said), "/every_h")


def test_an_open_hazard_is_not_merged_into_a_closed_one(heap, phone_of, cast):
    other = Case(phone_of, cast.wang)
    heap.act(cast.yang, "report_done", photos=[photo()])
    heap.act(cast.sun, "verify")
    assert heap.act(cast.feng, "close").status_code == 200
    assert other.act(cast.feng, "merge", into=str(heap.id)).status_code == 409


def test_a_photo_of_tomorrow_or_of_2099_proves_nothing_and_whoever_verifies_may_bring_one_of_today(heap, cast):
    heap.act(cast.yang, "report_done", photos=[photo(at=NOON + timedelta(days=2))])
    heap.act(cast.sun, "verify")
    assert heap.act(cast.feng, "close").status_code == 409
    assert heap.act(cast.feng, "close", photos=[photo(at=NOON)]).status_code == 200


def test_a_place_far_from_the_reach_that_is_named_is_a_mistake(phone_of, cast):
    for place in ({"lon": 0, "lat": 0}, {"lon": 180, "lat": 90}, {"lon": 121.5, "lat": 31.2}):
        body = report(segment="TUHAI-371502-001", location=place)
        refused(phone_of(cast.wang).put(f"{HAZARDS}/{new_id()}", json=body), "/location")


def test_a_version_of_the_policy_begins_within_two_years(phone_of, cast):
    body = {"body": {"listed": "90d"}, "valid_from": "9999-12-31T23:59:59+00:00", "reason": "x"}
    refused(phone_of(cast.jin).post("/api/v1/rules/hazards", json=body), "/valid_from")
    refused(phone_of(cast.jin).post("/api/v1/rules", json=body | {"body": {}}), "/valid_from")


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "2025-07-02T00:00:00"])
def test_a_cursor_that_no_list_gave_is_refused(phone_of, cast, at):
    cursor = base64.urlsafe_b64encode(json.dumps([at, str(new_id())]).encode()).decode().rstrip("=")
    refused(phone_of(cast.feng).get("/api/v1/notices", query_string={"cursor": cursor}), "/cursor")


def test_a_look_at_whether_there_is_a_case_file_takes_none(heap, phone_of, cast):
    with phone_of(cast.sun).head(f"{HAZARDS}/{heap.id}/evidence.zip") as answer:
        assert answer.status_code < 300
    assert "take_evidence" not in [each["act"] for each in heap.seen_by(cast.sun).json["timeline"]]


def test_a_version_is_the_same_in_every_language(heap, phone_of, cast):
    english = phone_of(cast.feng).get(f"{HAZARDS}/{heap.id}", headers={"Accept-Language": "en"}).headers["ETag"]
    assert heap.act(cast.feng, "comment", etag=english, note="一").status_code == 200
