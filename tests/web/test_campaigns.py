"""Campaigns at a desk: the list, the sums with the lists behind them, the workbook, and the end of one."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest

from tests.api.campaign_cases import Search, found_on, six_segments
from tests.cast import TOWN
from tests.counting import HARMFUL, LONG, MOST, is_harmless, questions
from tests.web.test_people import hidden

CAMPAIGNS = "/console/campaigns"


@pytest.fixture
def search(session, cast, keyring, phone_of) -> Search:
    """A search of the town, of which two have answered."""
    six_segments(session, cast, keyring)
    made = Search(phone_of, cast.sun)
    assert made.answer.status_code == 201, made.answer.text
    made.reply(cast.wang, "TUHAI-371502-001", found_on(phone_of, cast.wang, "TUHAI-371502-001"))
    made.reply(cast.chen, "TUHAI-371502-002")
    return made


def path(search: Search, rest: str = "") -> str:
    return f"{CAMPAIGNS}/{search.id}{rest}"


def test_the_list_and_the_sums_each_open_what_stands_behind_them(desk_of, cast, search):
    desk = desk_of(cast.sun)
    assert path(search) in desk.get(CAMPAIGNS).text
    page = desk.get(path(search)).text
    assert "<b>2/6</b>" in page
    assert "进行中" in page
    (total,) = set(re.findall(rf'href="({path(search)}/silent)"', page))
    listed = desk.get(total).text
    assert "周村长" in listed
    assert "（空缺）" in listed
    assert "王村长" not in listed
    assert "建筑垃圾" in desk.get(path(search, "/found")).text
    assert desk.get(path(search, "/nonsense")).status_code == 404


def test_the_ledger_goes_down_region_by_region(desk_of, cast, search):
    page = desk_of(cast.sun).get(f"{path(search)}?region={TOWN}").text
    (row,) = re.findall(rf'href="({path(search)}/silent\?[^"]*region={TOWN}003[^"]*)"', page)
    assert "周村长" in desk_of(cast.sun).get(row.replace("&amp;", "&")).text
    assert "兴华村" in page
    assert "合计" in page
    assert desk_of(cast.sun).get(f"{path(search)}?region=371503").status_code == 404


def test_the_ledger_and_the_lists_behind_it_are_taken_as_files(desk_of, cast, search):
    desk = desk_of(cast.sun)
    answer = desk.get(path(search, f"/ledger.xlsx?region={TOWN}"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0]]
    assert (rows[-1][1], rows[-1][2]) == ("合计", 6)
    assert book.worksheets[0].cell(2, len(rows[0])).number_format == "0.00%"
    assert [cell.value for cell in book.worksheets[1][3]] == ["区划", "古楼街道"]
    silent = path(search, "/silent/export.csv")
    assert "请先写明用途" in desk.get(silent).text
    told = desk.submit(silent, purpose="催回复").data.decode("utf-8-sig")
    assert "周村长,123****" in told
    assert "（空缺）" in told
    assert "王村长" not in told
    assert "建筑垃圾" in desk.get(path(search, "/found/export.csv")).data.decode("utf-8-sig")
    assert search_name(desk.get(f"{CAMPAIGNS}/export.csv")) == "古楼街道"


def search_name(answer) -> str:
    """The regions of the first campaign of a file."""
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1][3]


def test_a_village_chief_sees_their_own_reaches_and_no_ledger(desk_of, cast, search):
    desk = desk_of(cast.wang)
    page = desk.get(path(search)).text
    assert "我的河段" in page
    assert "周村长" not in page
    assert desk.get(path(search, "/ledger.xlsx")).status_code == 403
    assert desk.get(path(search, "/silent")).status_code == 403


def test_another_countys_campaign_is_not_there(desk_of, cast, search):
    desk = desk_of(cast.wu)
    assert "还没有专项行动" in desk.get(CAMPAIGNS).text
    for rest in ("", "/ledger.xlsx", "/ledger.csv", "/silent", "/found/export.csv"):
        assert desk.get(path(search, rest)).status_code == 404


def test_one_is_ended_after_the_password_with_a_reason(desk_of, proven, cast, search):
    assert desk_of(cast.li).submit(path(search, "/end"), reason="x").status_code in (403, 422)
    desk = proven(cast.sun)
    version = hidden(desk.get(path(search)), "version").replace("&#34;", '"')
    refused = desk.submit(path(search, "/end"), version=version, reason=" ")
    assert (refused.status_code, "#f-reason" in refused.text) == (422, True)
    assert desk.submit(path(search, "/end"), version=version, reason="与市里合并").status_code == 303
    assert "与市里合并" in desk.get(path(search)).text
    stale = desk.submit(path(search, "/end"), version=version, reason="再来")
    assert stale.status_code == 412


@pytest.mark.parametrize("text", [*HARMFUL, LONG])
def test_names_are_text_however_long(desk_of, cast, phone_of, text):
    made = Search(phone_of, cast.sun, name=text, text=text, document=text)
    desk = desk_of(cast.sun)
    for page in (desk.get(CAMPAIGNS), desk.get(path(made)), desk.get(path(made, "/silent"))):
        assert page.status_code == 200
        assert is_harmless(page.text)


def test_the_pages_ask_few_questions_and_speak_english(desk_of, cast, search):
    desk = desk_of(cast.sun)
    told = ((CAMPAIGNS, "Running"), (path(search), "Ordered by"), (path(search, "/silent"), "Answer"))
    for address, said in told:
        with questions() as asked:
            assert desk.get(address).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert said in desk.get(address, headers={"Accept-Language": "en"}).text
