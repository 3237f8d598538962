"""Sand is found by police, walked after together, handed to the prosecutor, and ends in a suggestion with a reply."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.models.notices import Notice
from jobs import suggestions as chase
from tests.api.hazard_cases import PLACE, Case
from tests.cast import COUNTY, LINE, NOON
from tests.makers import new_id, patrol_body

API = "/api/v1"


def test_a_case_goes_through_police_to_the_prosecutors_suggestion(phone_of, cast, clock, session, house):
    # The police chief finds a barge and hands a clue in, with the day by which an answer is asked for.
    barge = Case.__new__(Case)
    barge.phone_of, barge.id = phone_of, new_id()
    found: dict[str, Any] = {"id": str(barge.id), "kind": "four_illegal.mine", "severity": "major", "location": PLACE}
    clue: dict[str, Any] = {
        "found": found | {"description": "夜间有船抽砂"},
        "return_on": "2025-07-12",
        "note": "请核实采砂许可",
    }
    clue_path = f"{API}/clues/{new_id()}"
    for status in (201, 200):
        answer = phone_of(cast.shen).put(clue_path, json=clue)
        assert (answer.status_code, answer.json["way"]) == (status, "in"), answer.text
    assert set(session.scalars(select(Notice.person_id).where(Notice.key == "clue"))) == {cast.feng, cast.sun}
    assert phone_of(cast.wu).get(f"{API}/clues").json["items"] == []
    assert phone_of(cast.han).get(f"{API}/clues").json["items"] == []
    assert phone_of(cast.shen).post(f"{clue_path}/answer", json={"text": "?"}).status_code == 403
    assert (
        phone_of(cast.feng)
        .put(f"{API}/clues/{new_id()}", json=clue | {"found": clue["found"] | {"id": str(new_id())}})
        .status_code
        == 403
    )

    # They walk the reach together: each walk is its walker's own, and counts once.
    joint: dict[str, Any] = {"segment": "TUHAI-371502-001", "day": "2025-07-02", "purpose": "查采砂船"}
    joint |= {"people": [str(cast.wang), str(cast.shen), str(cast.feng)]}
    joint_path = f"{API}/joint-patrols/{new_id()}"
    made = phone_of(cast.feng).put(joint_path, json=joint)
    assert (made.status_code, made.json["walked"]) == (201, 0), made.text
    assert phone_of(cast.shen).put(f"{API}/joint-patrols/{new_id()}", json=joint).status_code == 404
    walk = patrol_body(LINE, segment="TUHAI-371502-001", started_at=NOON, metres=900.0, speed_mps=1.2)
    clock.now = datetime.fromisoformat(walk["ended_at"]) + timedelta(minutes=1)
    walk_id = new_id()
    assert phone_of(cast.wang).put(f"{API}/patrols/{walk_id}", json=walk).json["verdict"]["outcome"] == "valid"
    (seen,) = phone_of(cast.shen).get(f"{API}/joint-patrols").json["items"]
    assert {each["name"]: each["patrol"] for each in seen["people"]}["王村长"] == str(walk_id)
    assert seen["walked"] == 1
    assert phone_of(cast.han).get(f"{API}/joint-patrols").json["items"] == []

    # The bureau accepts the case, answers the clue, and hands the case to the police, until a day.
    assert barge.act(cast.feng, "accept").status_code == 200
    assert (
        phone_of(cast.feng)
        .put(f"{API}/clues/{new_id()}", json={"hazard": str(barge.id), "return_on": "2025-07-20", "note": "?"})
        .status_code
        == 409
    )
    assert phone_of(cast.feng).post(f"{clue_path}/answer", json={"text": "没有采砂许可，已立案。"}).status_code == 200
    assert phone_of(cast.feng).post(f"{clue_path}/answer", json={"text": "又一次"}).status_code == 409
    barge.act(cast.feng, "transfer", post="police_chief", note="涉嫌非法采矿")
    out = {"hazard": str(barge.id), "return_on": "2025-07-20", "note": "请于期限内答复"}
    out_path = f"{API}/clues/{new_id()}"
    assert phone_of(cast.feng).put(out_path, json=out).json["way"] == "out"
    assert phone_of(cast.shen).post(f"{out_path}/answer", json={"text": "证据不足，移交检察"}).status_code == 200

    # For the prosecutor the case does not exist until it is handed over to them.
    suggestion = {"hazard": str(barge.id), "document": "东检建〔2025〕1号", "text": "建议清理采砂船并巡查值守"}
    path = f"{API}/suggestions/{new_id()}"
    assert phone_of(cast.han).get(f"{API}/hazards/{barge.id}").status_code == 404
    assert phone_of(cast.han).put(path, json=suggestion).status_code == 404
    barge.act(cast.shen, "hand_back", note="转公益诉讼")
    assert phone_of(cast.shen).put(path, json=suggestion).status_code == 403
    barge.act(cast.feng, "transfer", post="prosecutor", note="公益诉讼线索")
    assert phone_of(cast.feng).put(path, json=suggestion).status_code == 404

    # The suggestion stands in the timeline of the case, and is chased until it is answered.
    for status in (201, 200):
        answer = phone_of(cast.han).put(path, json=suggestion)
        assert answer.status_code == status, answer.text
    due = datetime.fromisoformat(answer.json["reply_by"])
    assert due - clock.now == timedelta(days=60)
    assert chase.run(house, now=clock.now) == 0
    clock.now = due - timedelta(days=5)
    assert chase.run(house, now=clock.now) == 1
    soon = session.scalars(select(Notice.person_id).where(Notice.key == "suggestion_soon")).all()
    assert set(soon) == {cast.feng, cast.sun}
    clock.now = due + timedelta(hours=1)
    assert chase.run(house, now=clock.now) == 1
    late = session.scalars(select(Notice.person_id).where(Notice.key == "suggestion_late")).all()
    assert cast.feng in late
    assert phone_of(cast.han).get(path).json["late"]
    assert phone_of(cast.wu).get(path).status_code == 404
    assert phone_of(cast.han).post(f"{path}/reply", json={"text": "?"}).status_code == 403
    replied = phone_of(cast.sun).post(f"{path}/reply", json={"text": "船只已拖离，值守到汛末。"})
    assert (replied.status_code, replied.json["replied_by"], replied.json["late"]) == (200, "孙科员", True)
    assert phone_of(cast.feng).post(f"{path}/reply", json={"text": "?"}).status_code == 409
    assert chase.run(house, now=due + timedelta(days=30)) == 0
    acts = [each["act"] for each in barge.seen_by(cast.han).json["timeline"]]
    assert acts == ["report", "accept", "transfer", "hand_back", "transfer", "suggest", "reply_suggestion"]
    assert [
        each["document"] for each in phone_of(cast.feng).get(f"{API}/suggestions?hazard={barge.id}").json["items"]
    ] == ["东检建〔2025〕1号"]

    # They meet, with tasks of which one is done; the year's numbers tell all of it.
    meeting: dict[str, Any] = {
        "region": COUNTY,
        "title": "三长联席会议",
        "at": clock.now.isoformat(),
        "minutes": "通报采砂案件",
    }
    meeting |= {"people": [str(cast.han), str(cast.shen)], "tasks": [{"text": "安装监控", "due_on": "2025-10-01"}]}
    place = f"{API}/joint-meetings/{new_id()}"
    for status in (201, 200):
        assert phone_of(cast.feng).put(place, json=meeting).status_code == status
    wrong = phone_of(cast.feng).put(f"{API}/joint-meetings/{new_id()}", json=meeting | {"people": [str(new_id())]})
    assert wrong.status_code == 422
    tasks = [{"text": "?", "due_on": "2025-10-01", "order": str(new_id())}]
    assert (
        phone_of(cast.feng).put(f"{API}/joint-meetings/{new_id()}", json=meeting | {"tasks": tasks}).status_code == 404
    )
    assert len(phone_of(cast.han).get(f"{API}/joint-meetings").json["items"]) == 1
    assert phone_of(cast.han).post(f"{place}/tasks/1/done").status_code == 403
    assert phone_of(cast.feng).post(f"{place}/tasks/2/done").status_code == 404
    assert phone_of(cast.feng).post(f"{place}/tasks/1/done").json["tasks"][0]["done_at"] is not None
    counted = phone_of(cast.feng).get(f"{API}/cooperation").json
    assert counted["total"] == {
        "joint_patrols": 1, "walkers": 1, "clues_in": 1, "clues_out": 1, "clues_answered": 2, "handed_over": 2,
        "handed_back": 1, "meetings": 1, "tasks": 1, "tasks_done": 1, "suggestions": 1, "replied": 1,
        "replied_in_time": 0,
    }  # fmt: skip
    assert phone_of(cast.han).get(f"{API}/cooperation").status_code == 404
    assert phone_of(cast.feng).get(f"{API}/cooperation?from=2025-08-01&to=2025-07-01").status_code == 422
