"""Hazards over HTTP: reported by anybody, found again by those who may see them."""

from __future__ import annotations

import pytest

from backend.models.people import Unit
from tests.api.hazard_cases import HAZARDS, Case, report
from tests.makers import new_id


@pytest.fixture
def heap(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


def test_the_place_finds_reach_region_and_unit_and_a_deadline_begins(heap):
    told = heap.answer.json
    assert heap.answer.status_code == 201
    assert (told["segment"]["code"], told["region"], told["state"]) == ("TUHAI-371502-001", "371502001001", "reported")
    assert told["deadlines"]["due_at"] == "2025-07-04T00:00:00+08:00"
    assert told["sentence"] == "已上报，待受理，期限 2025-07-03 24:00"
    assert told["chainage_m"] > 0


def test_the_same_report_may_be_sent_again_and_another_under_its_id_may_not(heap, phone_of, cast):
    again = phone_of(cast.wang).put(f"{HAZARDS}/{heap.id}", json=report(client={"version": "2"}))
    assert (again.status_code, again.json["receipt"]) == (200, heap.answer.json["receipt"])
    other = phone_of(cast.wang).put(f"{HAZARDS}/{heap.id}", json=report(description="别的"))
    foreign = phone_of(cast.chen).put(f"{HAZARDS}/{heap.id}", json=report())
    assert (other.status_code, foreign.status_code) == (409, 409)


def test_without_a_position_the_segment_is_named_and_without_both_it_is_asked_for(phone_of, cast):
    named = Case(phone_of, cast.wang, location=None, segment="TUHAI-371502-001")
    nothing = Case(phone_of, cast.wang, location=None)
    foreign = Case(phone_of, cast.wang, location=None, segment="CHIPING-371503")
    assert (named.answer.status_code, named.answer.json["location"]) == (201, None)
    assert (nothing.answer.status_code, nothing.answer.json["errors"][0]["pointer"]) == (422, "/location")
    assert (foreign.answer.status_code, foreign.answer.json["errors"][0]["pointer"]) == (404, "/segment")


def test_a_place_in_another_province_is_a_mistake(phone_of, cast):
    far = Case(phone_of, cast.wang, location={"lon": 113.26, "lat": 23.13})
    assert (far.answer.status_code, far.answer.json["errors"][0]["pointer"]) == (422, "/location")


def test_police_sees_what_was_handed_over_and_nothing_else(heap, cast, phone_of):
    other = Case(phone_of, cast.wang, kind="four_illegal.mine")
    assert heap.seen_by(cast.shen).status_code == 404
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "transfer", post="police_chief", note="涉嫌违法倾倒")
    assert heap.seen_by(cast.shen).status_code == 200
    assert other.seen_by(cast.shen).status_code == 404
    listed = phone_of(cast.shen).get(HAZARDS).json["items"]
    assert [each["id"] for each in listed] == [str(heap.id)]
    assert heap.act(cast.shen, "hand_back", note="已立案，现场请整改").status_code == 200
    assert heap.seen_by(cast.shen).status_code == 404


def test_a_chief_of_another_county_sees_nothing(heap, cast, phone_of):
    assert heap.seen_by(cast.wu).status_code == 404
    assert phone_of(cast.wu).get(HAZARDS).json["items"] == []


def test_open_hazards_of_the_same_kind_near_by_are_shown_and_can_be_merged_and_parted(heap, cast, phone_of):
    second = Case(phone_of, cast.he, description="同一堆垃圾")
    assert [each["id"] for each in second.answer.json["similar"]] == [str(heap.id)]
    merged = second.act(cast.feng, "merge", into=str(heap.id))
    assert (merged.json["state"], merged.json["merged_into"]) == ("merged", str(heap.id))
    assert second.act(cast.feng, "accept").status_code == 409
    parted = second.act(cast.feng, "unmerge")
    assert (parted.json["state"], parted.json["merged_into"]) == ("reported", None)


def test_lists_are_asked_by_state_kind_place_and_lateness(heap, cast, phone_of):
    feng = phone_of(cast.feng)

    def found(question: str) -> int:
        return len(feng.get(f"{HAZARDS}?{question}").json["items"])

    assert found("status=reported") == found("kind=four_illegal.dump") == found("region=371502001") == 1
    assert found("status=closed") == found("severity=critical") == found("overdue=true") == found("q=裂缝") == 0
    assert found("bbox=115.9,36.4,116.1,36.5") == 1
    assert found("segment=TUHAI-371502-001&status=reported&status=accepted") == 1


