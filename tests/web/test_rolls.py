"""Rolls in the console: the live board down to one person, answering for them, doors, silences, and every page."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from backend.models.callouts import Callout
from tests.api.drill_cases import drill_list
from tests.api.warning_cases import WARNINGS, Night
from tests.cast import CITY, COUNTY, TOWN
from tests.counting import HARMFUL, MOST, questions
from tests.makers import new_id
from tests.web.conftest import PASSWORD
from tests.web.warning_desks import BASE, drafted, form


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_drill_says_so_in_every_heading_and_button_of_every_page(desk_of, night: Night, language):
    mark = "演练" if language == "zh-CN" else "drill"
    deng = desk_of(night.cast.deng)
    people = drill_list(night, [night.cast.wang, night.cast.chen])
    deng.submit("/console/language", language=language, next="/console/")
    blank = deng.get(f"{BASE}/new?drill=1")
    assert "is-drill-page" in blank.text
    deng.get(f"{BASE}/new?drill=1")
    said = form(drill="1")
    assert deng.submit(f"{BASE}/new", step="keep", **said).status_code == 422
    preview = deng.submit(f"{BASE}/new", step="preview", drill_list=people, **said)
    kept = deng.submit(f"{BASE}/new", step="keep", drill_list=people, **said)
    address = kept.headers["Location"].partition("?")[0]
    words = deng.submit(f"{BASE}/words", drill="1", level="red", headline="徒骇河超警戒")
    assert "【演练】" in words.text
    pages = [blank, preview, deng.get(address), deng.get(f"{address}/issue")]
    night.phone_of(night.cast.qian).post(f"{WARNINGS}/{address.rpartition('/')[2]}/sign")
    out = deng.submit(f"{address}/issue", number="YL2025-0001")
    assert out.status_code == 303, out.text
    night.at(0.2)
    who = night.roll(address.rpartition("/")[2])["wang"]["id"]
    pages += [deng.get(address + end) for end in ("", "/people", "/doors", "/all-clear", "/update")]
    pages += [deng.get(f"{BASE}/callouts/{who}")]
    for page in pages:
        assert page.status_code == 200
        assert 'class="is-drill-page"' in page.text
        main = page.text.partition('<main id="main">')[2]
        for heading in re.findall(r"<h[12]>(.*?)</h[12]>", main, re.S):
            assert mark in heading.lower(), heading
        for button in re.findall(r'<(?:button|a) class="(?:button )?(?:main|danger)"[^>]*>(.*?)</', main, re.S):
            assert mark in button.lower(), button
    assert 'class="is-drill"' in deng.get(BASE).text
    assert ">红色预警<" not in deng.get(address).text


def test_the_board_is_asked_again_without_being_sent_again(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    night.at(0.2)
    page = deng.get(f"{BASE}/{red}")
    assert 'hx-trigger="every 3s"' in page.text
    assert "data-when-cut-off hidden" in page.text
    path = f"{BASE}/{red}/board?seen=issued-asked"
    first = deng.get(path)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "private, no-cache")
    assert "<html" not in first.text
    known = {"If-None-Match": first.headers["ETag"]}
    assert deng.get(path, headers=known).status_code == 304
    night.ack(red, "wang", "acting")
    changed = deng.get(path, headers=known)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    deng.client.set_cookie("hezhang-language", "en", domain="localhost")
    assert deng.get(path, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200


def test_the_board_begins_anew_when_the_warning_is_otherwise(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    known = {"If-None-Match": deng.get(f"{BASE}/{red}/board?seen=issued-asked").headers["ETag"]}
    night.phone_of(night.cast.deng).post(f"{WARNINGS}/{red}/all-clear", json={"text": "雨停"})
    over = deng.get(f"{BASE}/{red}/board?seen=issued-asked", headers=known)
    assert (over.status_code, over.headers["HX-Refresh"]) == (204, "true")


def test_a_draft_is_looked_at_until_somebody_has_done_something_with_it(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    address = drafted(deng)
    assert 'hx-swap="none"' in deng.get(address).text
    still = deng.get(f"{address}/board?seen=draft")
    assert (still.status_code, still.headers.get("HX-Refresh")) == (204, None)
    night.phone_of(night.cast.deng).post(f"{WARNINGS}/{address.rpartition('/')[2]}/issue")
    assert deng.get(f"{address}/board?seen=draft").headers["HX-Refresh"] == "true"


def test_a_wall_of_regions_names_who_is_silent_and_leads_down_to_one_person(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red(regions=[COUNTY])
    night.at(0.2)
    night.ack(red, "wang", "acting")
    county = deng.get(f"{BASE}/{red}?region={COUNTY}")
    assert "已应 1/3" in county.text
    assert "陈村长" in county.text
    town = deng.get(f"{BASE}/{red}?region={TOWN}")
    assert "兴华村" in town.text
    people = deng.get(f"{BASE}/{red}/people?region={TOWN}&state=silent")
    assert "陈村长" in people.text
    assert "王村长" not in people.text
    assert "123****" in people.text
    who = night.roll(red)["chen"]["id"]
    assert f"{BASE}/callouts/{who}" in people.text
    assert "呼叫" in deng.get(f"{BASE}/callouts/{who}").text


def test_somebody_on_the_telephone_is_answered_for(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    night.at(0.2)
    who = night.roll(red)["wang"]["id"]
    deng.get(f"{BASE}/callouts/{who}")
    missing = deng.submit(f"{BASE}/callouts/{who}/answer", id=str(new_id()), status="", note="已上堤，带两人")
    assert missing.status_code == 422
    assert "已上堤，带两人" in missing.text
    said = {"id": str(new_id()), "status": "acting", "note": "已上堤，带两人"}
    assert deng.submit(f"{BASE}/callouts/{who}/answer", **said).status_code == 303
    assert deng.submit(f"{BASE}/callouts/{who}/answer", **said).status_code in (303, 409)
    page = deng.get(f"{BASE}/callouts/{who}")
    assert "已上堤，带两人" in page.text
    assert "代答" in page.text
    assert "邓值班" in page.text
    assert night.roll(red)["wang"]["state"] == "acting"


def test_a_number_is_shown_for_a_reason_that_is_kept(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    who = night.roll(red)["wang"]["id"]
    page = deng.get(f"{BASE}/callouts/{who}")
    assert "123****0006" in page.text
    assert "12300000006" not in page.text
    assert deng.submit(f"{BASE}/callouts/{who}/phone", reason="").status_code == 422
    shown = deng.submit(f"{BASE}/callouts/{who}/phone", reason="打电话")
    assert "12300000006" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "12300000006" not in deng.get(f"{BASE}/callouts/{who}").text


def test_doors_are_listed_to_print_and_their_outcome_is_kept(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    night.at(11)
    page = deng.get(f"{BASE}/{red}/doors")
    assert "data-print" in page.text
    door = re.search(r'name="door" value="([^"]+)"', page.text)
    assert door
    wrong = deng.submit(f"{BASE}/{red}/doors", door=door[1], outcome="飞了", note="敲了三次门")
    assert wrong.status_code == 422
    assert "敲了三次门" in wrong.text
    said = {"door": door[1], "outcome": "met", "status": "acting", "note": "手机没电"}
    assert deng.submit(f"{BASE}/{red}/doors", **said).status_code == 303
    assert "手机没电" in deng.get(f"{BASE}/{red}/doors").text
    assert deng.submit(f"{BASE}/{red}/doors", door="没有").status_code == 200


def test_a_silence_is_kept_shown_and_ended(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    deng.get(f"{BASE}/silences")
    said = {"id": str(new_id()), "region": COUNTY, "until": "2025-07-28T06:00", "reason": "会商期间"}
    wrong = deng.submit(f"{BASE}/silences", **(said | {"until": "2025-09-28T06:00"}))
    assert (wrong.status_code, "会商期间" in wrong.text) == (422, True)
    assert deng.submit(f"{BASE}/silences", **said).status_code == 303
    page = deng.get(f"{BASE}/silences")
    assert "会商期间" in page.text
    assert "提前结束" not in desk_of(night.cast.sun).get(f"{BASE}/silences").text
    assert desk_of(night.cast.sun).submit(f"{BASE}/silences", **said).status_code == 403
    assert deng.submit(f"{BASE}/silences/{said['id']}/end").status_code == 303
    assert "没有静默的地方" in deng.get(f"{BASE}/silences").text


@pytest.mark.parametrize("payload", HARMFUL)
def test_what_somebody_typed_never_runs(desk_of, night: Night, payload):
    deng = desk_of(night.cast.deng)
    warning = night.red(headline=payload[:40], instruction=payload, contact=payload)
    night.at(0.2)
    address, who = f"{BASE}/{warning}", night.roll(warning)["wang"]["id"]
    deng.submit(f"{BASE}/callouts/{who}/answer", id=str(new_id()), status="received", note=payload)
    pages = [BASE, address, f"{address}/people", f"{address}/doors", f"{BASE}/callouts/{who}", f"{address}/update"]
    pages += [f"{address}/board?seen=issued-asked", f"{address}/people?region={TOWN}&state=open"]
    for path in pages:
        page = deng.get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    preview = deng.submit(f"{BASE}/new", step="preview", **form(headline=payload[:40], contact=payload))
    assert "<script>alert" not in preview.text
    assert "<img src=x" not in preview.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_is_said_in_both_languages(desk_of, night: Night, language):
    deng, red = desk_of(night.cast.deng), night.red(regions=[CITY], headline="四十个字的标题" * 5 + "写满四十个")
    night.at(12)
    deng.get("/console/prove")
    deng.submit("/console/prove", next=BASE, password=PASSWORD)
    deng.submit("/console/language", language=language, next="/console/")
    who = night.roll(red)["wang"]["id"]
    ends = ("", "/people", "/doors", "/update", "/correct", "/all-clear", "/board?seen=issued-asked")
    for path in (
        BASE,
        f"{BASE}/new",
        f"{BASE}/silences",
        f"{BASE}/callouts/{who}",
        *(f"{BASE}/{red}{e}" for e in ends),
    ):
        page = deng.get(path)
        assert page.status_code == 200
        assert not re.search(r">\s*[a-z]+(\.[a-z_]+)+\s*<", page.text), path
        assert " style=" not in page.text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)


def test_no_page_asks_the_database_more_than_twelve_times(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red(regions=[COUNTY])
    night.at(0.5)
    night.ack(red, "wang", "acting")
    draft = drafted(deng)
    who = night.roll(red)["wang"]["id"]
    paths = [BASE, f"{BASE}/{red}", f"{BASE}/{red}?region={TOWN}", f"{BASE}/{red}/board?seen=issued-asked", draft]
    paths += [f"{BASE}/{red}/people?region={TOWN}", f"{BASE}/{red}/doors", f"{BASE}/callouts/{who}", f"{draft}/issue"]
    paths += [f"{BASE}/new", f"{BASE}/{red}/update", f"{BASE}/{red}/all-clear", f"{BASE}/silences"]
    looks = {path: partial(deng.get, path) for path in paths}
    looks["preview"] = partial(deng.submit, f"{BASE}/new", step="preview", **form())
    looks["open"] = partial(deng.submit, f"{BASE}/new", open=TOWN, **form())
    for name, look in looks.items():
        with questions() as asked:
            assert look().status_code == 200, name
        assert len(asked) <= MOST, (name, asked)


def test_a_place_is_red_only_where_somebody_is_late_and_says_who_still_has_time(desk_of, night: Night, session):
    deng, red = desk_of(night.cast.deng), night.red(regions=[COUNTY])
    night.at(0.2)
    wall = deng.get(f"{BASE}/{red}").text
    assert 'class="place is-late"' not in wall
    assert 'class="place waiting" id="p-371502001"' in wall
    assert "未到时限：" in wall
    assert "其中超时 0 人" in wall
    chen = session.scalars(select(Callout).where(Callout.person_id == night.cast.chen)).one()
    chen.climbs_from -= timedelta(minutes=6)
    session.flush()
    wall = deng.get(f"{BASE}/{red}").text
    assert re.findall(r'class="place is-late" id="p-(\d+)"', wall) == [TOWN]
    assert "超时未应：陈村长" in wall
    assert "另有 2 人未到时限" in wall
    assert "Late: 陈村长" in deng.get(f"{BASE}/{red}", headers={"Accept-Language": "en"}).text
    for name in ("wang", "chen", "li"):
        night.ack(red, name, "acting")
    wall = deng.get(f"{BASE}/{red}").text
    assert 'class="place" id="p-371502001"' in wall
    assert "is-late" not in wall


def test_a_row_is_red_only_when_the_answer_is_late(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    night.at(0.2)
    for path in (f"{BASE}/{red}/people", f"{BASE}/{red}"):
        assert '<tr class="is-late">' not in deng.get(path).text
    assert 'class="badge bad">没有应答' not in deng.get(f"{BASE}/{red}/people").text
    night.at(5.5)
    for path in (f"{BASE}/{red}/people", f"{BASE}/{red}"):
        assert '<tr class="is-late">' in deng.get(path).text
    assert 'class="badge bad">没有应答' in deng.get(f"{BASE}/{red}/people").text
