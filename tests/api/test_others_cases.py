"""Hazards seen by those whom only this one concerns: its watcher, a unit, the police, whoever reported the same."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from backend.models.people import Unit
from tests.api.hazard_cases import HAZARDS, Case, photo
from tests.cast import NOON

PHONE = re.compile(r"(?<![0-9a-f-])1\d{10}(?![0-9a-f-])")
"""A mobile number, and no part of an id or a digest."""


@pytest.fixture
def heap(phone_of, cast) -> Case:
    """Reported by Wang and accepted."""
    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    return case


@pytest.fixture
def heard(phone_of):
    """What somebody's phone hears of hazards since it asked last: id → op."""
    places: dict = {}

    def since(person) -> dict[str, str]:
        asked = {"since": places[person]} if person in places else {}
        told = phone_of(person).get("/api/v1/sync", query_string=asked).json
        places[person] = told["next"]
        return {each["id"]: each["op"] for each in told["changes"] if each["type"] == "hazard"}

    return since


def test_who_watches_a_measure_sees_and_checks_it_though_the_hazard_lies_in_another_county(heap, phone_of, cast, clock):
    assert heap.seen_by(cast.wu).status_code == 404
    added = heap.act(cast.li, "add_interim", note="围挡", watcher=str(cast.wu), every_h=12)
    measure = added.json["interim"][0]["id"]
    seen = heap.seen_by(cast.wu).json
    assert (seen["allowed"], seen["similar"]) == (["check_interim", "comment"], [])
    assert [each["id"] for each in phone_of(cast.wu).get(HAZARDS).json["items"]] == [str(heap.id)]
    assert heap.act(cast.wu, "assign", unit="HOUSING").status_code == 403
    assert heap.act(cast.wu, "add_interim", note="x", watcher=str(cast.wu), every_h=12).status_code == 403
    clock.now += timedelta(hours=13)
    checked = heap.act(cast.wu, "check_interim", measure=measure, note="完好")
    assert (checked.status_code, checked.json["interim"][0]["is_late"]) == (200, False)
    heap.act(cast.feng, "reject", note="不在管理范围")
    assert heap.seen_by(cast.wu).status_code == 404


def test_a_village_chief_checks_the_measure_they_watch_and_no_other_one_does(heap, cast):
    added = heap.act(cast.li, "add_interim", note="围挡", watcher=str(cast.wang), every_h=12)
    measure = added.json["interim"][0]["id"]
    assert "check_interim" in heap.seen_by(cast.wang).json["allowed"]
    assert "check_interim" not in heap.seen_by(cast.he).json["allowed"]
    assert heap.act(cast.he, "check_interim", measure=measure).status_code == 403
    assert heap.act(cast.wang, "check_interim", measure=measure).status_code == 200


def test_a_unit_sees_what_it_was_given_and_nothing_that_is_only_proposed_to_it(phone_of, cast, session):
    session.get_one(Unit, "HOUSING").handles = ["four_illegal.dump"]
    session.flush()
    heap, beside = Case(phone_of, cast.wang), Case(phone_of, cast.he)
    yang = phone_of(cast.yang)
    assert heap.answer.json["unit"]["code"] == "HOUSING"
    assert heap.seen_by(cast.yang).status_code == 404
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    seen = heap.seen_by(cast.yang)
    assert (seen.status_code, seen.json["similar"]) == (200, [])
    assert [each["id"] for each in heap.seen_by(cast.feng).json["similar"]] == [str(beside.id)]
    assert [each["id"] for each in yang.get(HAZARDS).json["items"]] == [str(heap.id)]
    assert yang.get("/api/v1/patrols").status_code == 403
    heap.act(cast.yang, "return", note="不归住建")
    assert heap.seen_by(cast.yang).status_code == 404


