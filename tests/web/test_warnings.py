"""Warnings in the console: written, looked at before they go out, signed, issued, changed and lifted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from backend.models.flood_warnings import FloodWarning
from tests.api.warning_cases import WARNINGS, Night
from tests.cast import TOWN
from tests.counting import MOST, questions
from tests.web.conftest import PASSWORD, SITE
from tests.web.warning_desks import BASE, drafted, form


def test_a_warning_is_written_previewed_kept_signed_and_issued(desk_of, night: Night):
    deng, qian = desk_of(night.cast.deng), desk_of(night.cast.qian)
    deng.get(f"{BASE}/new")
    said = form()
    preview = deng.submit(f"{BASE}/new", step="preview", **said)
    assert preview.status_code == 200
    assert "什么都还没发出" in preview.text
    assert "红色预警：徒骇河超警戒" in preview.text
    assert "收到请按1" in preview.text
    assert 'id="warned"' in preview.text
    assert deng.get(BASE).text.count("徒骇河超警戒") == 0

    kept = deng.submit(f"{BASE}/new", step="keep", **said)
    page = deng.get(kept.headers["Location"])
    address = kept.headers["Location"].partition("?")[0]
    assert "自己写的要由另一个人会签" in page.text
    assert f"{address}/sign" not in page.text

    assert qian.get(f"{address}/sign").status_code == 200
    assert qian.submit(f"{address}/sign").status_code == 303
    deng.get(f"{address}/issue")
    out = deng.submit(f"{address}/issue", number="YJ2025-0001")
    assert out.status_code == 303, out.text
    board = deng.get(address)
    assert "已应 0/" in board.text
    assert "生效中" in deng.get(BASE).text


def test_whoever_may_sign_a_draft_finds_it_on_the_first_page_until_it_is_out(desk_of, night: Night):
    deng, qian, wang = (desk_of(each) for each in (night.cast.deng, night.cast.qian, night.cast.wang))
    address = drafted(deng)
    for desk in (deng, qian):
        with questions() as asked:
            first = desk.get("/console/").text
        assert len(asked) <= MOST
        assert "等着发布的预警" in first
        assert f'href="{address}"' in first
        assert "等写的人点“发布”" in first
    assert "徒骇河超警戒" not in wang.get("/console/").text

    qian.get(f"{address}/sign")
    assert qian.submit(f"{address}/sign").status_code == 303
    assert "已会签，等写的人点“发布”" in deng.get(BASE).text
    deng.get(f"{address}/issue")
    assert deng.submit(f"{address}/issue", number="YJ2025-0001").status_code == 303
    out = deng.get("/console/").text
    assert "等着发布的预警" not in out
    assert f'href="{address}"' in out


def test_a_form_sent_twice_is_kept_once(desk_of, night: Night, session):
    deng, said = desk_of(night.cast.deng), form()
    deng.get(f"{BASE}/new")
    first, again = (deng.submit(f"{BASE}/new", step="keep", **said) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert session.query(FloodWarning).count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"headline": ""}, "还没写是什么事"),
        ({"headline": "长" * 41}, "长度应在"),
        ({"regions": []}, "要写明预警哪些区域"),
        ({"regions": ["3799"]}, "没有这个区划"),
        ({"posts": []}, "至少选一类人"),
        ({"expires_at": "2025-07-01T00:00"}, "已经过了"),
        ({"expires_at": "明天"}, "f-expires_at"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(desk_of, night: Night, said, sentence):
    deng = desk_of(night.cast.deng)
    deng.get(f"{BASE}/new")
    page = deng.submit(f"{BASE}/new", step="preview", **form(contact="区防办 0635", **said))
    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="区防办 0635"' in page.text
    assert "立即上堤巡查" in page.text


def test_the_text_message_is_shown_while_somebody_types(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    deng.get(f"{BASE}/new")
    words = deng.submit(f"{BASE}/words", level="red", headline="徒骇河超警戒", instruction="")
    assert re.search(r"\d+ / 70", words.text)
    assert "红色预警：徒骇河超警戒" in words.text
    assert "<html" not in words.text


def test_regions_are_opened_one_below_the_other_and_what_was_chosen_stays(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    page = deng.get(f"{BASE}/new")
    assert "东昌府区" in page.text
    assert "兴华村" not in page.text
    page = deng.submit(f"{BASE}/new", open=TOWN, **form(regions=["371503"], headline="写了一半"))
    assert "兴华村" in page.text
    assert 'value="371503" checked' in page.text
    assert "写了一半" in page.text
    elsewhere = deng.submit(f"{BASE}/new", open="371503", **form(regions=["371502001001"]))
    assert 'value="371502001001" checked' in elsewhere.text


def test_only_the_duty_officer_writes_and_only_staff_and_seniors_look(desk_of, night: Night):
    address = drafted(desk_of(night.cast.deng))
    sun, wang, wu = desk_of(night.cast.sun), desk_of(night.cast.wang), desk_of(night.cast.wu)
    assert sun.get(f"{BASE}/new").status_code == 403
    assert "warnings/new" not in sun.get(BASE).text
    assert sun.get(f"{address}/issue").status_code == 403
    assert wang.get(BASE).status_code == 403
    assert [wu.get(address + end).status_code for end in ("", "/board", "/people", "/doors")] == [404] * 4
    assert desk_of(None).get(address).status_code == 302


def test_red_goes_out_only_with_its_number_and_a_password_typed_lately(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    address = drafted(deng)
    deng.get(f"{address}/issue")
    wrong = deng.submit(f"{address}/issue", number="YJ2025-9999")
    assert (wrong.status_code, "编号不对" in wrong.text) == (422, True)
    night.clock.now += timedelta(minutes=11)
    assert deng.get(f"{address}/issue").headers["Location"] == f"/console/prove?next={address}/issue"
    deng.get(address)
    late = deng.submit(f"{address}/issue", number="YJ2025-0001")
    assert (late.status_code, "要先再输一次密码" in late.text) == (422, True)
    deng.submit("/console/prove", next=f"{address}/issue", password=PASSWORD)
    assert deng.submit(f"{address}/issue", number="yj2025-0001").status_code == 303
    page = deng.get(address)
    assert "等会签" in page.text
    assert f'href="{address}/issue"' not in page.text


def test_a_stale_form_says_that_it_is_and_keeps_its_text(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    deng.get(f"{BASE}/{red}/all-clear")
    night.phone_of(night.cast.deng).post(f"{WARNINGS}/{red}/all-clear", json={"text": "雨停"})
    page = deng.submit(f"{BASE}/{red}/all-clear", number="YJ2025-0001", text="水位已退到警戒以下")
    assert page.status_code == 409
    assert "水位已退到警戒以下" in page.text


def test_the_all_clear_asks_for_the_number_and_reaches_everybody(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    night.at(0.2)
    page = deng.get(f"{BASE}/{red}/all-clear")
    assert "都会收到" in page.text
    assert deng.submit(f"{BASE}/{red}/all-clear", text="雨停").status_code == 422
    assert deng.submit(f"{BASE}/{red}/all-clear", number="YJ2025-0001", text="").status_code == 422
    assert deng.submit(f"{BASE}/{red}/all-clear", number="YJ2025-0001", text="雨停了").status_code == 303
    assert "雨停了" in deng.get(f"{BASE}/{red}").text


def test_a_draft_is_dropped_with_a_reason(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    address = drafted(deng)
    deng.get(f"{address}/drop")
    assert deng.submit(f"{address}/drop", text="").status_code == 422
    assert deng.submit(f"{address}/drop", text="写错了地方").status_code == 303
    assert "写错了地方" in deng.get(address).text


def test_a_warning_is_updated_after_a_look_at_what_people_will_hear(desk_of, night: Night):
    deng, red = desk_of(night.cast.deng), night.red()
    page = deng.get(f"{BASE}/{red}/update")
    assert "徒骇河超警戒" in page.text
    said = form(level="orange", headline="水位回落", reason="雨停")
    assert deng.submit(f"{BASE}/{red}/update", step="preview", **(said | {"reason": ""})).status_code == 422
    preview = deng.submit(f"{BASE}/{red}/update", step="preview", **said)
    assert "红色预警更新为橙色预警" in preview.text
    assert deng.submit(f"{BASE}/{red}/update", step="send", **said).status_code == 422
    sent = deng.submit(f"{BASE}/{red}/update", step="send", number="YJ2025-0001", **said)
    assert sent.status_code == 303, sent.text
    assert "第 2 版" in deng.get(sent.headers["Location"]).text
    assert "已被更新代替" in deng.get(f"{BASE}/{red}").text


def test_a_correction_is_told_as_one(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    made = night.warn(level="blue").json["id"]
    deng.get(f"{BASE}/{made}/correct")
    said = form(level="blue", headline="是茌新河", reason="河名写错")
    assert "更正：前发预警" in deng.submit(f"{BASE}/{made}/correct", step="preview", **said).text
    assert deng.submit(f"{BASE}/{made}/correct", step="send", **said).status_code == 303


def test_an_empty_region_and_no_warnings_say_so(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    assert "现在没有生效的预警" in deng.get(BASE).text
    deng.get(f"{BASE}/new")
    preview = deng.submit(f"{BASE}/new", step="preview", **form(regions=["371503001"]))
    assert "这里没有要叫应的人" in preview.text


def test_a_page_sent_from_elsewhere_changes_nothing(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    address = drafted(deng)
    fields = {"number": "YJ2025-0001"}
    assert deng.client.post(f"{address}/issue", data=fields, base_url=SITE).status_code == 422
    assert "draft" in night.phone_of(night.cast.deng).get(f"{WARNINGS}/{address.rpartition('/')[2]}").json["state"]