def test_a_queue_of_a_phone_holds_reports_and_acts_too(heap, cast, phone_of):
    li, hazard, act = phone_of(cast.li), new_id(), new_id()
    etag = heap.seen_by(cast.li).headers["ETag"]
    accept = {"hazard": str(heap.id), "if_match": etag, "action": "accept"}
    items = [
        {"type": "hazard", "id": str(hazard), "body": report(kind="water.drift")},
        {"type": "hazard_action", "id": str(act), "body": accept},
        {"type": "hazard_action", "id": str(new_id()), "body": accept | {"action": "reject", "note": "?"}},
        {"type": "hazard", "id": str(new_id()), "body": report(kind="dragons")},
        {"type": "hazard_action", "id": str(new_id()), "body": {"action": "accept"}},
    ]
    first = li.post("/api/v1/sync", json={"items": items}).json["results"]
    assert [each["status"] for each in first] == ["created", "created", "refused", "refused", "refused"]
    assert first[1]["thing"]["state"] == "accepted"
    now = heap.seen_by(cast.li).headers["ETag"]
    assert first[1]["thing"]["etag"] == first[2]["problem"]["present"]["etag"] == now != etag
    assert [each["pointer"] for each in first[3]["problem"]["errors"]] == ["/body/kind"]
    assert [each["pointer"] for each in first[4]["problem"]["errors"]] == ["/body/hazard"]
    again = li.post("/api/v1/sync", json={"items": items[:2]}).json["results"]
    assert [each["status"] for each in again] == ["unchanged", "unchanged"]
    assert again[1]["receipt"] == first[1]["receipt"]


def test_a_page_goes_on_where_the_last_one_ended(phone_of, cast):
    made = [str(Case(phone_of, cast.wang, description=f"第{n}堆").id) for n in range(3)]
    feng = phone_of(cast.feng)
    first = feng.get(f"{HAZARDS}?limit=2").json
    second = feng.get(first["next"]).json
    assert [each["id"] for each in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
    assert feng.get(f"{HAZARDS}?cursor=WyJ4Il0").status_code == 422


def test_the_unit_that_handles_such_things_there_is_proposed(phone_of, cast, session):
    session.add(Unit(code="TOWN", name="古楼街道", region_code="371502001", kind="town", handles=["four_illegal.dump"]))
    session.add(Unit(code="CITY", name="市城管局", region_code="3715", handles=["four_illegal.dump", "water.drift"]))
    session.flush()
    assert Case(phone_of, cast.wang).answer.json["unit"]["code"] == "TOWN"
    assert Case(phone_of, cast.wang, kind="water.drift").answer.json["unit"]["code"] == "CITY"
    assert Case(phone_of, cast.wang, kind="flood.scour").answer.json["unit"] is None
    session.add(Unit(code="WATER", name="区水利局", region_code="371502", kind="water_bureau"))
    session.add(Unit(code="SLUICES", name="闸管所", region_code="3715", handles=["flood.sluice_fault"]))
    session.flush()
    assert Case(phone_of, cast.wang, kind="flood.scour").answer.json["unit"]["code"] == "WATER"
    assert Case(phone_of, cast.wang, kind="flood.sluice_fault").answer.json["unit"]["code"] == "SLUICES"


def test_the_photos_of_a_report_tell_which_views_are_still_missing(phone_of, cast):
    heap = Case(phone_of, cast.wang, photos=["a" * 64])
    given = {each["key"]: each["is_given"] for each in heap.seen_by(cast.feng).json["evidence"]}
    assert given == {
        "whole_view": True,
        "close_view": False,
        "size": None,
        "after_view": False,
        "bank": None,
        "disposal": None,
    }


def test_its_page_names_what_its_kind_asks_for_and_the_law(phone_of, cast):
    heap = Case(phone_of, cast.wang)
    told = heap.seen_by(cast.feng).json
    assert (told["kind_name"], told["evidence"][0]["text"]) == ("乱堆", "全景照片")
    assert {each["needed_at"] for each in told["evidence"]} == {"report", "closing"}
    assert told["legal_basis"][0] == "《水法》第三十七条"
    assert {each["is_given"] for each in told["evidence"] if each["key"].endswith("_view")} == {False}
    english = phone_of(cast.feng).get(f"{HAZARDS}/{heap.id}", headers={"Accept-Language": "en"}).json
    assert english["legal_basis"][0] == "Water Law, article 37"
