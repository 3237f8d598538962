"""What anybody sees without an account: a board's page, the forms of a report, its code; on cheap phones and without
scripts.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.db import Database
from backend.models.segments import NoticeBoard
from tests.browser.desks import Desk
from tests.browser.phones import _AXE as STRICT_AXE
from tests.pictures import GOOD
from tests.rig.browser import WIDE
from tests.rig.city import AXE, ROOT, SEGMENT

SCREENS = ROOT / "var/screens"
CHEAP, SMALL = (360, 740), (320, 640)


@pytest.fixture(scope="module")
def board(city) -> str:
    """The code of a board on the reach that everybody walks."""
    database = Database.connect(city.settings.database_url)
    with database.reading() as session:
        token = session.scalars(select(NoticeBoard.token).where(NoticeBoard.code.startswith(SEGMENT))).first()
    database.close()
    assert token is not None
    return str(token)


def looked_at(desk: Desk, name: str) -> list[str]:
    """What is wrong with the page that is open on a small phone, a cheap one and a desk's screen."""
    found = []
    for size in (SMALL, CHEAP, WIDE):
        desk.resize(size)
        found += [f"{name} {size[0]}: {each}" for each in desk.wrong(look_closely=False)]
        desk.page.screenshot(path=SCREENS / f"public-{name}-{size[0]}.png", full_page=size != WIDE)
    if not desk.page.evaluate("'axe' in window"):
        desk.page.evaluate(AXE.read_text("utf-8"))
    desk.resize(CHEAP)
    return found + [f"{name}: {each}" for each in desk.page.evaluate(STRICT_AXE)]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_somebody_at_a_board_reports_with_a_few_taps_and_follows_the_code(desk_of, board, tmp_path, language):
    desk = desk_of(None, language)
    page = desk.page
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(GOOD)
    desk.open(f"/s/{board}")
    wrong = looked_at(desk, f"sign-{language}")
    page.click('a[href*="/report"]')
    wrong += looked_at(desk, f"start-{language}")
    page.click("button.main")
    page.wait_for_function("() => document.activeElement.matches('.wrong')")
    assert all("422" in each for each in desk.ear.taken())  # the form that says what is missing
    wrong += looked_at(desk, f"wrong-{language}")
    page.check("input[value='four_illegal.dump']")
    page.click("button.main")
    wrong += looked_at(desk, f"tell-{language}")
    page.set_input_files("#f-photo", photo)
    page.fill("#f-description", "桥下有一堆垃圾")
    page.click("button.main")
    page.wait_for_selector(".code")
    wrong += looked_at(desk, f"followed-{language}")
    code = page.inner_text(".code")
    page.click(".top a")
    page.fill("#f-code", code.upper())
    page.click("form[action='/report/find'] button")
    assert page.inner_text(".code") == code
    assert wrong == []


def test_where_the_phone_stands_is_found_and_what_is_known_there_is_offered(city, browser, desk_of):
    desk = desk_of(None)
    database = Database.connect(city.settings.database_url)
    with database.reading() as session:
        point = session.scalars(select(NoticeBoard.point).where(NoticeBoard.code.startswith(SEGMENT))).first()
    database.close()
    assert point is not None
    desk.context.grant_permissions(["geolocation"])
    desk.context.set_geolocation({"longitude": point.x, "latitude": point.y})
    for time in ("first", "again"):
        desk.open("/report")
        desk.page.check("input[value='water.drift']")
        desk.page.click("[data-locate] button")
        desk.page.wait_for_function("() => document.querySelector('[name=lon]').value")
        desk.page.click("button.main")
        if time == "first":
            desk.page.click("button.main")
            desk.page.wait_for_selector(".code")
    assert looked_at(desk, "same") == []
    desk.page.click(".alike button")
    desk.page.wait_for_selector(".code")


def test_without_scripts_a_report_is_taken_all_the_same(city, browser, board):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{city.address}/report?sign={board}")
    page.check("input[value='water.pollution']")
    page.click("button.main")
    assert page.is_visible("noscript")
    page.screenshot(path=SCREENS / "public-no-script.png", full_page=True)
    page.click("button.main")
    assert page.is_visible(".code")
    context.close()
