"""A citizen's photo goes from office to police to prosecutor, ends in a suggestion with a reply, and comes back."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.models.hazards import Hazard
from backend.models.notices import Notice
from jobs import suggestions as chase
from tests.api.hazard_cases import Case, photo
from tests.api.sign_cases import put_up
from tests.cast import COUNTY, LINE, NOON, PLAYERS
from tests.makers import new_id, patrol_body
from tests.pictures import GOOD, sha
from tests.web.test_public_reports import Citizen

API = "/api/v1"
PHONE, WORDS = "13800001234", "夜里有船抽砂，船号鲁货01"
PRIVATE = re.compile("|".join((*(name for name, _, _ in PLAYERS.values()), PHONE[:4], PHONE[-4:], "鲁货", "东检建")))
"""What stands on no page of a citizen: names of those who act, a number, what was typed, what offices write."""


def heard(session: Any, key: str) -> set[uuid.UUID]:
    return set(session.scalars(select(Notice.person_id).where(Notice.key == key)))


def test_a_case_goes_from_a_citizens_photo_to_the_prosecutors_suggestion_and_back(
    app, phone_of, cast, clock, session, house
):
    # Somebody stands on the bank and points a telephone at the board beside it.
    board = put_up(phone_of(cast.sun))
    zhou, neighbour = Citizen(app, "10.0.0.1"), Citizen(app, "10.0.0.2")
    sign = board["page"].rpartition("/")[2]
    told = zhou.tell(GOOD, sign=sign, kind="four_illegal.mine", description=WORDS, phone=PHONE)
    assert told.status_code == 303, told.text
    hazard = session.scalars(select(Hazard)).one()
    barge = Case.__new__(Case)
    barge.phone_of, barge.id = phone_of, hazard.id

    def stands(stage: str, by: str = told.location, citizen: Citizen = zhou) -> str:
        page: str = citizen.get(by).text
        assert f"<h1>{stage}</h1>" in page
        assert PRIVATE.search(page) is None
        return page

    def act(person: uuid.UUID, action: str, **said: Any) -> None:
        answer = barge.act(person, action, **said)
        assert answer.status_code == 200, answer.text

    stands("已收到")

    # The clerk finds it among what came from the public, and takes it in.
    listed = phone_of(cast.feng).get(f"{API}/hazards?source=public").json["items"]
    assert [each["id"] for each in listed] == [str(barge.id)]
    assert phone_of(cast.feng).get(f"{API}/hazards?source=staff").json["items"] == []
    act(cast.feng, "accept")
    stands("已受理")

    # A neighbour sees the same barge. Of sand mining nobody is told what is known; the clerk makes one case of the two.
    at = {"lon": str(hazard.lon), "lat": str(hazard.lat)}
    assert str(barge.id) not in neighbour.look(kind="four_illegal.mine", **at).text
    joined = neighbour.tell(kind="four_illegal.mine", lon=at["lon"], lat=at["lat"])
    assert joined.status_code == 303, joined.text
    twin = Case.__new__(Case)
    twin.phone_of, twin.id = phone_of, session.scalars(select(Hazard.id).where(Hazard.id != barge.id)).one()
    assert twin.act(cast.feng, "merge", into=str(barge.id), note="同一条船").status_code == 200
    stands("已受理", joined.location, neighbour)

    # A clue goes to the police chief, who sees this case and nothing else, until a day.
    other = Case(phone_of, cast.wang)
    assert barge.seen_by(cast.shen).status_code == 404
    act(cast.feng, "transfer", post="police_chief", note="涉嫌非法采矿")
    clue = f"{API}/clues/{new_id()}"
    asked = {"hazard": str(barge.id), "return_on": "2025-07-20", "note": "请查明船主，限期答复"}
    assert phone_of(cast.feng).put(clue, json=asked).status_code == 201
    assert heard(session, "clue") == {cast.shen}
    seen = phone_of(cast.shen).get(f"{API}/hazards").json["items"]
    assert [each["id"] for each in seen] == [str(barge.id)]
    assert phone_of(cast.shen).get(f"{API}/photos/{sha(GOOD)}?size=thumb").status_code == 200
    assert other.seen_by(cast.shen).status_code == 404
    reveal = {"reason": "问船号"}
    assert phone_of(cast.shen).post(f"{API}/hazards/{barge.id}/phone-reveal", json=reveal).status_code == 403
    assert barge.seen_by(cast.han).status_code == 404
    stands("已受理")

    # They walk the reach together, each their own walk; then the case comes back, within its time.
    joint = {"segment": "TUHAI-371502-001", "day": "2025-07-02", "purpose": "查采砂船"}
    joint_path = f"{API}/joint-patrols/{new_id()}"
    people = {"people": [str(cast.wang), str(cast.shen), str(cast.feng)]}
    assert phone_of(cast.feng).put(joint_path, json=joint | people).json["walked"] == 0
    walk = patrol_body(LINE, segment="TUHAI-371502-001", started_at=NOON, metres=900.0, speed_mps=1.2)
    clock.now = datetime.fromisoformat(walk["ended_at"]) + timedelta(minutes=1)
    walked = phone_of(cast.wang).put(f"{API}/patrols/{new_id()}", json=walk)
    assert walked.json["verdict"]["outcome"] == "valid"
    (together,) = phone_of(cast.shen).get(f"{API}/joint-patrols").json["items"]
    assert together["walked"] == 1
    clock.now += timedelta(days=10)
    assert phone_of(cast.shen).get(f"{API}/clues").json["items"][0]["late"] is False
    assert phone_of(cast.shen).post(f"{clue}/answer", json={"text": "够不上刑案，建议检察"}).status_code == 200
    assert heard(session, "clue_answered") == {cast.feng}
    act(cast.shen, "hand_back", note="转公益诉讼")
    assert barge.seen_by(cast.shen).status_code == 404

    # The prosecutor makes a suggestion, which is chased until it is answered.
    act(cast.feng, "transfer", post="prosecutor", note="公益诉讼线索")
    suggestion = f"{API}/suggestions/{new_id()}"
    made = {"hazard": str(barge.id), "document": "东检建〔2025〕1号", "text": "建议拖离采砂船，派人值守"}
    answer = phone_of(cast.han).put(suggestion, json=made)
    assert answer.status_code == 201, answer.text
    assert heard(session, "suggestion") == {cast.feng, cast.sun}
    due = datetime.fromisoformat(answer.json["reply_by"])
    assert due - clock.now == timedelta(days=60)
    assert chase.run(house, now=clock.now) == 0
    clock.now = due - timedelta(days=5)
    assert chase.run(house, now=clock.now) == 1
    assert heard(session, "suggestion_soon") == {cast.feng, cast.sun}
    clock.now = due + timedelta(hours=1)
    assert chase.run(house, now=clock.now) == 1
    assert cast.feng in heard(session, "suggestion_late")
    assert phone_of(cast.han).get(suggestion).json["late"]
    stands("已受理")
    replied = phone_of(cast.sun).post(f"{suggestion}/reply", json={"text": "船只已拖离，值守到汛末。"})
    assert (replied.status_code, replied.json["replied_by"], replied.json["late"]) == (200, "孙科员", True)
    assert heard(session, "suggestion_replied") == {cast.han}
    assert chase.run(house, now=due + timedelta(days=30)) == 0
    act(cast.han, "hand_back", note="已回复，由河长办组织清理")

    # The bank is put right, looked at by other eyes, and closed.
    act(cast.feng, "assign", unit="HOUSING", note="三日内恢复岸坡")
    stands("正在处理")
    clock.now += timedelta(days=2)
    mended = photo(at=clock.now, lon=hazard.lon, lat=hazard.lat)
    act(cast.yang, "report_done", photos=[mended], note="岸坡已恢复")
    stands("已处理，正在复核")
    assert public_map(app) == []
    act(cast.sun, "verify")
    act(cast.feng, "close")
    stands("已解决")
    stands("已解决", joined.location, neighbour)

    # Four weeks later both are asked; whoever looks back sees what they said, and of nobody who it was.
    clock.now += timedelta(days=27)
    assert "满意吗" not in stands("已解决")
    clock.now += timedelta(days=1)
    for citizen, page, said in ((zhou, told.location, "yes"), (neighbour, joined.location, "no")):
        assert "满意吗" in stands("已解决", page, citizen)
        answered = citizen.post(f"{page.partition('?')[0]}/answer", {"satisfied": said})
        assert answered.status_code == 303
        assert "满意吗" not in stands("已解决", page, citizen)
    shown = barge.seen_by(cast.li).json
    assert [each["act"] for each in shown["timeline"]] == [
        *("report", "accept", "transfer", "hand_back", "transfer", "suggest", "reply_suggestion", "hand_back"),
        *("assign", "report_done", "verify", "close", "public_answer", "public_answer"),
    ]
    assert shown["timeline"][0]["sentence"].startswith("公众举报")
    assert shown["public"] == {"reports": 2, "phones": 1, "satisfied": 1, "unsatisfied": 1}
    assert public_map(app) == [("closed", NOON.strftime("%Y-%m-%dT%H:%M:%SZ"))]
    counted = phone_of(cast.feng).get(f"{API}/cooperation?region={COUNTY}").json["total"]
    assert {name: many for name, many in counted.items() if many} == {
        "joint_patrols": 1, "walkers": 1, "clues_out": 1, "clues_answered": 1, "handed_over": 2, "handed_back": 2,
        "suggestions": 1, "replied": 1,
    }  # fmt: skip


def public_map(app: Any) -> list[tuple[str, str]]:
    """What anybody sees of it: of sand mining nothing until it is over, so that nobody is warned."""
    found = app.test_client().get("/open311/v2/requests.json?start_date=2025-07-01T00:00:00Z").json
    return [(each["status"], each["requested_datetime"]) for each in found]
