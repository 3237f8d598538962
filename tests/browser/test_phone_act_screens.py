"""The screens of a chief's acts, in both languages, on a usual phone and on a small one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.browser.hands import be_at
from tests.browser.phones import item, thing
from tests.browser.test_phone_screens import begin, chief, look
from tests.pictures import SAMPLES
from tests.rig.city import SEGMENT

__all__ = ["chief", "look"]

ACTS = ["report_done", "check_interim", "verify", "close", "answer_coordination", "return", "comment"]
WHY = "照片是交办以前拍的"


def case(owner: str, **said: Any) -> dict[str, Any]:
    """A hazard as the office tells of it, on its own page."""
    at = datetime.now(UTC)
    fact = {"number": 1, "at": at.isoformat(), "sentence": "演示·郑江平：上报", "said": {"note": "闸前一片水草"}}
    photo = {"sha256": "a" * 64, "state": "pending"}
    known: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "kind": "water.drift",
        "severity": "ordinary",
        "state": "in_hand",
        "etag": '"1-1"',
    }
    known |= {"sentence": "整改中，期限 2026-12-11 24:00", "description": "闸前一片水草", "chainage_m": 1234.5}
    known |= {"segment": {"code": SEGMENT, "name": "徒骇河沙镇镇和谐新村段"}, "region_name": "和谐新村村委会"}
    known |= {"reporter": {"id": owner, "name": "演示·郑江平"}, "observed_at": at.isoformat(), "allowed": ACTS}
    known |= {"deadlines": {"due_at": (at + timedelta(days=3)).isoformat(), "is_late": False}, "receipt": {}}
    known |= {"photos": [photo], "done_photos": [photo | {"sha256": "b" * 64, "lacking": [WHY]}]}
    known |= {"recordings": [{"sha256": "c" * 64, "state": "stored"}], "timeline": [fact, fact | {"number": 2}]}
    measure = {"id": str(uuid.uuid4()), "what": "沙袋围住，专人看守", "watcher": owner, "next_check_at": at.isoformat()}
    return known | {"interim": [measure]} | said


def test_a_campaign_and_its_answers(look, chief):
    owner, named = chief["person"]["id"], str(uuid.uuid4())
    deadline = (datetime.now(UTC) + timedelta(hours=30)).isoformat()
    campaign = {
        "id": named,
        "name": "汛前防洪隐患大排查",
        "text": "逐河段排查，没有问题也要零报告。",
        "kinds": ["flood"],
    }
    campaign |= {"stage": "running", "deadline": deadline}
    look.phone.put("things", thing(owner, "campaign", campaign, named))
    place = f"task/{named}/{SEGMENT}"
    look.at("task", place, ".acts")
    look.page.click("button.first")
    look.at("task-answered", wait="[data-answer=waiting]")
    look.page.click(".acts button")
    look.at("hazard-asked", wait="button.shoot")
    sent = {"found": True, "hazards": ["1", "2"]}
    look.phone.put("things", thing(owner, "answer", sent, f"{named} {SEGMENT}"))
    said = {"campaign": named, "segment": SEGMENT, "found": True, "hazards": ["1"]}
    no = {"state": "refused", "problem": "这个问题不在这段河上。"}
    look.phone.put("items", item(owner, type="campaign_answer", body=said, label="排查", **no))
    look.at("task-refused", place, "[data-answer=refused]")
    task = {"type": "campaign", "id": named, "segment": SEGMENT, "name": "排查", "deadline": deadline, "is_late": False}
    look.phone.put("things", thing(owner, "me", chief | {"tasks": [task]}))
    look.at("mine-refused", "mine", ".row .late")
    look.phone.put("things", thing(owner, "campaign", campaign | {"stage": "ended"}, named))
    look.at("task-ended", place, ".note")
    look.at("task-not-here", f"task/{uuid.uuid4()}/{SEGMENT}", ".note")


def test_a_hazard_and_what_is_done_about_it(look, chief):
    owner = chief["person"]["id"]
    found = case(owner)
    place = f"case/{found['id']}"
    look.at("case-not-here", place, ".note")
    look.phone.put("things", thing(owner, "case", found, found["id"]))
    look.at("case-all", place, ".timeline")
    look.phone.put("things", thing(owner, "case", {**found, "allowed": None}, found["id"]))
    look.at("case-later", wait=".note")
    look.phone.put("things", thing(owner, "case", found, found["id"]))
    acts = {name: {"hazard": found["id"], "action": name, "note": "捞完了"} for name in ACTS[:3]}
    look.phone.put(
        "items",
        item(owner, type="hazard_action", body=acts["report_done"], state="refused", problem="请看现在的内容。"),
        item(owner, type="hazard_action", body=acts["check_interim"]),
        item(owner, type="hazard_action", body=acts["verify"], state="told", photos=["0" * 64]),
    )
    look.at("case-waiting", wait="[data-act=report_done]")
    for name in ("comment", "report_done"):
        look.at(f"act-{name}", f"act/{found['id']}/{name}", "button.first")
    be_at(look.phone, [115.9, 36.4])
    look.page.set_input_files("input[capture]", SAMPLES[0])
    look.page.click("button.look")
    look.at("photo-large", wait="dialog.large img")
    look.page.click("dialog.large .quiet")
    look.at("photo-remove", wait="dialog.large .danger")


def test_a_voice_note(look, chief):
    look.phone.allow("microphone")
    look.at("hazards", "hazards", "button.great")
    look.page.click("button.great")
    look.page.click(".voice button")
    look.at("voice-speaking", wait="meter")
    look.page.click("button.speaking")
    look.at("voice-kept", wait="audio")
    look.page.click(".voice .quiet")
    look.at("voice-remove", wait=".voice .danger")


def test_photos_of_a_walk(look, chief, along):
    begun = datetime.now(UTC) - timedelta(minutes=6)
    begin(look, chief["person"]["id"], begun, along(begun, 5 * 60))
    look.page.set_input_files(".acts input[capture]", SAMPLES[0])
    look.at("walk-photos", wait="img.shot")
    look.at("end-photos", "end", "#words")
