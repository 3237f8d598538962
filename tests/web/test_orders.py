"""Orders at a desk: one tap after a storm, the form with a look before it goes out, the board, words and changes."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest

from backend.web.dated import Due, dues_of
from tests.api.order_cases import Given
from tests.cast import TOWN

ORDERS = "/console/orders"


@pytest.fixture
def given(phone_of, cast) -> Given:
    """An order to two village chiefs, of whom one has signed."""
    made = Given(phone_of, cast.li, wanted="sign")
    made.say(cast.chen, "sign")
    return made


def test_one_tap_sends_every_village_chief_out(desk_of, cast):
    desk = desk_of(cast.li)
    page = desk.get(ORDERS).text
    (order_id,) = re.findall(r'name="id" value="([^"]+)"', page)
    told = desk.submit(f"{ORDERS}/after-storm", id=order_id)
    assert (told.status_code, told.headers["Location"]) == (303, f"{ORDERS}/{order_id}?kept=console.did.order")
    page = desk.get(f"{ORDERS}/{order_id}").text
    assert "<b>0/2</b>" in page
    assert "王村长" in page
    assert "暴雨后全线巡查" in desk.get(ORDERS).text


def test_the_form_shows_whom_it_reaches_before_it_goes_out(desk_of, cast):
    desk = desk_of(cast.li)
    page = desk.get(f"{ORDERS}/new?storm=1").text
    (order_id,) = re.findall(r'name="id" value="([^"]+)"', page)
    said = {"id": order_id, "kind": "patrol", "wanted": "patrol", "title": "雨后巡查", "text": "走一遍"}
    said |= {"posts": "village_chief", "regions": TOWN, "due_at": "2025-07-02T18:00"}
    assert desk.submit(f"{ORDERS}/new", **(said | {"posts": "town_chief"}), step="look").status_code == 422
    look = desk.submit(f"{ORDERS}/new", **said, step="look")
    assert look.status_code == 200, look.text
    assert "人会收到" in look.text
    assert desk.submit(f"{ORDERS}/new", **said, step="edit").status_code == 200
    assert (
        desk.submit(f"{ORDERS}/new", **said, step="give").headers["Location"]
        == f"{ORDERS}/{order_id}?kept=console.did.order"
    )
    late = desk.submit(f"{ORDERS}/new", **(said | {"due_at": "2025-07-01T18:00"}), step="look")
    assert late.status_code == 422
    assert "办理期限已经过了" in late.text


def test_work_points_are_written_with_a_milestone_a_line(desk_of, cast):
    desk = desk_of(cast.li)
    (order_id,) = re.findall(r'name="id" value="([^"]+)"', desk.get(f"{ORDERS}/new").text)
    said = {"id": order_id, "kind": "work_points", "wanted": "sign", "title": "全年工作要点", "posts": "village_chief"}
    said |= {"regions": TOWN, "due_at": "2025-12-31T18:00", "milestones": "2025-09-30 秋季清河\n没有日期"}
    wrong = desk.submit(f"{ORDERS}/new", **said, step="look")
    assert (wrong.status_code, 'href="#f-milestones"' in wrong.text, "没有日期" in wrong.text) == (422, True, True)
    past = desk.submit(
        f"{ORDERS}/new", **(said | {"milestones": "2025-09-30 秋季清河\n\n2025-06-01 早了"}), step="look"
    )
    assert re.findall(r'href="#f-milestones">第 3 行：', past.text), past.text
    said["milestones"] = "2025-09-30 秋季清河\n2025年８月10日 汛中巡查"
    assert "2025年８月10日 汛中巡查" in desk.submit(f"{ORDERS}/new", **said, step="look").text
    desk.submit(f"{ORDERS}/new", **said, step="give")
    page = desk.get(f"{ORDERS}/{order_id}").text
    assert page.index("汛中巡查") < page.index("秋季清河")
    (milestone,) = re.findall(rf'href="({ORDERS}/[0-9a-f-]+)">汛中巡查', page)
    assert f'href="{ORDERS}/{order_id}"' in desk.get(milestone).text


@pytest.mark.parametrize(
    "line",
    [
        *("2026-03-31 清河", "2026/3/31 清河", "2026.3.31：清河", "2026年3月31日清河", "2026年03月31日前，清河"),
        *("２０２６年３月３１日　清河", "２０２６－３－３１ 清河", "2026 年 3 月 31 号 清河"),
    ],
)
def test_a_day_at_the_head_of_a_line_is_read_as_it_is_written(line):
    assert dues_of(f"\n {line}\n", "milestones") == [Due(date(2026, 3, 31), "清河")]


def test_each_line_that_does_not_begin_with_a_day_is_told_once_by_its_number(desk_of, cast):
    said = {"kind": "work_points", "wanted": "sign", "title": "全年工作要点", "posts": "village_chief", "regions": TOWN}
    said |= {
        "due_at": "2025-12-31T18:00",
        "milestones": "2025/9/30 清河\n三月底 清障\n\n2025年2月30日 巡查\n2025-09-311 巡查",
    }
    desk = desk_of(cast.li)
    desk.get(f"{ORDERS}/new")
    wrong = desk.submit(f"{ORDERS}/new", **said, step="give")
    told = re.findall(r'href="#f-milestones">([^<]+)<', wrong.text)
    assert told == [f"第 {line} 行：先写期限，例如 2026-03-31。" for line in (2, 4, 5)]


def test_the_board_opens_to_the_people_behind_each_number(desk_of, cast, given):
    desk = desk_of(cast.sun)
    page = desk.get(f"{ORDERS}/{given.id}").text
    assert "<b>1/2</b>" in page
    assert f"{ORDERS}/{given.id}/people?status=open" in page
    silent = desk.get(f"{ORDERS}/{given.id}/people?status=open").text
    assert "王村长" in silent
    assert "陈村长" not in silent
    assert "王村长" not in desk.get(f"{ORDERS}/{given.id}/people?region={TOWN}&alone=true").text
    assert desk_of(cast.wu).get(f"{ORDERS}/{given.id}").status_code == 404


def test_lists_are_taken_as_files(desk_of, cast, given):
    desk = desk_of(cast.sun)
    file = desk.get(f"{ORDERS}/export.xlsx")
    assert file.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(file.data))
    assert "暴雨后巡查" in str([row for sheet in book.worksheets for row in sheet.values])
    desk.get(f"{ORDERS}/{given.id}/people/export.csv")
    taken = desk.submit(f"{ORDERS}/{given.id}/people/export.csv", purpose="催办")
    assert "陈村长" in taken.get_data(as_text=True)


def test_whoever_got_it_signs_at_the_desk(desk_of, cast, given):
    desk = desk_of(cast.wang)
    assert "发给我的" in desk.get(f"{ORDERS}/{given.id}").text
    assert desk.submit(f"{ORDERS}/{given.id}/say", said="sign").status_code == 303
    assert given.total()["signed"] == 2


def test_it_is_put_right_and_withdrawn_with_a_reason(desk_of, cast, given):
    desk = desk_of(cast.li)
    page = desk.get(f"{ORDERS}/{given.id}").text
    (version,) = set(re.findall(r'name="version" value="([^"]+)"', page))
    version = version.replace("&#34;", '"')
    said = {"version": version, "title": "雨后再巡", "text": "把责任河段走一遍。", "due_at": "2025-07-02T20:00"}
    assert desk.submit(f"{ORDERS}/{given.id}/correct", reason="雨没停", **said).status_code == 303
    page = desk.get(f"{ORDERS}/{given.id}").text
    assert "雨没停" in page
    (version,) = set(re.findall(r'name="version" value="([^"]+)"', page))
    assert desk.submit(f"{ORDERS}/{given.id}/withdraw", reason="", version=version).status_code == 422
    done = desk.submit(f"{ORDERS}/{given.id}/withdraw", reason="发错了", version=version.replace("&#34;", '"'))
    assert done.status_code == 303
    assert "已撤回" in desk.get(f"{ORDERS}/{given.id}").text
