"""Hazards as a list at a desk: its filters, what is given out from it, and what every page of hazards must keep."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from backend.models.changes import Record
from backend.models.hazards import Hazard
from tests.api.hazard_cases import Case
from tests.cast import COUNTY, OTHER_COUNTY
from tests.counting import HARMFUL, MOST, questions
from tests.makers import new_id
from tests.web.hazard_cases import LIST, act, chosen, page_of


@pytest.fixture
def case(phone_of, cast) -> Case:
    return Case(phone_of, cast.wang)


def test_the_list_shows_what_stands_open_with_what_is_due_first(desk_of, cast, case, phone_of, session, clock):
    fresh = Case(phone_of, cast.wang, kind="flood.piping")
    soon = Case(phone_of, cast.wang, kind="flood.piping", severity="critical")
    Case(phone_of, cast.wang, severity="minor")
    session.execute(update(Hazard).where(Hazard.id == case.id).values(due_at=clock.now - timedelta(days=2)))
    page = desk_of(cast.feng).get(LIST)
    assert page.status_code == 200
    found = list(dict.fromkeys(re.findall(r'href="/console/hazards/([0-9a-f-]{36})"', page.text)))
    assert found[0] == str(case.id)
    assert found.index(str(soon.id)) < found.index(str(fresh.id))
    assert 'class="is-late"' in page.text
    assert "逾期 2 天" in page.text


def test_the_address_says_what_is_shown_and_a_sentence_repeats_it(desk_of, cast, case, phone_of):
    other = Case(phone_of, cast.wang, kind="flood.piping", severity="critical", description="坝脚冒水")
    desk = desk_of(cast.feng)
    for asked in ("kind=flood.piping", "severity=severe", "q=冒水", "status=reported&severity=critical"):
        page = desk.get(f"{LIST}?{asked}")
        assert str(other.id) in page.text, asked
        assert str(case.id) not in page.text, asked
    assert "未销号 · 管涌" in desk.get(f"{LIST}?kind=flood.piping&region=371502001").text
    assert "古楼街道 · 未销号 · 逾期" in desk.get(f"{LIST}?region=371502001&overdue=true").text
    assert desk.get(f"{LIST}?kind=nothing").status_code == 422


def test_what_waits_for_me_is_a_list_of_its_own(desk_of, cast, case):
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", unit="HOUSING")
    assert str(case.id) not in desk_of(cast.feng).get(f"{LIST}?waiting=true").text
    assert str(case.id) in desk_of(cast.yang).get(f"{LIST}?waiting=true").text


def test_a_region_with_nothing_in_it_says_what_to_do(desk_of, cast):
    assert "没有未销号的问题" in desk_of(cast.wu).get(LIST).text
    assert "没有这样的问题" in desk_of(cast.wu).get(f"{LIST}?overdue=true").text


def test_an_administrator_has_no_hazards_and_another_county_none_of_ours(desk_of, cast, case, phone_of):
    assert str(case.id) not in desk_of(cast.wu).get(LIST).text
    assert desk_of(cast.wu).get(page_of(case)).status_code == 404
    assert desk_of(cast.wu).get(f"{LIST}?region={COUNTY}").status_code == 200
    assert str(case.id) not in desk_of(cast.wu).get(f"{LIST}?region={COUNTY}").text
    wu = desk_of(cast.wu)
    said = {"action": "accept", "id": str(new_id()), "version": '"1-1-0-zh-CN"', "facts": "1"}
    assert wu.submit(f"{page_of(case)}/acts", **said).status_code == 404
    assert wu.submit(f"{page_of(case)}/claim").status_code == 404
    assert OTHER_COUNTY not in wu.get(LIST).text.replace(f'value="{OTHER_COUNTY}', "")


def test_many_are_given_out_at_once_and_of_each_is_told_what_came_of_it(desk_of, cast, phone_of):
    ready, new, quick = (Case(phone_of, cast.wang) for _ in range(3))
    ready.act(cast.feng, "accept")
    quick.act(cast.feng, "accept")
    desk = desk_of(cast.feng)
    desk.get(LIST)
    boxes = [chosen(desk, each) for each in (ready, new, quick)]
    quick.act(cast.sun, "comment", note="我来看看")
    page = desk.submit(f"{LIST}/assign", id=str(new_id()), hazard=boxes, unit="HOUSING", note="三日内清运")
    assert page.status_code == 200
    assert "已交办 1 条" in page.text
    assert "2 条没有交办" in page.text
    assert "刚被别人改过" in page.text or "请看现在的内容" in page.text
    assert "已上报，待受理" in page.text
    assert 'value="三日内清运"' in page.text
    assert page.text.count('aria-label="选中') == page.text.count(" checked>") + 1
    assert ready.seen_by(cast.feng).json["state"] == "assigned"
    desk.page = page
    again = [chosen(desk, each) for each in (new, quick)]
    page = desk.submit(f"{LIST}/assign", id=str(new_id()), hazard=again, unit="HOUSING", note="三日内清运", accepts="1")
    assert "已交办 2 条" in page.text
    assert {each.seen_by(cast.feng).json["state"] for each in (ready, new, quick)} == {"assigned"}


def test_the_same_order_sent_twice_is_kept_once(desk_of, cast, case):
    case.act(cast.feng, "accept")
    desk = desk_of(cast.feng)
    desk.get(LIST)
    order = {"id": str(new_id()), "hazard": chosen(desk, case), "unit": "HOUSING"}
    for _ in range(2):
        assert "已交办 1 条" in desk.submit(f"{LIST}/assign", **order).text
    acts = [fact["act"] for fact in case.seen_by(cast.feng).json["timeline"]]
    assert acts.count("assign") == 1


def test_an_order_without_a_unit_loses_nothing(desk_of, cast, case):
    desk = desk_of(cast.feng)
    desk.get(f"{LIST}?kind=four_illegal.dump")
    page = desk.submit(f"{LIST}/assign?kind=four_illegal.dump", hazard=chosen(desk, case), note="请清运")
    assert page.status_code == 422
    assert "请选择交给哪个单位" in page.text
    assert 'value="请清运"' in page.text
    assert " checked>" in page.text
    assert "未销号 · 乱堆" in page.text
    assert desk.submit(f"{LIST}/assign", unit="HOUSING", hazard="no-hazard x y").status_code == 422


def test_filters_are_kept_under_a_name_of_ones_own(desk_of, cast, case):
    desk = desk_of(cast.feng)
    desk.get(f"{LIST}?overdue=true")
    answer = desk.submit(f"{LIST}/filters?overdue=true", id=str(new_id()), name="逾期的 & 急的")
    assert answer.headers["Location"] == f"{LIST}?overdue=true&kept=console.did.filter_kept"
    page = desk.get(LIST).text
    assert '<a href="/console/hazards?overdue=true">逾期的 &amp; 急的</a>' in page
    assert "逾期的" not in desk_of(cast.sun).get(LIST).text
    twice = desk.submit(f"{LIST}/filters?kind=flood.piping", id=str(new_id()), name="逾期的 & 急的")
    assert twice.status_code == 422
    assert "请换个名字" in twice.text
    assert 'value="逾期的 &amp; 急的"' in twice.text
    (path,) = re.findall(r'action="(/console/hazards/filters/[^"]*/forget)"', page)
    assert desk.submit(path).status_code == 303
    assert "逾期的" not in desk.get(LIST).text


@pytest.mark.parametrize("evil", HARMFUL)
def test_what_anybody_writes_is_shown_as_text(desk_of, cast, phone_of, evil):
    case = Case(phone_of, cast.wang, description=evil)
    case.act(cast.sun, "comment", note=evil)
    desk = desk_of(cast.feng)
    desk.get(LIST)
    desk.submit(f"{LIST}/filters?overdue=true", id=str(new_id()), name=evil[:40])
    desk.get(page_of(case))
    refused = act(desk, case, "merge", into=evil, note=evil)
    bulk = desk.submit(f"{LIST}/assign", hazard=f"{new_id()} x y", unit=evil, note=evil)
    pages = [desk.get(LIST), desk.get(page_of(case)), desk.get(f"{LIST}?q={evil}"), refused, bulk]
    for page in pages:
        assert evil not in page.text
        assert "<img src=x" not in page.text
        assert "alert(1)" in page.text


def test_both_pages_speak_english_and_hold_long_names(desk_of, cast, case, session):
    long = "很长的名字" * 8
    session.execute(update(Hazard).where(Hazard.id == case.id).values(description=long * 3))
    desk = desk_of(cast.feng)
    for path in (LIST, page_of(case)):
        page = desk.get(path, headers={"Accept-Language": "en"}).text
        assert "Dumping" in page or "dump" in page.lower()
        assert not re.search(r"hazards\.[a-z_.]+[<\"]", page), re.search(r"hazards\.[a-z_.]+[<\"]", page)
        assert long in page


@pytest.mark.parametrize("who", ["feng", "zhao", "li", "wang", "qian", "yang", "shen"])
def test_no_page_asks_the_database_more_than_a_dozen_questions(desk_of, cast, case, phone_of, who):
    Case(phone_of, cast.chen)
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", unit="HOUSING")
    case.act(cast.feng, "ask_coordination", note="要三家一起拆")
    case.act(cast.feng, "transfer", post="police_chief", note="涉嫌非法采砂")
    desk = desk_of(cast.people[who])
    for path in (LIST, page_of(case)):
        with questions() as asked:
            page = desk.get(path)
        assert (page.status_code, str(case.id) in page.text) == (200, True)
        assert len(asked) <= MOST, "\n".join(asked)


def test_the_list_is_taken_as_a_file_with_its_filter_in_it_and_no_formula(desk_of, cast, phone_of, session):
    case = Case(phone_of, cast.wang, description="=HYPERLINK(1)")
    other = Case(phone_of, cast.wang, kind="flood.piping")
    desk = desk_of(cast.feng)
    assert (
        'href="/console/hazards/export.csv?kind=four_illegal.dump"' in desk.get(f"{LIST}?kind=four_illegal.dump").text
    )
    taken = desk.get(f"{LIST}/export.csv?kind=four_illegal.dump")
    told = taken.data.decode("utf-8-sig")
    assert (taken.status_code, taken.mimetype) == (200, "text/csv")
    assert str(case.id) in told
    assert str(other.id) not in told
    assert "类别,乱堆" in told
    assert ",=HYPERLINK" not in told
    (record,) = session.scalars(select(Record).where(Record.act == "export")).all()
    assert (record.thing_id, record.body["rows"]) == ("hazards", 1)
    assert desk.get(f"{LIST}/export.xlsx").data[:2] == b"PK"
    assert desk.get(f"{LIST}/export.pdf").status_code == 404
    assert str(case.id) not in desk_of(cast.wu).get(f"{LIST}/export.csv").text