def test_the_police_see_one_hazard_and_nothing_around_it(heap, phone_of, cast):
    beside, merged = Case(phone_of, cast.he), Case(phone_of, cast.chen)
    merged.act(cast.feng, "merge", into=str(heap.id))
    heap.act(cast.feng, "transfer", post="police_chief", note="涉嫌违法倾倒")
    shen = phone_of(cast.shen)
    page = heap.seen_by(cast.shen)
    assert (page.status_code, page.json["similar"]) == (200, [])
    assert PHONE.search("12300000006")
    assert not PHONE.search(page.text)
    assert [each["id"] for each in shen.get(f"{HAZARDS}?status=reported&status=accepted").json["items"]] == [
        str(heap.id)
    ]
    for other in (beside, merged):
        assert other.seen_by(cast.shen).status_code == 404
        assert shen.get(f"{HAZARDS}/{other.id}/timeline").status_code == 404
        assert shen.get(f"{HAZARDS}/{other.id}/evidence.zip").status_code == 404
    for path in ("/segments", "/patrols", "/people", "/duties?region=371502"):
        assert shen.get(f"/api/v1{path}").status_code == 403, path
    assert heap.seen_by(cast.han).status_code == 404


def test_the_police_act_on_what_they_have_and_only_while_they_have_it(heap, cast):
    heap.act(cast.feng, "transfer", post="police_chief", note="涉嫌违法倾倒")
    assert set(heap.seen_by(cast.shen).json["allowed"]) == {"hand_back", "comment"}
    assert heap.act(cast.shen, "close").status_code == 403
    etag = heap.seen_by(cast.shen).headers["ETag"]
    assert heap.act(cast.shen, "hand_back", note="不予立案").status_code == 200
    assert heap.act(cast.shen, "comment", etag=etag, note="还想补充").status_code == 404


@pytest.mark.only_on("sqlite")  # PostgreSQL shows only what is committed
def test_everybody_whose_case_it_is_hears_of_it_and_when_it_is_theirs_no_longer(heap, heard, phone_of, cast):
    everybody = (cast.wang, cast.yang, cast.shen, cast.wu, cast.chen)
    this = str(heap.id)
    for person in everybody:
        heard(person)
    heap.act(cast.feng, "assign", unit="HOUSING")
    assert heard(cast.yang) == heard(cast.wang) == {this: "put"}
    heap.act(cast.feng, "transfer", post="police_chief", note="涉嫌违法倾倒")
    heap.act(cast.li, "add_interim", note="围挡", watcher=str(cast.wu), every_h=12)
    assert heard(cast.shen) == heard(cast.wu) == heard(cast.yang) == {this: "put"}
    heap.act(cast.shen, "hand_back", note="不予立案")
    assert heard(cast.shen) == {this: "gone"}
    heap.act(cast.yang, "report_done", photos=[photo(NOON)])
    assert heard(cast.wu) == {this: "put"}
    heap.act(cast.feng, "verify")
    heap.act(cast.feng, "close")
    assert (heard(cast.wu), heard(cast.wang)) == ({this: "gone"}, {this: "put"})
    assert heard(cast.chen) == {}


@pytest.mark.only_on("sqlite")  # PostgreSQL shows only what is committed
def test_a_merged_report_hears_of_merging_closing_reopening_and_parting(heap, heard, phone_of, cast):
    again = Case(phone_of, cast.chen)
    this = str(again.id)

    def becomes(*acts: tuple) -> tuple[dict[str, str], str | None]:
        for case, person, act, said in acts:
            assert case.act(person, act, **said).status_code == 200, act
        merged = again.seen_by(cast.chen).json["merged_with"]
        return heard(cast.chen), merged and merged["state"]

    heard(cast.chen)
    assert becomes((again, cast.feng, "merge", {"into": str(heap.id)})) == ({this: "put"}, "accepted")
    mended = [(heap, cast.feng, "assign", {"unit": "HOUSING"}), (heap, cast.yang, "report_done", {"photos": [photo()]})]
    closed: list[tuple] = [(heap, cast.feng, "verify", {}), (heap, cast.feng, "close", {})]
    assert becomes(*mended, *closed) == ({this: "put"}, "closed")
    assert heap.seen_by(cast.chen).status_code == 404
    assert becomes((heap, cast.sun, "reopen", {"note": "又倒了"})) == ({this: "put"}, "assigned")
    assert becomes((again, cast.feng, "unmerge", {})) == ({this: "put"}, None)
