"""An order at a desk: a town chief sends everybody out with one tap and sees who has not gone; an office writes one."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_acts import heard, pictured


def test_a_town_chief_sends_everybody_out_and_sees_the_board(desk_of):
    desk = desk_of("town_chief")
    page = desk.page
    desk.open("/console/orders")
    page.locator("details.act summary").click()
    pictured(desk, "order-one-tap")
    page.locator("details.act button.main").click()
    page.wait_for_url(re.compile(r"/console/orders/[0-9a-f-]{36}"))
    expect(page.locator(".figures")).to_contain_text("0/")
    assert not desk.wrong(look_closely=True)
    pictured(desk, "order-board")
    page.locator(".head a.button").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert not desk.wrong(look_closely=True)
    pictured(desk, "order-people")
    desk.open("/console/orders")
    pictured(desk, "order-list")
    assert not desk.wrong(look_closely=True)
    assert not heard(desk)


def test_an_office_writes_an_order_and_looks_before_it_goes_out(desk_of):
    desk = desk_of("office_clerk")
    page = desk.page
    desk.open("/console/orders/new?storm=1")
    page.fill("#f-title", "全线再查一遍")
    page.check("input[name=is_safe]")
    page.click("form.card button.main[value=look]")
    expect(page.locator("main")).to_contain_text("全线再查一遍")
    pictured(desk, "order-look")
    assert not desk.wrong(look_closely=True)
    page.locator("form button.main").last.click()
    page.wait_for_url(re.compile(r"/console/orders/[0-9a-f-]{36}"))
    assert not desk.wrong(look_closely=True)
    assert not heard(desk)
