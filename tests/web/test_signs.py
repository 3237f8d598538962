"""Notice boards at a desk: the list, one beside how it should be, the form, sheets with their QR codes, the file."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.api.sign_cases import CODE, print_it, put_up
from tests.counting import HARMFUL, LONG, MOST, is_harmless, questions
from tests.web.test_people import hidden

SIGNS = "/console/segments/signs"
ONE = f"{SIGNS}/{CODE}"


@pytest.fixture
def board(phone_of, cast):
    """A board on Wang's reach of which nobody has said what is on it."""
    return put_up(phone_of(cast.sun))


def test_the_list_says_what_is_out_of_date_and_leads_to_the_board_and_its_reach(desk_of, cast, board):
    page = desk_of(cast.sun).get(SIGNS).text
    for said in (f'href="{ONE}"', "兴华桥头", "王村长", "没有登记过牌面内容", "is-late", f"{SIGNS}/new"):
        assert said in page
    assert "没有公示牌" in desk_of(cast.sun).get(f"{SIGNS}?state=taken_down").text
    assert "没有超过15天" not in desk_of(cast.sun).get(f"{SIGNS}?state=overdue").text
    assert ONE in desk_of(cast.sun).get("/console/segments/TUHAI-371502-001").text
    assert f"{SIGNS}/new" not in desk_of(cast.feng).get(SIGNS).text
    assert desk_of(cast.wang).get(SIGNS).status_code == 403


def test_a_board_is_put_up_and_changed_in_a_form_that_keeps_what_was_typed(desk_of, cast, board):
    desk = desk_of(cast.sun)
    assert 'value="TUHAI-371502-002-B1"' in desk.get(f"{SIGNS}/new?segment=TUHAI-371502-002").text
    refused = desk.submit(f"{SIGNS}/new", segment="NOWHERE", code="B2", place="老闸")
    assert (refused.status_code, "#f-segment" in refused.text, "老闸" in refused.text) == (422, True, True)
    assert "#f-code" in desk.submit(f"{SIGNS}/new", segment="TUHAI-371502-002").text
    assert desk.submit(f"{SIGNS}/new", segment="TUHAI-371502-002", code="B2", place="老闸").status_code == 303
    assert "老闸" in desk.get(f"{SIGNS}/B2").text

    version = hidden(desk.get(f"{ONE}/change"), "version").replace("&#34;", '"')
    said = {"segment": "TUHAI-371502-001", "office_phone": "0635-1", "version": version}
    assert desk.submit(f"{ONE}/change", **said, put_up_on="2030-01-01").status_code == 422
    assert desk.submit(f"{ONE}/change", **said).status_code == 303
    assert "0635-1" in desk.get(ONE).text
    assert desk.submit(f"{ONE}/change", **(said | {"office_phone": "0635-2"})).status_code == 412
    assert desk_of(cast.feng).get(f"{ONE}/change").status_code == 403


def test_sheets_carry_a_square_and_say_afterwards_that_they_hang(desk_of, cast, phone_of, board):
    desk = desk_of(cast.sun)
    page = desk.get(f"{SIGNS}/sheets?state=overdue").text
    assert page.count('class="sheet"') == 1
    assert 'src="data:image/svg+xml' in page
    assert "王村长" in page
    assert "禁止非法采砂" in page
    (sheet,) = re.findall(r'name="sheets" value="([^"]+)"', page)
    assert (
        desk.submit(f"{SIGNS}/printed", sheets=sheet, on="2025-05-20").headers["Location"]
        == f"{ONE}?kept=console.did.sheets"
    )
    assert "2025-05-20" in desk.get(ONE).text
    assert "没有公示牌" in desk.get(f"{SIGNS}/sheets?state=overdue").text
    stale = desk.submit(f"{SIGNS}/printed", sheets=f"{CODE} {'0' * 32}")
    assert (stale.status_code, "重新打印" in stale.text) == (409, True)
    assert desk.get(f"{ONE}/sheet").text.count('class="sheet"') == 1


def test_the_list_is_taken_as_a_file_with_its_filter(desk_of, cast, phone_of, board):
    print_it(phone_of(cast.sun), on="2025-05-20")
    assert "没有超过15天" in desk_of(cast.sun).get(f"{SIGNS}?state=overdue").text
    told = desk_of(cast.sun).get(f"{SIGNS}/export.csv?region=371502&state=standing").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told)))
    assert rows[1][:6] == [CODE, "徒骇河兴华村段", "徒骇河", "兴华村", "兴华桥头", "王村长"]
    assert rows[1][8:11] == ["2025-05-20", "王村长", ""]
    assert ["区划", "东昌府区"] in rows
    assert ["状态", "在用"] in rows
    assert desk_of(cast.sun).get(f"{SIGNS}/export.xlsx").status_code == 200


@pytest.mark.parametrize("text", [*HARMFUL, LONG])
def test_what_was_typed_is_text_everywhere(desk_of, cast, phone_of, text):
    made = put_up(phone_of(cast.sun), place=text, goals=text, forbidden=text, office_phone=text[:40])
    desk = desk_of(cast.sun)
    for path in (SIGNS, ONE, f"{ONE}/change", f"{ONE}/sheet", made["page"]):
        page = desk.get(path)
        assert page.status_code == 200
        assert is_harmless(page.text)


def test_the_pages_ask_few_questions_and_speak_english(desk_of, cast, board):
    desk = desk_of(cast.sun)
    told = ((SIGNS, "Nobody has said"), (ONE, "As it should be today"), (f"{SIGNS}/sheets", "River chief notice board"))
    for address, said in told:
        with questions() as asked:
            assert desk.get(address).status_code == 200
        assert len(asked) <= MOST, "\n".join(asked)
        assert said in desk.get(address, headers={"Accept-Language": "en"}).text
