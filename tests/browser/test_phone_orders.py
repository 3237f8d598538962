"""An order on the phone: opened it is read, signed for without signal, and the office hears of both dates."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.hands import send
from tests.browser.test_phone import pictured
from tests.rig.city import TOWN


def test_an_order_is_read_and_signed_without_signal(handset_of, elsewhere):
    order, due_at = str(uuid.uuid4()), (datetime.now(UTC) + timedelta(days=1)).isoformat()
    said = {"kind": "patrol", "wanted": "sign", "title": "雨后值守", "text": "今晚轮流值守，险工险段每两小时看一次。"}
    to = {"posts": ["village_chief"], "regions": [TOWN]}
    elsewhere("town_chief", "PUT", f"/orders/{order}", said | {"to": to, "due_at": due_at})
    phone = handset_of()
    phone.lose_signal()
    phone.die()
    phone.open("mine")
    phone.page.click("button.row:has-text('雨后值守')")
    expect(phone.page.locator("main")).to_contain_text("险工险段每两小时看一次")
    pictured(phone, "order")
    phone.page.click("button:has-text('签收')")
    expect(phone.page.locator("[role=status]").first).to_contain_text("存在手机里")
    send(phone)
    total = elsewhere("town_chief", "GET", f"/orders/{order}/board")["total"]
    assert (total["read"], total["signed"], total["done"]) == (1, 1, 1)
