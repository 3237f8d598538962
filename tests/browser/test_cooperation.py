"""Joint work at a desk: an office writes up who walked together; a prosecutor suggests, and the office replies."""

from __future__ import annotations

import re
import uuid
from typing import Any

from playwright.sync_api import expect

from tests.browser.desks import Desk
from tests.browser.test_acts import heard, pictured
from tests.rig.browser import NARROW, WIDE
from tests.rig.city import SEGMENT, City

PAGE = "/console/cooperation"
MINUTES = "通报上半年非法采砂案件三起，其中一起移送检察。\n明确汛前清障由住建局牵头，公安配合。"


def hand_over(elsewhere: Any, hazard: str) -> None:
    """An office accepts a case, and hands it over to the prosecutor."""
    for said in ({"action": "accept"}, {"action": "transfer", "post": "prosecutor", "note": "公益诉讼线索"}):
        seen = elsewhere("bureau_clerk", "GET", f"/hazards/{hazard}")["etag"]
        item = {"type": "hazard_action", "id": str(uuid.uuid4()), "body": {"hazard": hazard, "if_match": seen, **said}}
        (result,) = elsewhere("bureau_clerk", "POST", "/sync", {"items": [item]})["results"]
        assert result["status"] == "created", result


def looked_at(desk: Desk, name: str) -> None:
    """What is wrong with the page that is open, wide and narrow; its pictures."""
    for size in (NARROW, WIDE):
        desk.resize(size)
        assert desk.wrong(look_closely=True) == [], (name, size)
        pictured(desk, f"joint-{name}-{size[0]}")


def test_joint_work_is_written_up_from_the_first_field_to_the_reply(desk_of, city: City, elsewhere):
    chief, police = (city.account(post)["name"] for post in ("village_chief", "police_chief"))
    office = desk_of("bureau_clerk")
    page = office.page

    # A walk of several: what is wrong stands beside its field, and what was typed stays.
    office.open(f"{PAGE}/patrols/new")
    page.fill("#f-segment", SEGMENT)
    page.fill("#f-people", f"{chief}、无此人")
    page.fill("#f-purpose", "查采砂船")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#e-people")).to_contain_text("无此人")
    expect(page.locator("#f-purpose")).to_have_value("查采砂船")
    office.ear.taken()  # it was refused
    looked_at(office, "patrol-flaw")
    page.fill("#f-people", f"{chief}、{police}")
    page.click("form.card button.main")
    page.wait_for_url(re.compile("kept=console.did.joint_patrol"))
    expect(page.get_by_text("/2 人")).to_be_visible()

    # A meeting with tasks, of which one is done.
    office.open(f"{PAGE}/meetings/new")
    page.fill("#f-title", "三长联席会议")
    page.fill("#f-place", "区政府二楼")
    page.fill("#f-people", police)
    page.fill("#f-minutes", MINUTES)
    page.fill("#f-tasks", "2030-07-20 汛前清障\n2030-08-01 装监控")
    looked_at(office, "meeting")
    page.click("form.card button.main")
    page.wait_for_url(re.compile("kept=console.did.meeting"))
    page.locator("ul.tasks button").first.click()
    page.wait_for_url(re.compile("kept=console.did.task"))

    # A case goes to the prosecutor, who makes a suggestion; the office replies.
    hazard = elsewhere("bureau_clerk", "GET", "/hazards?kind=four_illegal.dump")["items"][0]["id"]
    hand_over(elsewhere, hazard)
    prosecutor = desk_of("prosecutor")
    prosecutor.open(f"/console/hazards/{hazard}")
    prosecutor.page.get_by_role("link", name="提检察建议").click()
    prosecutor.page.fill("#f-document", "聊东检行公建〔2030〕12号")
    prosecutor.page.fill("#f-text", "建议依法清理河道内建筑垃圾，落实长效管护。")
    looked_at(prosecutor, "suggestion")
    prosecutor.page.click("form.card button.main")
    prosecutor.page.wait_for_url(re.compile("kept=console.did.suggestion"))
    looked_at(prosecutor, "prosecutor")
    prosecutor.open(f"{PAGE}/clues/new")
    looked_at(prosecutor, "clue")
    office.open(f"{PAGE}/clues/new?hazard={hazard}")
    looked_at(office, "clue-office")
    office.open(PAGE)
    page.locator("details.act summary").first.click()
    looked_at(office, "overview")
    page.locator("details.act textarea").first.fill("已清理，住建局每周查一次。")
    page.locator("details.act button.main").first.click()
    page.wait_for_url(re.compile("kept=console.did.reply_suggestions"))
    office.open(f"/console/hazards/{hazard}")
    expect(page.locator("dl.facts")).to_contain_text("聊东检行公建")
    looked_at(office, "hazard")
    assert not heard(office)
    assert not heard(prosecutor)
