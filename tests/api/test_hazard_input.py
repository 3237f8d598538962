"""Bad input about hazards: a clear 4xx that names the place; the hazard stays as it was, and so does its timeline."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.domain.hazards import Act
from backend.models.hazards import Hazard, HazardAct
from tests.api.hazard_cases import AFTER, HAZARDS, PLACE, Case, photo, report
from tests.cast import NOON
from tests.makers import new_id


@pytest.fixture
def heap(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


def refused_at(answer: Any) -> list[str]:
    assert answer.mimetype == "application/problem+json"
    return [error["pointer"] for error in answer.json.get("errors", [])]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("/kind", "four_illegal.magic"),
        ("/kind", None),
        ("/severity", "terrible"),
        ("/severity", 3),
        ("/description", "x" * 5001),
        ("/description", "字" * 100_000),
        ("/description", "裂缝\x00"),
        ("/description", ["裂缝"]),
        ("/observed_at", "2025-07-02"),
        ("/observed_at", "1969-12-31T00:00:00Z"),
        ("/location", {"lon": 115.97}),
        ("/location", {"lon": 36.43, "lat": 115.97}),
        ("/location", {"lon": 113.26, "lat": 23.13}),
        ("/location", {"lon": 0, "lat": 0}),
        ("/location", {"lon": "115.97", "lat": [36.43]}),
        ("/location", PLACE | {"crs": "MARS"}),
        ("/location", PLACE | {"height": 3}),
        ("/photos", ["../../etc/passwd"]),
        ("/photos", ["A" * 64]),
        ("/photos", [{"sha256": AFTER, "at": "noon"}]),
        ("/photos", [{"sha256": AFTER, "location": {"lon": 200, "lat": 0}}]),
        ("/photos", [AFTER] * 101),
        ("/patrol", "the one of this morning"),
        ("/segment", ""),
        ("/state", "closed"),
        ("/unit", "HOUSING"),
        ("/due_at", "2030-01-01T00:00:00+08:00"),
    ],
)
def test_a_report_that_cannot_be_meant_is_refused_by_its_place_alone_and_in_a_batch(
    phone_of, cast, session, place, value
):
    body = report() | {place.strip("/"): value}
    wang = phone_of(cast.wang)
    refused = wang.put(f"{HAZARDS}/{new_id()}", json=body)
    assert refused.status_code == 422, refused.json
    assert all(pointer.startswith(place) for pointer in refused_at(refused)), refused.json
    item = {"type": "hazard", "id": str(new_id()), "body": body}
    result = wang.post("/api/v1/sync", json={"items": [item]}).json["results"][0]
    assert (result["status"], result["problem"]["status"]) == ("refused", 422)
    assert all(error["pointer"].startswith(f"/body{place}") for error in result["problem"]["errors"])
    assert session.scalar(select(func.count()).select_from(Hazard)) == 0


@pytest.mark.parametrize(
    "words",
    [
        "=cmd|'/c calc'!A1",
        "+86 在桥下\t@SUM(A1)",
        "\u202e倒着写的\u2066字\u2069",
        "\ufeff零宽\u200b字符\u0001\x1b[31m",
        "<script>alert(1)</script>",
        "'; DROP TABLE hazard; --",
        "😀" * 2500,
        "",
    ],
)
def test_what_somebody_writes_is_kept_letter_by_letter(phone_of, cast, words):
    kept = Case(phone_of, cast.wang, description=words)
    assert kept.answer.status_code == 201
    assert kept.seen_by(cast.feng).json["description"] == words
    assert kept.act(cast.feng, "comment", note=words or "。").json["timeline"][-1]["said"]["note"] == (words or "。")


@pytest.mark.parametrize("words", ['"\\ud800"', '"\\udc00x"', '"a\\ud83d"'])
def test_half_a_letter_is_refused(heap, phone_of, cast, words):
    raw = json.dumps(report()).replace(json.dumps(report()["description"]), words)
    put = phone_of(cast.wang).put(f"{HAZARDS}/{new_id()}", data=raw, content_type="application/json")
    act = f'{{"id": "{new_id()}", "action": "comment", "note": {words}}}'
    posted = phone_of(cast.feng).post(
        f"{HAZARDS}/{heap.id}/actions",
        data=act,
        content_type="application/json",
        headers={"If-Match": heap.seen_by(cast.feng).headers["ETag"]},
    )
    assert (put.status_code, posted.status_code) == (400, 400)
    assert len(heap.seen_by(cast.feng).json["timeline"]) == 1


@pytest.mark.parametrize(
    ("act", "place", "status"),
    [
        ({"action": "burn"}, "/action", 422),
        ({"action": None}, "/action", 422),
        ({"action": "accept", "id": "x"}, "/id", 422),
        ({"action": "accept", "severity": "worst"}, "/severity", 422),
        ({"action": "accept", "color": "red"}, "/color", 422),
        ({"action": "comment"}, "/note", 422),
        ({"action": "comment", "note": "字" * 5001}, "/note", 422),
        ({"action": "comment", "note": "x\x00"}, "/note", 422),
        ({"action": "supervise", "watch": "none"}, "/watch", 422),
        ({"action": "transfer", "post": "city_chief", "note": "x"}, "/post", 422),
        ({"action": "assign"}, "/unit", 422),
        ({"action": "merge", "into": "there"}, "/into", 422),
        ({"action": "add_interim", "note": "x", "watcher": "me", "every_h": 12}, "/watcher", 422),
        *(
            ({"action": "add_interim", "note": "x", "watcher": "wang", "every_h": hours}, "/every_h", 422)
            for hours in (0, -1, 10**20, 1.5, "often", True, 9000)
        ),
        ({"action": "reject"}, "/note", 422),
        ({"action": "reject", "note": "重复", "photos": [{"sha256": "zz"}]}, "/photos/0", 422),
    ],
)
def test_an_act_that_cannot_be_meant_changes_nothing(heap, phone_of, cast, session, act, place, status):
    heap.act(cast.feng, "accept")
    before = heap.seen_by(cast.feng)
    said = act | ({"watcher": str(cast.wang)} if act.get("watcher") == "wang" else {})
    body = {"id": str(new_id())} | said
    refused = phone_of(cast.feng).post(
        f"{HAZARDS}/{heap.id}/actions", json=body, headers={"If-Match": before.headers["ETag"]}
    )
    assert refused.status_code == status, refused.json
    assert all(pointer.startswith(place) for pointer in refused_at(refused)), refused.json
    assert heap.seen_by(cast.feng).json == before.json
    assert session.scalar(select(func.count()).select_from(HazardAct)) == 1


def test_more_time_may_be_asked_for_until_the_end_of_time_and_no_further(heap, cast):
    heap.act(cast.feng, "accept")
    heap.act(cast.feng, "assign", unit="HOUSING")
    for until in ("9999-12-31T23:59:59+08:00", "2025-07-01T00:00:00+08:00", "10000-01-01T00:00:00Z", "never"):
        refused = heap.act(cast.yang, "ask_extension", until=until, note="雨")
        assert (refused.status_code, refused_at(refused)) == (422, ["/until"]), until
    assert heap.act(cast.yang, "ask_extension", until="2026-06-30T00:00:00+08:00", note="雨").status_code == 200
    assert heap.act(cast.feng, "grant_extension").status_code == 200


SAID: dict[str, dict[str, Any]] = {
    "reject": {"note": "不在管理范围"},
    "assign": {"unit": "HOUSING"},
    "report_done": {"photos": [photo()]},
    "return": {"note": "没有修好"},
    "reopen": {"note": "又来了"},
    "transfer": {"post": "police_chief", "note": "涉嫌犯罪"},
    "hand_back": {"note": "不予立案"},
    "supervise": {"watch": "key"},
    "ask_extension": {"until": (NOON + timedelta(days=90)).isoformat(), "note": "雨"},
    "refuse_extension": {"note": "不同意"},
    "ask_coordination": {"note": "请协调"},
    "answer_coordination": {"note": "已协调"},
    "comment": {"note": "看过了"},
}
NAMES_SOMETHING = ("merge", "add_interim", "check_interim")


@pytest.mark.parametrize("ending", ["closed", "merged", "rejected"])
def test_on_what_is_over_nothing_can_be_done_but_what_is_said_to_be_allowed(phone_of, cast, ending):
    case = over(phone_of, cast, ending)
    everybody = (cast.feng, cast.sun, cast.qian, cast.li, cast.yang, cast.wang)
    pages = {person: page for person in everybody if (page := case.seen_by(person)).status_code == 200}
    for act in [each.value for each in Act if each.value not in NAMES_SOMETHING]:
        for person, page in pages.items():
            if act in page.json["allowed"]:
                continue
            refused = case.act(person, act, etag=page.headers["ETag"], **SAID.get(act, {}))
            assert refused.status_code in (403, 409), (act, refused.json)
            assert set(refused.json["allowed"]) == set(page.json["allowed"])
    assert {person: case.seen_by(person).json for person in pages} == {
        person: page.json for person, page in pages.items()
    }


def over(phone_of, cast, ending: str) -> Case:
    case = Case(phone_of, cast.wang)
    steps: dict[str, list[tuple]] = {
        "closed": [
            (cast.feng, "accept", {}),
            (cast.feng, "assign", {"unit": "HOUSING"}),
            (cast.yang, "report_done", {"photos": [photo()]}),
            (cast.feng, "verify", {}),
            (cast.feng, "close", {}),
        ],
        "rejected": [(cast.feng, "reject", {"note": "重复"})],
        "merged": [(cast.feng, "merge", {"into": str(Case(phone_of, cast.he).id)})],
    }
    for person, act, said in steps[ending]:
        assert case.act(person, act, **said).status_code == 200, act
    assert case.seen_by(cast.feng).json["state"] == ending
    return case


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_tried_in_whatever_order_only_what_was_allowed_happens(phone_of, cast, data):
    case = Case(phone_of, cast.wang)
    acts = st.sampled_from([each.value for each in Act if each.value not in NAMES_SOMETHING])
    people = st.sampled_from(["feng", "sun", "yang", "wang", "li", "zhao", "shen"])
    for act, name in data.draw(st.lists(st.tuples(acts, people), min_size=1, max_size=12)):
        person = getattr(cast, name)
        before = case.seen_by(person)
        if before.status_code == 404:
            continue
        told = case.act(person, act, **SAID.get(act, {}))
        facts = len(case.seen_by(cast.feng).json["timeline"])
        if told.status_code == 200:
            assert act in before.json["allowed"]
            assert facts == len(before.json["timeline"]) + 1
        else:
            assert told.status_code in (403, 409), (act, told.json)
            assert facts == len(before.json["timeline"])


@pytest.mark.parametrize("question", ["interim=perhaps", "waiting=maybe", "status=lost", "q=", "bbox=1,2,3", "kind=x"])
def test_questions_that_cannot_be_meant_are_told_so(phone_of, cast, question):
    assert phone_of(cast.feng).get(f"{HAZARDS}?{question}").status_code == 422


def test_words_of_a_search_are_words_and_no_pattern(heap, phone_of, cast):
    feng = phone_of(cast.feng)
    for words in ("%", "_", "\\", "'; --", "%00"):
        assert feng.get(HAZARDS, query_string={"q": words}).json["items"] == [], words
    assert len(feng.get(HAZARDS, query_string={"q": "建筑垃圾"}).json["items"]) == 1
