"""Joint work at its doors: clues from the law, walks together, meetings with tasks; who may not, what is counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.domain.terms import Post
from backend.models.notices import Notice
from backend.models.people import Absence
from tests.api.hazard_cases import PLACE, Case
from tests.cast import COUNTY, NOON, OTHER_COUNTY, add_appointment, add_person
from tests.makers import new_id

API = "/api/v1"
JOINT: dict[str, Any] = {"segment": "TUHAI-371502-001", "day": "2025-07-02", "purpose": "查采砂船"}


@pytest.fixture
def on_leave(session):
    """Lets somebody be away, with somebody else who acts for them."""

    def away(person: UUID, substitute: UUID) -> None:
        leave = {"person_id": person, "substitute_id": substitute, "from_day": NOON.date()}
        session.add(Absence(id=new_id(), **leave))
        session.flush()

    return away


def test_a_clue_goes_to_whoever_acts_for_the_absent(phone_of, cast, session, keyring, on_leave):
    other = add_person(session, keyring, "lu", "鲁科员", 77)
    add_appointment(session, other, Post.BUREAU_CLERK, OTHER_COUNTY)
    on_leave(cast.feng, other)
    on_leave(cast.shen, cast.han)

    def told() -> list[UUID]:
        return sorted(session.scalars(select(Notice.person_id).where(Notice.key == "clue")))

    case = Case(phone_of, cast.wang)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "transfer", post="police_chief", note="移送")
    out = {"hazard": str(case.id), "return_on": "2025-07-20", "note": "请答复"}
    assert phone_of(cast.feng).put(f"{API}/clues/{new_id()}", json=out).status_code == 201
    assert told() == [cast.han]
    found = {"id": str(new_id()), "kind": "four_illegal.mine", "severity": "major", "location": PLACE}
    clue = {"found": found | {"description": "抽砂"}, "return_on": "2025-07-12", "note": "请核实"}
    assert phone_of(cast.shen).put(f"{API}/clues/{new_id()}", json=clue).status_code == 201
    assert told() == sorted([cast.han, cast.sun, other])


def test_police_hand_a_clue_in_and_the_office_answers_it(phone_of, cast, session):
    barge = Case.__new__(Case)
    barge.phone_of, barge.id = phone_of, new_id()
    found: dict[str, Any] = {"id": str(barge.id), "kind": "four_illegal.mine", "severity": "major", "location": PLACE}
    clue: dict[str, Any] = {
        "found": found | {"description": "夜间有船抽砂"},
        "return_on": "2025-07-12",
        "note": "请核实采砂许可",
    }
    path = f"{API}/clues/{new_id()}"
    for status in (201, 200):
        answer = phone_of(cast.shen).put(path, json=clue)
        assert (answer.status_code, answer.json["way"]) == (status, "in"), answer.text
    assert set(session.scalars(select(Notice.person_id).where(Notice.key == "clue"))) == {cast.feng, cast.sun}
    assert barge.seen_by(cast.feng).json["source"] == "clue"
    listed = phone_of(cast.feng).get(f"{API}/hazards?source=clue").json["items"]
    assert [each["id"] for each in listed] == [str(barge.id)]
    assert phone_of(cast.feng).get(f"{API}/hazards?source=inspection").json["items"] == []
    assert phone_of(cast.feng).get(f"{API}/hazards?handed=true").json["items"] == []
    for person in (cast.wu, cast.han):
        assert phone_of(person).get(f"{API}/clues").json["items"] == []
    assert phone_of(cast.shen).post(f"{path}/answer", json={"text": "?"}).status_code == 403
    own = clue | {"found": clue["found"] | {"id": str(new_id())}}
    assert phone_of(cast.feng).put(f"{API}/clues/{new_id()}", json=own).status_code == 403
    again = phone_of(cast.shen).put(f"{API}/clues/{new_id()}", json=clue)
    assert again.status_code == 409, "the same find under another clue"
    out = {"hazard": str(barge.id), "return_on": "2025-07-20", "note": "?"}
    assert phone_of(cast.feng).put(f"{API}/clues/{new_id()}", json=out).status_code == 409
    assert phone_of(cast.feng).post(f"{path}/answer", json={"text": "没有采砂许可，已立案。"}).status_code == 200
    assert phone_of(cast.feng).post(f"{path}/answer", json={"text": "又一次"}).status_code == 409
    for hazard, many in ((barge.id, 1), (new_id(), 0)):
        assert len(phone_of(cast.shen).get(f"{API}/clues?hazard={hazard}").json["items"]) == many


def test_for_a_prosecutor_there_is_no_case_before_it_is_handed_over(phone_of, cast):
    case = Case(phone_of, cast.wang)
    suggestion = {"hazard": str(case.id), "document": "东检建1号", "text": "建议清理"}
    path = f"{API}/suggestions/{new_id()}"
    assert phone_of(cast.han).put(path, json=suggestion).status_code == 404
    case.act(cast.feng, "accept")
    case.act(cast.feng, "transfer", post="police_chief", note="涉嫌非法采矿")
    assert phone_of(cast.shen).put(path, json=suggestion).status_code == 403
    case.act(cast.shen, "hand_back", note="转公益诉讼")
    case.act(cast.feng, "transfer", post="prosecutor", note="公益诉讼")
    assert phone_of(cast.feng).put(path, json=suggestion).status_code == 404
    for status in (201, 200):
        assert phone_of(cast.han).put(path, json=suggestion).status_code == status
    listed = phone_of(cast.feng).get(f"{API}/suggestions?hazard={case.id}").json["items"]
    assert [each["document"] for each in listed] == ["东检建1号"]
    assert phone_of(cast.wu).get(path).status_code == 404
    assert phone_of(cast.han).post(f"{path}/reply", json={"text": "?"}).status_code == 403
    assert phone_of(cast.sun).post(f"{path}/reply", json={"text": "已清理"}).status_code == 200
    assert phone_of(cast.feng).post(f"{path}/reply", json={"text": "?"}).status_code == 409


def test_offices_write_up_walks_and_meetings_and_count_them(phone_of, cast):
    joint = JOINT | {"people": [str(cast.wang), str(cast.shen)]}
    assert phone_of(cast.shen).put(f"{API}/joint-patrols/{new_id()}", json=joint).status_code == 404
    assert phone_of(cast.feng).put(f"{API}/joint-patrols/{new_id()}", json=joint).status_code == 201
    (seen,) = phone_of(cast.shen).get(f"{API}/joint-patrols").json["items"]
    assert {each["name"]: each["patrol"] for each in seen["people"]} == {"王村长": None, "沈警长": None}
    assert phone_of(cast.han).get(f"{API}/joint-patrols").json["items"] == []
    meeting: dict[str, Any] = {"region": COUNTY, "title": "三长联席会议", "at": NOON.isoformat(), "minutes": "通报案件"}
    meeting |= {"people": [str(cast.han), str(cast.shen)], "tasks": [{"text": "安装监控", "due_on": "2025-10-01"}]}
    place = f"{API}/joint-meetings/{new_id()}"
    for status in (201, 200):
        assert phone_of(cast.feng).put(place, json=meeting).status_code == status
    other = f"{API}/joint-meetings/{new_id()}"
    assert phone_of(cast.feng).put(other, json=meeting | {"people": [str(new_id())]}).status_code == 422
    tasks = [{"text": "?", "due_on": "2025-10-01", "order": str(new_id())}]
    assert phone_of(cast.feng).put(other, json=meeting | {"tasks": tasks}).status_code == 404
    assert len(phone_of(cast.han).get(f"{API}/joint-meetings").json["items"]) == 1
    assert phone_of(cast.han).post(f"{place}/tasks/1/done").status_code == 403
    assert phone_of(cast.feng).post(f"{place}/tasks/2/done").status_code == 404
    for _ in range(2):
        assert phone_of(cast.feng).post(f"{place}/tasks/1/done").json["tasks"][0]["done_at"] is not None
    counted = phone_of(cast.feng).get(f"{API}/cooperation").json["total"]
    assert {name: many for name, many in counted.items() if many} == {
        "joint_patrols": 1, "meetings": 1, "tasks": 1, "tasks_done": 1,
    }  # fmt: skip
    assert phone_of(cast.han).get(f"{API}/cooperation").status_code == 404
    assert phone_of(cast.feng).get(f"{API}/cooperation?from=2025-08-01&to=2025-07-01").status_code == 422


def test_people_are_found_by_their_whole_names(phone_of, cast):
    found = phone_of(cast.feng).get(f"{API}/people", query_string={"names": "沈警长,王村长,王村,吴区长"}).json["items"]
    assert {each["name"] for each in found} == {"沈警长", "王村长"}


def test_what_is_arranged_for_a_day_that_cannot_be_meant_is_named(phone_of, cast):
    people = [str(cast.wang)]
    walk: dict[str, Any] = {"segment": "TUHAI-371502-001", "day": "9998-12-31", "purpose": "?", "people": people}
    meeting: dict[str, Any] = {"region": COUNTY, "title": "会商", "place": "会议室", "at": NOON.isoformat()}
    meeting |= {
        "minutes": "通报",
        "people": people,
        "tasks": [{"text": "?", "due_on": "2030-07-01"}, {"text": "?", "due_on": "9998-12-31"}],
    }
    for noun, body, place in (("patrols", walk, "/day"), ("meetings", meeting, "/tasks/1/due_on")):
        refused = phone_of(cast.feng).put(f"{API}/joint-{noun}/{new_id()}", json=body)
        assert (refused.status_code, [each["pointer"] for each in refused.json["errors"]]) == (422, [place])
